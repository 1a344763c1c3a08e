/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

struct evidence_row {
    const char *name;
    struct wspscope_evidence rows[12];
    size_t count;
    const char *expected;
};

static void evidence_is_compressed(void **state)
{
    (void)state;
    static const struct evidence_row rows[] = {
        { "a run", { { 1, "SYN 1, no answer" }, { 2, "SYN 2, no answer" } }, 2,
          "frames 1-2: SYN 1 to 2, no answer\n" },
        { "same words", { { 1, "RST" }, { 5, "RST" }, { 6, "RST" } }, 3, "frames 1, 5-6: RST\n" },
        { "no numbers", { { 1, "SYN of a" }, { 2, "SYN of b" } }, 2,
          "frame 1: SYN of a\n                 frame 2: SYN of b\n" },
        { "addresses are no numbers", { { 1, "to 10.0.0.1" }, { 2, "to 10.0.0.2" } }, 2,
          "frame 1: to 10.0.0.1\n                 frame 2: to 10.0.0.2\n" },
        { "numbers that fall", { { 1, "port 900" }, { 2, "port 80" } }, 2,
          "frame 1: port 900\n                 frame 2: port 80\n" },
        { "numbers that grow a digit", { { 1, "after 9.5 s" }, { 3, "after 10.25 s" }, { 5, "after 10.3 s" } }, 3,
          "frames 1, 3, 5: after 9.5 to 10.3 s\n" },
        { "many ranges", { { 1, "X" }, { 3, "X" }, { 5, "X" }, { 7, "X" }, { 9, "X" } }, 5,
          "5 frames, 1 to 9: X\n" },
        { "longer", { { 1, "a" }, { 2, "a b" } }, 2, "frame 1: a\n                 frame 2: a b\n" },
        { "hostile", { { 1, "\033 1" }, { 2, "\033 2" } }, 2, "frames 1-2: \\x1B 1 to 2\n" },
        { "too many",
          { { 1, "a" }, { 2, "b" }, { 3, "c" }, { 4, "d" }, { 5, "e" }, { 6, "f" }, { 7, "g" }, { 8, "h" } },
          8,
          "frame 6: f\n                 2 further rows of evidence (-v shows them)\n" },
    };
    static const struct wspscope_render_options options = { .verbosity = 0 };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wspscope_report report = fixture_blocked();
        struct wspscope_finding finding = report.findings[0];
        finding.measured.child_count = 0;
        finding.limit_count = 0;
        finding.evidence = rows[i].rows;
        finding.evidence_count = rows[i].count;
        report.findings = &finding;
        char *text = fixture_text("text", &options, &report);
        assert_non_null(text);
        if (!strstr(text, rows[i].expected))
            fail_msg("%s: expected\n%s\ngot\n%s", rows[i].name, rows[i].expected, text);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(evidence_is_compressed) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
