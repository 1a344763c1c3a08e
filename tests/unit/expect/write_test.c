/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "expect/write.h"

static const struct {
    const char *string;
    enum expect_node_style style;
    const char *text;
} rows[] = {
    { "udp-blocked", EXPECT_PLAIN, "udp-blocked" },
    { "10.20.30.11", EXPECT_PLAIN, "10.20.30.11" },
    { "2001:db8::7", EXPECT_PLAIN, "\"2001:db8::7\"" },
    { "::", EXPECT_PLAIN, "\"::\"" },
    { "", EXPECT_PLAIN, "\"\"" },
    { "true", EXPECT_PLAIN, "\"true\"" },
    { "null", EXPECT_PLAIN, "\"null\"" },
    { "two words", EXPECT_PLAIN, "\"two words\"" },
    { "-a", EXPECT_PLAIN, "\"-a\"" },
    { "a: b # c", EXPECT_PLAIN, "\"a: b # c\"" },
    { "say \"\\\"", EXPECT_PLAIN, "\"say \\\"\\\\\\\"\"" },
    { "a\nb\033", EXPECT_PLAIN, "\"a\\x0ab\\x1b\"" },
    { "é", EXPECT_PLAIN, "\"é\"" },
    { "it's", EXPECT_SINGLE_QUOTED, "'it''s'" },
    { "a\nb", EXPECT_SINGLE_QUOTED, "\"a\\x0ab\"" },
    { "a", EXPECT_DOUBLE_QUOTED, "\"a\"" },
};

/* What is written is read back as the same string, alone and inside a list. */
static void test_strings(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct text text;
        struct arena *arena = arena_new(1 << 20);
        const struct expect_node *root = NULL;
        text_init(&text, 1000);
        expect_write_string(&text, rows[i].string, rows[i].style);
        fixture_same_text(rows[i].string, text.bytes, rows[i].text);
        const char *list = arena_format(arena, "[%s, %s]\n", text.bytes, text.bytes);
        struct expect_source source = { .name = "a", .bytes = list, .length = strlen(list) };
        assert_int_equal(expect_node_read(arena, &source, &root, NULL), STATUS_OK);
        assert_int_equal(root->count, 2);
        assert_string_equal(root->items[1]->text, rows[i].string);
        assert_false(expect_node_is_null(root->items[1]));
        arena_free(arena);
        text_free(&text);
    }
}

static void test_value(void **state)
{
    struct wspscope_value measured = { .type = WSPSCOPE_VALUE_OBJECT, .children = fixture_measured, .child_count = 6 };
    struct text text;
    (void)state;
    text_init(&text, 1000);
    expect_write_value(&text, &measured);
    fixture_same_text("measured", text.bytes,
                      "{unanswered_datagrams: 4, fallback_delay_ms: 5018.25, by: router, shared: true, mtu: null, "
                      "checks: [{proto: udp, sent: 3}, {proto: tcp, sent: 1}]}");
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_strings), cmocka_unit_test(test_value) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
