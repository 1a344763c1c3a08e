/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <math.h>

#include "expect/number.h"

static const struct {
    const char *text;
    bool ok;
    double number;
} parsed[] = {
    { "0", true, 0 },          { "12", true, 12 },       { "-3.5", true, -3.5 },  { "+7", true, 7 },
    { "5018.25", true, 5018.25 }, { "", false, 0 },      { "-", false, 0 },       { ".5", false, 0 },
    { "5.", false, 0 },        { "1e3", false, 0 },      { "0x10", false, 0 },    { "1,5", false, 0 },
    { " 1", false, 0 },        { "1 ", false, 0 },       { "nan", false, 0 },     { "inf", false, 0 },
    { "1234567890123456789", false, 0 },
};

static void test_parse(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(parsed); i++) {
        double number = 0;
        bool ok = expect_number_parse(parsed[i].text, &number);
        if (ok != parsed[i].ok || (ok && fabs(number - parsed[i].number) > 1e-9))
            fail_msg("\"%s\": %d, %f", parsed[i].text, ok, number);
    }
}

static const struct {
    double number;
    const char *text;
} written[] = {
    { 0, "0" },           { 3010, "3010" },        { 5018.25, "5018.25" }, { 0.1, "0.1" },        { 0.0004, "0" },
    { -0.0004, "0" },     { -2.5, "-2.5" },        { 1.9996, "2" },        { 0.007, "0.007" },    { NAN, "null" },
    { INFINITY, "null" }, { -1e300, "null" },
};

static void test_write(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(written); i++) {
        struct text text;
        text_init(&text, 100);
        expect_number_add(&text, written[i].number);
        fixture_same_text(written[i].text, text.bytes, written[i].text);
        text_free(&text);
    }
}

static void test_holds(void **state)
{
    struct expect_number_range range = { .min = 1, .max = 3 };
    (void)state;
    assert_true(expect_number_holds(&range, 1));
    assert_true(expect_number_holds(&range, 3.0004));
    assert_false(expect_number_holds(&range, 3.001));
    assert_false(expect_number_holds(&range, 0.999));
    assert_false(expect_number_holds(&range, NAN));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_parse), cmocka_unit_test(test_write),
                                        cmocka_unit_test(test_holds) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
