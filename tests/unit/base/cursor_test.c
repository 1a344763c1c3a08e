/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"

static const uint8_t bytes[] = { 0x81, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x88, 0x99 };

static uint64_t u8(struct cursor *c) { return cursor_u8(c); }
static uint64_t u16be(struct cursor *c) { return cursor_u16be(c); }
static uint64_t u24be(struct cursor *c) { return cursor_u24be(c); }
static uint64_t u32be(struct cursor *c) { return cursor_u32be(c); }
static uint64_t u64be(struct cursor *c) { return cursor_u64be(c); }
static uint64_t u16le(struct cursor *c) { return cursor_u16le(c); }
static uint64_t u32le(struct cursor *c) { return cursor_u32le(c); }
static uint64_t u64le(struct cursor *c) { return cursor_u64le(c); }

static const struct {
    const char *name;
    uint64_t (*read)(struct cursor *c);
    size_t length;
    uint64_t expected;
} number_rows[] = {
    { "u8", u8, 1, 0x81 },
    { "u16be", u16be, 2, 0x8102 },
    { "u24be", u24be, 3, 0x810203 },
    { "u32be", u32be, 4, 0x81020304 },
    { "u64be", u64be, 8, 0x8102030405060788 },
    { "u16le", u16le, 2, 0x0281 },
    { "u32le", u32le, 4, 0x04030281 },
    { "u64le", u64le, 8, 0x8807060504030281 },
};

static void numbers_are_read_and_stepped_over(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof number_rows / sizeof *number_rows; i++) {
        struct cursor c = cursor_make(bytes, sizeof bytes);
        uint64_t value = number_rows[i].read(&c);
        size_t left = sizeof bytes - number_rows[i].length;
        if (value != number_rows[i].expected || cursor_left(&c) != left || !cursor_ok(&c))
            fail_msg("%s: %llx, %zu left", number_rows[i].name, (unsigned long long)value, cursor_left(&c));
    }
}

static void a_number_that_is_cut_marks_the_cursor(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof number_rows / sizeof *number_rows; i++) {
        for (size_t length = 0; length < number_rows[i].length; length++) {
            struct cursor c = cursor_make(bytes, length);
            (void)number_rows[i].read(&c);
            if (cursor_ok(&c))
                fail_msg("%s: %zu bytes were enough", number_rows[i].name, length);
            if (cursor_left(&c) > length)
                fail_msg("%s: moved past the end", number_rows[i].name);
        }
    }
}

static void an_overrun_is_for_good_and_moves_nothing(void **state)
{
    (void)state;
    struct cursor c = cursor_make(bytes, 3);
    assert_int_equal(cursor_u32be(&c), 0);
    assert_false(cursor_ok(&c));
    assert_int_equal(cursor_left(&c), 3);
    assert_int_equal(cursor_u8(&c), 0);
    assert_null(cursor_take(&c, 0));
    assert_false(cursor_ok(&c));
}

static void lengths_near_the_largest_do_not_wrap(void **state)
{
    (void)state;
    struct cursor c = cursor_make(bytes, sizeof bytes);
    assert_null(cursor_take(&c, SIZE_MAX));
    assert_false(cursor_ok(&c));
    c = cursor_make(bytes, sizeof bytes);
    cursor_limit(&c, SIZE_MAX);
    assert_int_equal(cursor_left(&c), sizeof bytes);
}

static void a_sub_cursor_cannot_be_left(void **state)
{
    (void)state;
    struct cursor c = cursor_make(bytes, sizeof bytes);
    struct cursor sub = cursor_sub(&c, 2);
    assert_int_equal(cursor_left(&c), sizeof bytes - 2);
    assert_int_equal(cursor_u16be(&sub), 0x8102);
    assert_int_equal(cursor_u8(&sub), 0);
    assert_false(cursor_ok(&sub));
    assert_true(cursor_ok(&c));
}

static void a_sub_cursor_that_is_too_long_is_overrun(void **state)
{
    (void)state;
    struct cursor c = cursor_make(bytes, 4);
    struct cursor sub = cursor_sub(&c, 5);
    assert_false(cursor_ok(&sub));
    assert_false(cursor_ok(&c));
    assert_int_equal(cursor_left(&sub), 0);
}

static void a_limit_shortens_and_never_lengthens(void **state)
{
    (void)state;
    struct cursor c = cursor_make(bytes, 5);
    cursor_limit(&c, 7);
    assert_int_equal(cursor_left(&c), 5);
    cursor_limit(&c, 2);
    assert_int_equal(cursor_left(&c), 2);
    cursor_limit(&c, 0);
    assert_int_equal(cursor_u8(&c), 0);
    assert_false(cursor_ok(&c));
}

static void a_copy_past_the_end_is_zeros(void **state)
{
    (void)state;
    uint8_t out[4] = { 9, 9, 9, 9 };
    struct cursor c = cursor_make(bytes, 5);
    cursor_copy(&c, out, sizeof out);
    assert_memory_equal(out, bytes, sizeof out);
    cursor_copy(&c, out, sizeof out);
    assert_memory_equal(out, "\0\0\0\0", sizeof out);
    assert_false(cursor_ok(&c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_and_stepped_over),
        cmocka_unit_test(a_number_that_is_cut_marks_the_cursor),
        cmocka_unit_test(an_overrun_is_for_good_and_moves_nothing),
        cmocka_unit_test(lengths_near_the_largest_do_not_wrap),
        cmocka_unit_test(a_sub_cursor_cannot_be_left),
        cmocka_unit_test(a_sub_cursor_that_is_too_long_is_overrun),
        cmocka_unit_test(a_limit_shortens_and_never_lengthens),
        cmocka_unit_test(a_copy_past_the_end_is_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
