/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "base/map.h"

struct record {
    unsigned number;
};

static bool same_number(const void *record, const void *key)
{
    return ((const struct record *)record)->number == *(const unsigned *)key;
}

static uint64_t spread(unsigned number)
{
    return number * UINT64_C(0x9e3779b97f4a7c15);
}

static uint64_t all_alike(unsigned number)
{
    (void)number;
    return 77;
}

static uint64_t end_of_the_table(unsigned number)
{
    return UINT64_MAX - (number & 1);
}

static uint64_t low_bits_alike(unsigned number)
{
    return (uint64_t)number << 40;
}

static const struct {
    const char *name;
    uint64_t (*hash)(unsigned number);
    unsigned count;
} rows[] = {
    { "empty", spread, 0 },
    { "one", spread, 1 },
    { "growth many times", spread, 20000 },
    { "one hash for all", all_alike, 400 },
    { "runs that wrap around the end", end_of_the_table, 400 },
    { "one place for all", low_bits_alike, 400 },
};

/* `map` zeroed is an empty map: what a caller's zeroed struct gives. */
static void finds_what_was_added_and_nothing_else(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct map map = { 0 };
        struct record *records = calloc(rows[i].count + 1, sizeof *records);
        assert_non_null(records);
        unsigned wrong = 0;
        for (unsigned n = 0; n < rows[i].count; n++) {
            records[n].number = n;
            assert_true(map_add(&map, rows[i].hash(n), &records[n]));
            wrong += map_find(&map, rows[i].hash(n), same_number, &n) != &records[n];
        }
        for (unsigned n = 0; n < rows[i].count; n++)
            wrong += map_find(&map, rows[i].hash(n), same_number, &n) != &records[n];
        unsigned stranger = rows[i].count + 1;
        wrong += map_find(&map, rows[i].hash(stranger), same_number, &stranger) != NULL;
        failed += soft_int(rows[i].name, "wrong answers", wrong, 0);
        failed += soft_int(rows[i].name, "count", (int64_t)map.count, rows[i].count);
        failed += soft_true(rows[i].name, "room is left, so that a search ends", map.count < map.size || !map.size);
        map_free(&map);
        free(records);
    }
    assert_int_equal(failed, 0);
}

/* The hash alone does not make a record the one that was asked for, and an equal key under another hash is not it. */
static void hash_and_key_must_both_fit(void **state)
{
    (void)state;
    struct map map = { 0 };
    struct record one = { 1 }, two = { 2 };
    assert_true(map_add(&map, 5, &one));
    assert_true(map_add(&map, 5, &two));
    unsigned key = 2;
    assert_ptr_equal(map_find(&map, 5, same_number, &key), &two);
    assert_null(map_find(&map, 6, same_number, &key));
    key = 3;
    assert_null(map_find(&map, 5, same_number, &key));
    map_free(&map);
}

static void freed_is_empty_again(void **state)
{
    (void)state;
    struct map map = { 0 };
    struct record one = { 1 };
    unsigned key = 1;
    map_free(&map);
    assert_true(map_add(&map, 9, &one));
    map_free(&map);
    assert_int_equal(map.count, 0);
    assert_null(map_find(&map, 9, same_number, &key));
    assert_true(map_add(&map, 9, &one));
    assert_ptr_equal(map_find(&map, 9, same_number, &key), &one);
    map_free(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_added_and_nothing_else),
        cmocka_unit_test(hash_and_key_must_both_fit),
        cmocka_unit_test(freed_is_empty_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
