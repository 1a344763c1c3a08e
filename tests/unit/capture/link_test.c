/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "capture/link.h"

static const struct {
    uint16_t link_type;
    const char *name;
} name_rows[] = {
    { 0, "NULL" },        { 1, "EN10MB" },      { 9, "PPP" },          { 12, "LINKTYPE_12" }, { 51, "PPP_ETHER" },
    { 100, "ATM_RFC1483" }, { 101, "RAW" },     { 105, "IEEE802_11" }, { 108, "LOOP" },       { 113, "LINUX_SLL" },
    { 147, "LINKTYPE_147" }, { 228, "IPV4" },   { 239, "NFLOG" },      { 276, "LINUX_SLL2" },
    { 0xfffe, "LINKTYPE_65534" },
};

static void link_types_have_names(void **state)
{
    (void)state;
    char text[CAPTURE_LINK_NAME_SIZE];
    for (size_t i = 0; i < COUNT(name_rows); i++)
        assert_string_equal(capture_link_name(name_rows[i].link_type, text), name_rows[i].name);
}

static void old_numbers_are_mapped(void **state)
{
    (void)state;
    static const uint16_t rows[][2] = { { 1, 1 }, { 11, 100 }, { 12, 101 }, { 14, 101 }, { 101, 101 }, { 108, 108 } };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(capture_link_from_file(rows[i][0]), rows[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(link_types_have_names),
        cmocka_unit_test(old_numbers_are_mapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
