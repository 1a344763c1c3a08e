/* SPDX-License-Identifier: Apache-2.0 */
#include "files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEPTH_MOST = 4 };

static int is_wanted(const struct dirent *entry)
{
    static const char *const others[] = { ".yaml", ".md", ".tsv", ".json", ".txt" };
    const char *end = strrchr(entry->d_name, '.');
    if (entry->d_name[0] == '.')
        return 0;
    for (size_t i = 0; end && i < sizeof others / sizeof *others; i++)
        if (strcmp(end, others[i]) == 0)
            return 0;
    return strcmp(entry->d_name, "truth") != 0;
}

static bool keep(struct files *files, const char *path)
{
    if (files->count == files->capacity) {
        size_t capacity = files->capacity ? files->capacity * 2 : 64;
        char **paths = realloc(files->paths, capacity * sizeof *paths);
        if (!paths)
            return false;
        files->paths = paths;
        files->capacity = capacity;
    }
    files->paths[files->count] = strdup(path);
    return files->paths[files->count++] != NULL;
}

static bool add(struct files *files, const char *folder, unsigned depth);

static bool add_entry(struct files *files, const char *path, unsigned depth)
{
    struct stat is;
    if (stat(path, &is) != 0)
        return true;
    if (S_ISDIR(is.st_mode))
        return depth >= DEPTH_MOST || add(files, path, depth + 1);
    return !S_ISREG(is.st_mode) || keep(files, path);
}

static bool add(struct files *files, const char *folder, unsigned depth)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_wanted, alphasort);
    bool done = true;
    for (int i = 0; i < count; i++) {
        char path[4096];
        int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (length > 0 && (size_t)length < sizeof path)
            done = add_entry(files, path, depth) && done;
        free(entries[i]);
    }
    free(entries);
    return done;
}

bool files_add(struct files *files, const char *folder)
{
    return add(files, folder, 0);
}

void files_free(struct files *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->paths[i]);
    free(files->paths);
}

uint8_t *files_read(const char *path, size_t *length)
{
    struct stat is;
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = file && fstat(fileno(file), &is) == 0 ? malloc(is.st_size ? (size_t)is.st_size : 1) : NULL;
    if (bytes)
        *length = fread(bytes, 1, (size_t)is.st_size, file);
    if (file)
        fclose(file);
    return bytes;
}

bool files_write(const char *path, const uint8_t *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    bool done = file && fwrite(bytes, 1, length, file) == length;
    return file && fclose(file) == 0 && done;
}
