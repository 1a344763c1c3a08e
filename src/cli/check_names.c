/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_names.h"

#include <string.h>
#include <strings.h>

static const char *const expectations[] = { ".expect.yaml", ".expect.yml", NULL };
static const char *const compressions[] = { ".gz",  ".zst", ".lz4", ".xz", ".bz2", ".zip", ".tar",
                                            ".tgz", ".txz", ".tbz", ".7z", NULL };
static const char *const captures[] = { ".pcap", ".pcapng", ".cap", ".dmp", ".ntar", ".erf", ".snoop", NULL };

/* The length without one of the endings, or `length` when none is there. A name is never empty. */
static size_t without(const char *file, size_t length, const char *const *endings)
{
    for (; *endings; endings++) {
        size_t ending = strlen(*endings);
        if (length > ending && strncasecmp(file + length - ending, *endings, ending) == 0)
            return length - ending;
    }
    return length;
}

bool cli_check_names_is_expectation(const char *file, size_t *length)
{
    size_t all = strlen(file);
    *length = without(file, all, expectations);
    return *length < all;
}

/* As in "a.pcap.tar.gz". */
static size_t without_compressions(const char *file)
{
    size_t length = strlen(file), before;
    do {
        before = length;
        length = without(file, length, compressions);
    } while (length < before);
    return length;
}

size_t cli_check_names_stem(const char *file)
{
    return without(file, without_compressions(file), captures);
}

bool cli_check_names_is_capture(const char *file)
{
    size_t length = without_compressions(file);
    return without(file, length, captures) < length;
}
