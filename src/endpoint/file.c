/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/file.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TABLE_LIMIT_BYTES = 16 * 1024 * 1024, READ_BYTES = 256 * 1024 };

static enum status join(const char *directory, const char *name, char path[PATH_MAX], struct error *error)
{
    int length = snprintf(path, PATH_MAX, "%s/%s", directory, name);
    if (length >= 0 && length < PATH_MAX)
        return STATUS_OK;
    return error_set(error, STATUS_BAD_USAGE, "The name of the directory is too long; give a shorter one.");
}

enum status endpoint_file_check_directory(const char *directory, struct error *error)
{
    struct stat info;
    if (stat(directory, &info) != 0)
        return error_set(error, STATUS_BAD_USAGE, "The endpoint directory %s cannot be opened: %s.", directory,
                         strerror(errno));
    for (int table = 0; table < ENDPOINT_TABLES; table++) {
        char path[PATH_MAX];
        enum status status = join(directory, endpoint_tables_builtin((enum endpoint_table)table).file, path, error);
        if (status != STATUS_OK)
            return status;
        if (access(path, F_OK) == 0)
            return STATUS_OK;
    }
    return error_set(error, STATUS_BAD_USAGE,
                     "%s holds none of the endpoint tables (addresses.tsv, names.tsv and so on); give the directory "
                     "that `wspscope endpoints import` wrote.", directory);
}

/* Reads to the end of `file` or to one byte beyond the limit. */
static char *read_all(FILE *file, size_t limit_bytes, size_t *length)
{
    char *bytes = NULL;
    size_t used = 0, capacity = 0;
    for (;;) {
        if (capacity - used < READ_BYTES) {
            capacity = capacity * 2 + READ_BYTES + 1;
            char *grown = realloc(bytes, capacity + 1);
            if (!grown) {
                free(bytes);
                return NULL;
            }
            bytes = grown;
        }
        size_t got = fread(bytes + used, 1, READ_BYTES, file);
        used += got;
        if (got == 0 || used > limit_bytes)
            break;
    }
    bytes[used] = '\0';
    *length = used;
    return bytes;
}

enum status endpoint_file_read(const char *path, size_t limit_bytes, char **bytes, size_t *length,
                               struct error *error)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return error_set(error, STATUS_IO, "%s cannot be opened: %s.", path, strerror(errno));
    errno = 0;
    char *text = read_all(file, limit_bytes, length);
    int problem = ferror(file) ? errno : 0;
    fclose(file);
    if (text && problem == 0 && *length <= limit_bytes) {
        *bytes = text;
        return STATUS_OK;
    }
    if (!text)
        return error_set(error, STATUS_NO_MEMORY, "There is not enough memory to read %s.", path);
    free(text);
    if (problem != 0)
        return error_set(error, STATUS_IO, "%s cannot be read: %s.", path, strerror(problem));
    return error_set(error, STATUS_BAD_INPUT, "%s is larger than %zu MiB, which is the limit for such a file.", path,
                     limit_bytes >> 20);
}

enum status endpoint_file_read_table(struct arena *arena, const char *directory, struct endpoint_tables_text *text,
                                     struct error *error)
{
    char path[PATH_MAX], *bytes = NULL;
    size_t length = 0;
    enum status status = join(directory, text->file, path, error);
    if (status != STATUS_OK)
        return status;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return STATUS_OK;
    status = endpoint_file_read(path, TABLE_LIMIT_BYTES, &bytes, &length, error);
    if (status != STATUS_OK)
        return status;
    char *copy = arena_alloc(arena, length + 1, 1);
    if (copy) {
        memcpy(copy, bytes, length);
        *text = (struct endpoint_tables_text){ arena_copy(arena, path), copy, length };
    }
    free(bytes);
    return copy ? STATUS_OK : error_set(error, STATUS_NO_MEMORY, "There is not enough memory to read %s.", path);
}

static bool put(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wbe");
    if (!file)
        return false;
    bool written = fwrite(bytes, 1, length, file) == length;
    return fclose(file) == 0 && written;
}

enum status endpoint_file_write(const char *directory, const char *name, const char *bytes, size_t length,
                                struct error *error)
{
    char path[PATH_MAX], new_path[PATH_MAX];
    enum status status = join(directory, name, path, error);
    if (status != STATUS_OK)
        return status;
    int room = snprintf(new_path, sizeof new_path, "%s.new", path);
    if (room < 0 || (size_t)room >= sizeof new_path)
        return error_set(error, STATUS_BAD_USAGE, "The name of the directory is too long; give a shorter one.");
    if (put(new_path, bytes, length) && rename(new_path, path) == 0)
        return STATUS_OK;
    int problem = errno;
    unlink(new_path);
    return error_set(error, STATUS_IO, "%s cannot be written: %s.", path, strerror(problem));
}

enum status endpoint_file_make_directory(const char *directory, struct error *error)
{
    struct stat info;
    if (mkdir(directory, 0777) == 0 || (errno == EEXIST && stat(directory, &info) == 0 && S_ISDIR(info.st_mode)))
        return STATUS_OK;
    return error_set(error, STATUS_IO, "The directory %s cannot be made: %s.", directory,
                     errno == EEXIST ? "a file of that name is in the way" : strerror(errno));
}
