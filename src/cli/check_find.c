/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_find.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/check_names.h"

enum { DEPTH_MAX = 32 };

static enum status no_memory(struct error *error)
{
    return error_set(error, STATUS_NO_MEMORY, "More than %d cases were found, or memory ran out; check fewer folders "
                     "at a time.", CLI_CHECK_CASES_MAX);
}

static bool is_regular(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* Not alphasort(): it follows the locale, and the order must not. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Where the expectation of a capture lies, or would be created. */
static const char *expectation_of(struct arena *arena, const char *capture, bool *is_there)
{
    const char *file = cli_check_case_file(capture);
    size_t length = cli_check_names_stem(file);
    const char *yaml = cli_check_case_beside(arena, capture, file, length, ".expect.yaml");
    const char *yml = cli_check_case_beside(arena, capture, file, length, ".expect.yml");
    *is_there = true;
    if (is_regular(yaml))
        return yaml;
    if (is_regular(yml))
        return yml;
    *is_there = false;
    return yaml;
}

static enum status add_capture(struct cli_check_list *list, const char *path, struct error *error)
{
    bool is_there;
    const char *expectation = expectation_of(list->arena, path, &is_there);
    struct cli_check_case *c = cli_check_case_add(list, path, expectation);
    if (!c)
        return no_memory(error);
    if (!c->capture)
        c->capture = arena_copy(list->arena, path);
    c->has_expectation = is_there;
    return STATUS_OK;
}

static enum status add_expectation(struct cli_check_list *list, const char *path, struct error *error)
{
    struct cli_check_case *c = cli_check_case_add(list, path, path);
    if (!c)
        return no_memory(error);
    c->has_expectation = true;
    return STATUS_OK;
}

static enum status add_found(struct cli_check_list *list, const char *path, struct error *error)
{
    size_t length;
    bool is_there;
    const char *file = cli_check_case_file(path);
    if (cli_check_names_is_expectation(file, &length))
        return add_expectation(list, path, error);
    if (!cli_check_names_is_capture(file))
        return STATUS_OK;
    expectation_of(list->arena, path, &is_there);
    return is_there || cli_check_case_add_orphan(list, path) ? STATUS_OK : no_memory(error);
}

static enum status add_folder(struct cli_check_list *list, const char *path, unsigned depth, struct error *error)
{
    struct dirent **entries = NULL;
    enum status status = STATUS_OK;
    if (depth > DEPTH_MAX)
        return error_set(error, STATUS_BAD_INPUT, "%.300s: folders are nested more than %d deep.", path, DEPTH_MAX);
    int count = scandir(path, &entries, is_visible, by_name);
    if (count < 0)
        return error_set(error, STATUS_IO, "%.300s: the folder cannot be read (%s).", path, strerror(errno));
    for (int i = 0; i < count; i++) {
        const char *slash = path[strlen(path) - 1] == '/' ? "" : "/";
        const char *found = arena_format(list->arena, "%s%s%s", path, slash, entries[i]->d_name);
        struct stat st;
        if (status == STATUS_OK && lstat(found, &st) == 0 && S_ISDIR(st.st_mode))
            status = add_folder(list, found, depth + 1, error);
        else if (status == STATUS_OK && is_regular(found))
            status = add_found(list, found, error);
        free(entries[i]);
    }
    free(entries);
    return status;
}

enum status cli_check_find(struct cli_check_list *list, const char *path, struct error *error)
{
    struct stat st;
    size_t length, before = list->met;
    if (stat(path, &st) != 0)
        return error_set(error, STATUS_IO, "%.300s: %s.", path,
                         errno == ENOENT ? "there is no such capture, expectation or folder" : strerror(errno));
    if (S_ISREG(st.st_mode))
        return (cli_check_names_is_expectation(cli_check_case_file(path), &length) ? add_expectation : add_capture)(
            list, path, error);
    if (!S_ISDIR(st.st_mode))
        return error_set(error, STATUS_BAD_INPUT, "%.300s: neither a file nor a folder.", path);
    enum status status = add_folder(list, path, 1, error);
    if (status == STATUS_OK && list->met == before)
        return error_set(error, STATUS_BAD_INPUT, "%.300s: no NAME.expect.yaml was found in this folder; "
                         "`wspscope check --bless CAPTURE` writes the first.", path);
    return status;
}

const char *cli_check_find_capture(struct arena *arena, const char *expectation, struct error *error)
{
    const char *file = cli_check_case_file(expectation), *found = NULL;
    const char *directory = file == expectation ? "." : cli_check_case_beside(arena, expectation, "", 0, "");
    size_t length, several = 0;
    DIR *folder = opendir(directory);
    cli_check_names_is_expectation(file, &length);
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        size_t stem = cli_check_names_stem(entry->d_name), all = strlen(entry->d_name);
        if (stem != length || stem == all || strncmp(entry->d_name, file, length) != 0)
            continue;
        const char *path = cli_check_case_beside(arena, expectation, entry->d_name, all, "");
        if (!is_regular(path))
            continue;
        several++;
        found = path;
    }
    if (folder)
        closedir(folder);
    if (several == 1)
        return found;
    if (several > 1)
        (void)error_set(error, STATUS_BAD_INPUT, "%.200s: %zu captures beside it have this name; say which with "
                        "`capture: FILE`.", expectation, several);
    else
        (void)error_set(error, STATUS_BAD_INPUT, "%.200s: no capture of this name lies beside it; name one with "
                        "`capture: FILE`.", expectation);
    return NULL;
}
