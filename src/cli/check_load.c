/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/check_find.h"
#include "wspscope/analysis.h"

enum { WORDS_MAX = 64 };

/* Reads a whole file that is no larger than an expectation may be, and one byte more of a larger one. */
static enum status read_file(const char *path, struct text *out, struct error *error)
{
    char bytes[64 * 1024];
    ssize_t length = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && out->length <= EXPECT_FILE_LIMIT_BYTES && (length = read(fd, bytes, sizeof bytes)) != 0) {
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            break;
        text_add_bytes(out, bytes, (size_t)length);
    }
    int error_number = errno;
    if (fd >= 0)
        close(fd);
    if (fd < 0 || length < 0)
        return error_set(error, STATUS_IO, "%.300s: the expectation cannot be read (%s).", path,
                         strerror(error_number));
    return text_failed(out) ? error_set(error, STATUS_NO_MEMORY, "%.300s: not enough memory.", path) : STATUS_OK;
}

static enum status read_expectation(struct cli_check_case *c, const char *const *kinds, struct error *error)
{
    struct text bytes;
    text_init(&bytes, 2 * EXPECT_FILE_LIMIT_BYTES);
    enum status status = read_file(c->expectation, &bytes, error);
    if (status == STATUS_OK) {
        struct expect_source source = { .name = c->expectation, .bytes = bytes.bytes, .length = bytes.length,
                                        .kinds = kinds };
        status = expect_load(&source, &c->expect, error);
    }
    text_free(&bytes);
    return status;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat first, second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/* `capture:` is a path from the folder of the expectation. */
static enum status find_capture(struct arena *arena, struct cli_check_case *c, struct error *error)
{
    const char *named = expect_capture(c->expect), *path;
    struct stat st;
    if (!named && c->capture)
        return STATUS_OK;
    if (!named)
        path = cli_check_find_capture(arena, c->expectation, error);
    else if (named[0] == '/')
        path = named;
    else
        path = cli_check_case_beside(arena, c->expectation, named, strlen(named), "");
    if (!path)
        return STATUS_BAD_INPUT;
    if (stat(path, &st) != 0)
        return error_set(error, STATUS_IO, "%.200s: its capture %.200s: %s.", c->expectation, path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return error_set(error, STATUS_BAD_INPUT, "%.200s: its capture %.200s is no file.", c->expectation, path);
    if (c->capture && !is_same_file(c->capture, path))
        return error_set(error, STATUS_BAD_INPUT, "%.200s: `capture:` names %.200s and not this capture.",
                         c->expectation, path);
    c->capture = c->capture ? c->capture : arena_copy(arena, path);
    return STATUS_OK;
}

void cli_check_load(struct cli_check_list *list, struct cli_check_case *c, const char *const *kinds)
{
    struct error error = { "" };
    enum status status = read_expectation(c, kinds, &error);
    if (status == STATUS_OK)
        status = find_capture(list->arena, c, &error);
    if (status != STATUS_OK)
        cli_check_case_error(c, error.text);
}

const char *const *cli_check_load_kinds(struct arena *arena)
{
    const struct wspscope_kind *const *kinds = wspscope_kinds();
    size_t count = 0;
    while (kinds[count])
        count++;
    const char **names = arena_alloc(arena, count + 1, sizeof *names);
    for (size_t i = 0; names && i < count; i++)
        names[i] = kinds[i]->kind;
    return names;
}

/* Options that change what is found; those that write files or choose an output are not for an expectation. */
static bool is_allowed(const char *word)
{
    static const char *const names[] = { "--filter", "--region", "--port", "--proxy-port", "--threshold",
                                         "--max-flows", "--max-memory" };
    size_t length = strcspn(word, "=");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && memcmp(names[i], word, length) == 0)
            return true;
    return word[0] != '-';
}

enum status cli_check_load_options(const struct cli_check_case *c, const struct cli_options *given,
                                   struct cli_options *out, struct error *error)
{
    char *words[WORDS_MAX + 2] = { NULL };
    size_t count;
    struct error reason = { "a word belongs to no option." };
    const char *const *asked = expect_options(c->expect, &count);
    if (count > WORDS_MAX)
        return expect_options_error(c->expect, WORDS_MAX, "more words than `options:` may have.", error);
    for (size_t i = 0; i < count; i++) {
        if (!is_allowed(asked[i]))
            return expect_options_error(c->expect, i, "an expectation may have the options --filter, --region, --port, "
                                        "--proxy-port, --threshold, --max-flows and --max-memory.", error);
        words[i + 1] = (char *)(uintptr_t)asked[i]; /* the parser moves pointers about and writes no characters */
    }
    if (cli_options_parse(out, (int)count + 1, words, &reason) != STATUS_OK || out->input_count > 0)
        return expect_options_error(c->expect, count, reason.text, error);
    out->analysis.endpoints_directory = given->analysis.endpoints_directory;
    out->analysis.hash_key = given->analysis.hash_key;
    return STATUS_OK;
}

bool cli_check_load_same_options(const struct cli_check_case *a, const struct cli_check_case *b)
{
    size_t count = 0, other = 0;
    const char *const *words = a->expect ? expect_options(a->expect, &count) : NULL;
    const char *const *others = b->expect ? expect_options(b->expect, &other) : NULL;
    if (count != other)
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], others[i]) != 0)
            return false;
    return true;
}
