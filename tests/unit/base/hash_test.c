/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "base/hash.h"

/* SipHash-1-3 of the bytes 0, 1, 2, ... under the key 00 01 .. 0f, from an implementation that gives the published
 * value of SipHash-2-4 when it is asked for 2 and 4 rounds. */
static const struct {
    const char *name;
    size_t length;
    uint64_t hash;
} vectors[] = {
    { "nothing", 0, UINT64_C(0xabac0158050fc4dc) },
    { "one byte", 1, UINT64_C(0xc9f49bf37d57ca93) },
    { "one byte short of a word", 7, UINT64_C(0xd3927d989bb11140) },
    { "a word", 8, UINT64_C(0x369095118d299a8e) },
    { "a word and a byte", 9, UINT64_C(0x25a48eb36c063de4) },
    { "one byte short of two words", 15, UINT64_C(0xd320d86d2a519956) },
    { "two words: an address", 16, UINT64_C(0xcc4fdd1a7d908b66) },
    { "two addresses", 32, UINT64_C(0x81157b6c16a7b60d) },
    { "an odd length", 39, UINT64_C(0x626b57547b108392) },
    { "the longest published", 63, UINT64_C(0x9d199062b7bbb3a8) },
    { "a length beyond one byte", 300, UINT64_C(0x4016a23bda5a2224) },
};

static void is_siphash_1_3(void **state)
{
    (void)state;
    const uint64_t key[2] = { UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908) };
    unsigned char bytes[301];
    unsigned failed = 0;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)i;
    for (size_t i = 0; i < COUNT_OF(vectors); i++)
        failed += soft_int(vectors[i].name, "hash", (int64_t)hash_bytes(key, bytes, vectors[i].length),
                           (int64_t)vectors[i].hash);
    assert_int_equal(failed, 0);
}

static void does_not_depend_on_where_the_bytes_lie(void **state)
{
    (void)state;
    const uint64_t key[2] = { 1, 2 };
    unsigned char bytes[64] = "the same forty bytes at every alignment";
    uint64_t first = hash_bytes(key, bytes, 40);
    for (size_t shift = 1; shift < 8; shift++) {
        unsigned char moved[64];
        memcpy(moved + shift, bytes, 40);
        assert_true(hash_bytes(key, moved + shift, 40) == first);
    }
}

static void every_bit_of_key_and_bytes_counts(void **state)
{
    (void)state;
    unsigned char bytes[40] = { 0 };
    uint64_t key[2] = { 0, 0 };
    const uint64_t plain = hash_bytes(key, bytes, sizeof bytes);
    for (size_t bit = 0; bit < sizeof bytes * 8; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        assert_true(hash_bytes(key, bytes, sizeof bytes) != plain);
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    for (size_t bit = 0; bit < 128; bit++) {
        key[bit / 64] ^= UINT64_C(1) << bit % 64;
        assert_true(hash_bytes(key, bytes, sizeof bytes) != plain);
        key[bit / 64] ^= UINT64_C(1) << bit % 64;
    }
    for (size_t length = 0; length < sizeof bytes; length++)
        assert_true(hash_bytes(key, bytes, length) != hash_bytes(key, bytes, length + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_siphash_1_3),
        cmocka_unit_test(does_not_depend_on_where_the_bytes_lie),
        cmocka_unit_test(every_bit_of_key_and_bytes_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
