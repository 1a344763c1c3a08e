/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    assert_non_null(arena);
    for (size_t size = 1; size < 300; size += 7) {
        unsigned char *bytes = arena_alloc(arena, 1, size);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xEE, size); /* what follows must not be the same bytes */
    }
    arena_free(arena);
}

static void larger_than_a_chunk_is_possible(void **state)
{
    (void)state;
    struct arena *arena = arena_new(10 << 20);
    char *small = arena_alloc(arena, 1, 10);
    char *large = arena_alloc(arena, 1 << 20, 3);
    char *after = arena_alloc(arena, 1, 10);
    assert_non_null(small);
    assert_non_null(large);
    assert_non_null(after);
    memset(large, 1, 3 << 20);
    assert_int_equal(after[0], 0);
    assert_int_equal(arena_used_bytes(arena), 20 + (3 << 20));
    arena_free(arena);
}

static void the_limit_is_kept_and_failing_is_for_good(void **state)
{
    (void)state;
    struct arena *arena = arena_new(100);
    assert_non_null(arena_alloc(arena, 10, 10));
    assert_false(arena_failed(arena));
    assert_null(arena_alloc(arena, 1, 1));
    assert_true(arena_failed(arena));
    assert_null(arena_alloc(arena, 0, 0));
    assert_int_equal(arena_used_bytes(arena), 100);
    assert_string_equal(arena_format(arena, "%d", 7), "");
    arena_free(arena);
}

static void a_product_that_overflows_fails(void **state)
{
    (void)state;
    struct arena *arena = arena_new(SIZE_MAX);
    assert_null(arena_alloc(arena, SIZE_MAX / 2, 3));
    assert_true(arena_failed(arena));
    arena_free(arena);
}

/* No machine has it; nothing may wrap on the way to finding out. */
static void a_size_that_no_machine_has_fails(void **state)
{
    (void)state;
    for (size_t less = 0; less < 64; less++) {
        struct arena *arena = arena_new(SIZE_MAX);
        assert_null(arena_alloc(arena, 1, SIZE_MAX - less));
        assert_true(arena_failed(arena));
        arena_free(arena);
    }
}

static void strings_are_copied_and_formatted(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1000);
    char source[] = "abc";
    const char *copy = arena_copy(arena, source);
    source[0] = 'x';
    assert_string_equal(copy, "abc");
    assert_string_equal(arena_format(arena, "%s-%d", copy, 42), "abc-42");
    assert_string_equal(arena_copy(arena, "%s"), "%s");
    arena_free(arena);
    arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(larger_than_a_chunk_is_possible),
        cmocka_unit_test(the_limit_is_kept_and_failing_is_for_good),
        cmocka_unit_test(a_product_that_overflows_fails),
        cmocka_unit_test(a_size_that_no_machine_has_fails),
        cmocka_unit_test(strings_are_copied_and_formatted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
