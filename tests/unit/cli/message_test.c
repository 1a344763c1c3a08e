/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/message.h"

static const char *const words[] = { "format", "filter", "flows", "fail-on", "port", "quiet", "q", NULL };

static const struct {
    const char *word, *nearest;
} nearest_rows[] = {
    { "formt", "format" },  { "fromat", "format" }, { "formats", "format" }, { "filtre", "filter" },
    { "flow", "flows" },    { "failon", "fail-on" }, { "prot", "port" },     { "quit", "quiet" },
    { "x", NULL },          { "json", NULL },        { "", NULL },           { "frmta", "format" },
    { "thisisfarlongerthananyofthewordsthatareknown", NULL },
};

static void a_typo_finds_the_word_that_was_meant(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof nearest_rows / sizeof *nearest_rows; i++) {
        const char *nearest = cli_message_nearest(nearest_rows[i].word, words);
        const char *expected = nearest_rows[i].nearest;
        if (expected ? !nearest || strcmp(nearest, expected) != 0 : nearest != NULL)
            fail_msg("\"%s\": %s", nearest_rows[i].word, nearest ? nearest : "nothing");
    }
}

static void a_message_is_one_harmless_line(void **state)
{
    int ends[2], stderr_copy = dup(STDERR_FILENO);
    char line[256] = "";
    (void)state;
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    errno = ENOENT;
    cli_message("%s cannot be read", "a\x1B[2J\n.pcap");
    int kept = errno;
    dup2(stderr_copy, STDERR_FILENO);
    close(stderr_copy);
    close(ends[1]);
    ssize_t length = read(ends[0], line, sizeof line - 1);
    close(ends[0]);

    assert_true(length > 0);
    assert_string_equal(line, "wspscope: a\\x1B[2J\\x0A.pcap cannot be read\n");
    assert_int_equal(kept, ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_typo_finds_the_word_that_was_meant),
        cmocka_unit_test(a_message_is_one_harmless_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
