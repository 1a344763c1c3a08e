/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <stdlib.h>

static const struct {
    const char *row, *yaml, *error;
} bad[] = {
    { "empty", "", ":1:1: the file is empty" },
    { "only a comment", "# nothing\n", ":1:1: the file is empty" },
    { "a list", "- a\n", ":1:1: an expectation is written" },
    { "expects nothing", "capture: a.pcap\n", ":1:1: the file expects nothing" },
    { "findings null", "findings:\nonly: false\n", ":1:1: the file expects nothing" },
    { "unknown key", "verdict: ok\nverdicts: ok\n", ":2:1: unknown key `verdicts`" },
    { "unknown key of a finding", "findings:\n  - kind: udp-blocked\n    prot: udp\n", ":3:5: unknown key `prot`" },
    { "unknown key after text of several bytes", "findings:\n  - {kind: udp-blocked, role: \"é\", x: 1}\n",
      ":2:36: unknown key `x`" },
    { "unknown key of a limit", "ledger: [{kind: capture-one-way, port: 3}]\n", ":1:34: unknown key `port`" },
    { "unknown key of a session", "sessions:\n- klient: 10.0.0.1\n", ":2:3: unknown key `klient`" },
    { "unknown key of a verdict", "verdict: {status: ok, why: x}\n", ":1:23: unknown key `why`" },
    { "duplicate key", "verdict: ok\nonly: true\nverdict: ok\n", ":3:1: the key `verdict` is there twice" },
    { "duplicate key inside", "findings: [{kind: udp-blocked, port: 1, port: 2}]\n", ":1:41: the key `port`" },
    { "duplicate name in measured", "findings: [{kind: udp-blocked, measured: {a: 1, a: 2}}]\n", ":1:49: the key" },
    { "verdict word", "verdict: fine\n", ":1:10: `fine` is no `status`" },
    { "severity word", "findings: [{kind: udp-blocked, severity: bad}]\n", ":1:42: `bad` is no `severity`" },
    { "kind missing", "findings:\n  - port: 4195\n", ":2:5: a finding needs its `kind`" },
    { "kind null", "findings: [{kind: null}]\n", ":1:12: a finding needs its `kind`" },
    { "kind unknown", "absent: [udp-bloked]\n", ":1:10: no kind is called `udp-bloked`; did you mean udp-blocked?" },
    { "finding of a later version", "findings: [zero-window]\n", ":1:12: no kind is called `zero-window`; `wspscope" },
    { "primary with a typo", "verdict: {primary: tcp-syn-rezet}\n", ":1:20: no kind is called" },
    { "kind is a list", "findings:\n  - kind: [a]\n", ":2:11: `kind` wants a single value" },
    { "port is a word", "findings:\n  - kind: udp-blocked\n    port: x\n", ":3:11: a number is wanted" },
    { "count has another key", "findings: [{kind: udp-blocked, count: {mim: 1}}]\n", ":1:39: a number is wanted" },
    { "min over max", "findings: [{kind: udp-blocked, count: {min: 3, max: 1}}]\n", ":1:53: `max` is less" },
    { "within alone", "findings: [{kind: udp-blocked, count: {within: 1}}]\n", ":1:39: `within` needs a `value`" },
    { "within a word", "findings: [{kind: udp-blocked, count: {value: 3, within: x}}]\n", ":1:58: `within` must be" },
    { "within in measured", "findings: [{kind: udp-blocked, measured: {a: {value: 3, within: x}}}]\n",
      ":1:65: `within` must be" },
    { "value with min", "findings: [{kind: udp-blocked, count: {value: 3, min: 1}}]\n", ":1:39: `value` does not go" },
    { "client no address", "findings: [{kind: udp-blocked, clients: [10.0.0.300]}]\n", ":1:42: `10.0.0.300` is no IP" },
    { "clients no list", "findings: [{kind: udp-blocked, clients: 10.0.0.3}]\n", ":1:41: `clients` wants a list" },
    { "frame 0", "findings: [{kind: udp-blocked, evidence: [1, 0]}]\n", ":1:46: `0` is no frame number" },
    { "frame with decimals", "findings: [{kind: udp-blocked, evidence: [1.5]}]\n", ":1:43: `1.5` is no frame" },
    { "findings no list", "findings: udp-blocked\n", ":1:11: `findings` wants a list" },
    { "finding empty", "findings:\n  -\n", ":2:4: an empty finding" },
    { "pending a word", "findings: [{kind: udp-blocked, pending: yes}]\n", ":1:41: `pending` is true or false" },
    { "pending quoted", "findings: [{kind: udp-blocked, pending: 'true'}]\n", ":1:41: `pending` is true or false" },
    { "only a word", "verdict: ok\nonly: 1\n", ":2:7: `only` is true or false" },
    { "step unknown", "sessions: [{steps: [upd: ok]}]\n", ":1:21: `upd` is no `step`" },
    { "step outcome", "sessions: [{steps: {udp: okay}}]\n", ":1:26: `okay` is no `outcome`" },
    { "steps of two pairs", "sessions: [{steps: [{udp: ok, tcp: ok}]}]\n", ":1:21: a step is one pair" },
    { "options no texts", "verdict: ok\noptions: [[a]]\n", ":2:11: `options` wants single values" },
    { "two documents", "verdict: ok\n---\nverdict: ok\n", ":2:1: a second document" },
    { "a tag of its own", "verdict: !mine ok\n", ":1:10: tags are not understood" },
    { "key is a list", "[a]: b\n", ":1:1: a key must be a single word" },
    { "zero byte", "verdict: \"o\\0k\"\n", ":1:10: a zero byte" },
    { "alias inside itself", "verdict: ok\nsessions: &a [*a]\n", "nested too deeply" },
    { "alias without anchor", "verdict: *a\n", ":1:10: found undefined alias" },
    { "no YAML", "verdict: [ok\n", ":2:1:" },
    { "tab", "findings:\n\t- kind: a\n", ":2:1:" },
    { "control byte", "verdict: \001\n", "byte 9" },
    { "no UTF-8", "verdict: \xff\n", ":1:1: the file is not UTF-8" },
};

static void test_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct error error = { "" };
        struct expect *expect = NULL;
        enum status status = fixture_load(bad[i].yaml, &expect, &error);
        if (status != STATUS_BAD_INPUT || expect || strncmp(error.text, "a.expect.yaml:", 14) != 0 ||
            !strstr(error.text, bad[i].error))
            fail_msg("%s: status %d, \"%s\" without \"%s\"", bad[i].row, (int)status, error.text, bad[i].error);
    }
}

static const struct {
    const char *row, *yaml;
} good[] = {
    { "verdict", "verdict: ok\n" },
    { "verdict as a map", "verdict: {status: failing, primary: udp-blocked}\n" },
    { "only alone", "only: true\n" },
    { "without final line end", "verdict: ok" },
    { "CRLF", "verdict: ok\r\nonly: true\r\n" },
    { "byte order mark", "\xef\xbb\xbfverdict: ok\nonly: true\n" },
    { "document marks", "---\nverdict: ok\n...\n" },
    { "pending names a kind of a later version", "findings: [{kind: not-yet, pending: true}]\n" },
    { "absent kind of a later version", "absent: [zero-window]\n" },
    { "section null", "verdict: ok\nfindings:\n" },
    { "alias", "findings:\n- kind: udp-blocked\n  clients: &c [10.0.0.1]\n- kind: high-rtt\n  clients: *c\n" },
    { "JSON", "{\"verdict\": \"ok\", \"findings\": [{\"kind\": \"udp-blocked\", \"port\": 4195}]}" },
};

static void test_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        expect_free(fixture_must_load(good[i].row, good[i].yaml));
}

/* Billions of values by aliases, and a file of brackets, end in a sentence. */
static void test_hostile(void **state)
{
    static const char *const units[] = { "[", "{a: ", "- ", "a,", "? ", "&a ", "[a,", "- - ", "a: {b: [" };
    struct error error = { "" };
    struct expect *expect = NULL;
    (void)state;
    assert_int_equal(fixture_load("verdict: ok\nfindings:\n- &a [x,x,x,x,x,x,x,x,x]\n- &b [*a,*a,*a,*a,*a,*a,*a,*a]\n"
                                  "- &c [*b,*b,*b,*b,*b,*b,*b,*b]\n- &d [*c,*c,*c,*c,*c,*c,*c,*c]\n"
                                  "- &e [*d,*d,*d,*d,*d,*d,*d,*d]\n- &f [*e,*e,*e,*e,*e,*e,*e,*e]\n",
                                  &expect, &error), STATUS_BAD_INPUT);
    assert_non_null(strstr(error.text, "aliases followed"));
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        size_t unit = strlen(units[i]), length = 0;
        char *bytes = malloc(EXPECT_FILE_LIMIT_BYTES + 1);
        assert_non_null(bytes);
        for (; length + unit <= EXPECT_FILE_LIMIT_BYTES; length += unit)
            memcpy(bytes + length, units[i], unit);
        struct expect_source source = { .name = "a.expect.yaml", .bytes = bytes, .length = length };
        assert_int_equal(expect_load(&source, &expect, &error), STATUS_BAD_INPUT);
        free(bytes);
    }
    char *large = calloc(EXPECT_FILE_LIMIT_BYTES + 1, 1);
    struct expect_source source = { .name = "a", .bytes = large, .length = EXPECT_FILE_LIMIT_BYTES + 1 };
    assert_int_equal(expect_load(&source, &expect, &error), STATUS_BAD_INPUT);
    assert_non_null(strstr(error.text, "larger than"));
    free(large);
}

static void check_loads(const struct text *text)
{
    struct expect_source source = { .name = "a", .bytes = text->bytes, .length = text->length };
    struct error error = { "" };
    struct expect *expect = NULL;
    if (expect_load(&source, &expect, &error) != STATUS_OK)
        fail_msg("what was blessed cannot be read: %s\n%s", error.text, text->bytes);
    expect_free(expect);
}

/* Every truncation and every flipped bit of a full file: loaded or refused, and what is loaded can be blessed. */
static void test_mutations(void **state)
{
    static const char yaml[] =
        "# é\ncapture: a.pcap\nverdict: failing\nfindings:\n  - kind: udp-blocked\n    count: {min: 1, max: 3}\n"
        "    clients: &c [10.20.30.11]\n    measured: {a: {value: 1, within: 10%}}\n"
        "sessions: [{client: 10.20.30.11, steps: [udp: failed]}]\nledger: [{kind: x, pending: true}]\nonly: true\n";
    char copy[sizeof yaml];
    size_t loaded = 0;
    (void)state;
    for (size_t i = 0; i < 9 * (sizeof yaml - 1); i++) {
        struct expect_source source = { .name = "a", .bytes = copy, .length = sizeof yaml - 1 };
        struct expect *expect = NULL;
        memcpy(copy, yaml, sizeof yaml);
        if (i < sizeof yaml - 1)
            source.length = i;
        else
            copy[(i - (sizeof yaml - 1)) / 8] ^= (char)(1 << (i % 8));
        if (expect_load(&source, &expect, NULL) == STATUS_OK) {
            loaded++;
            struct expect_outcome *outcome = fixture_must_compare("mutation", expect, &fixture_report);
            struct text text;
            text_init(&text, EXPECT_TEXT_LIMIT_BYTES);
            expect_explain(outcome, &text);
            text_free(&text);
            expect_bless(outcome, &text);
            check_loads(&text);
            text_free(&text);
            expect_outcome_free(outcome);
        }
        expect_free(expect);
    }
    assert_true(loaded > 50);
}

static void test_accessors(void **state)
{
    size_t count;
    struct expect *expect = fixture_must_load("accessors", "capture: b.pcap\nentry: c.pcap\noptions: [--port, \"5\"]\n"
                                                           "verdict: ok\n");
    (void)state;
    assert_string_equal(expect_capture(expect), "b.pcap");
    assert_string_equal(expect_entry(expect), "c.pcap");
    assert_string_equal(expect_options(expect, &count)[1], "5");
    assert_int_equal(count, 2);
    expect_free(expect);
    expect = fixture_must_load("none", "verdict: ok\n");
    assert_null(expect_capture(expect));
    assert_null(expect_entry(expect));
    expect_options(expect, &count);
    assert_int_equal(count, 0);
    expect_free(expect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),   cmocka_unit_test(test_good),      cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_mutations), cmocka_unit_test(test_accessors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
