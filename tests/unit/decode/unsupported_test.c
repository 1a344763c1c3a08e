/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

static const struct {
    uint8_t kind;
    uint16_t number;
    const char *expect;
} texts[] = {
    { DECODE_UNSUPPORTED_LINK_TYPE, 147, "link type 147" },
    { DECODE_UNSUPPORTED_ETHERTYPE, 0x88e5, "EtherType 0x88e5" },
    { DECODE_UNSUPPORTED_IP_PROTOCOL, 112, "IP protocol 112" },
    { DECODE_UNSUPPORTED_PPP_PROTOCOL, 0x2d, "PPP protocol 0x002d" },
    { DECODE_UNSUPPORTED_DEPTH, 8, "headers nested deeper than 8" },
    { DECODE_UNSUPPORTED_WIFI, 0x28, "encrypted or fragmented 802.11 type 0x0028" },
    { DECODE_UNSUPPORTED_FAMILY, 16, "address family 16" },
    { DECODE_UNSUPPORTED_KINDS, 65535, "type 65535" },
};

static void every_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char text[DECODE_UNSUPPORTED_TEXT_SIZE];
        assert_string_equal(decode_unsupported_format(texts[i].kind, texts[i].number, text), texts[i].expect);
    }
    assert_int_equal(sizeof texts / sizeof texts[0], DECODE_UNSUPPORTED_KINDS + 1);
}

static void widest_number_fits(void **state)
{
    (void)state;
    for (uint8_t kind = 0; kind <= DECODE_UNSUPPORTED_KINDS; kind++) {
        char text[DECODE_UNSUPPORTED_TEXT_SIZE];
        decode_unsupported_format(kind, UINT16_MAX, text);
        assert_true(strlen(text) < DECODE_UNSUPPORTED_TEXT_SIZE - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind),
        cmocka_unit_test(widest_number_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
