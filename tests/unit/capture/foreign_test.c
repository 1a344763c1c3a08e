/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "capture/foreign.h"

static const struct {
    size_t length;
    const char *bytes;
    const char *what, *advice;
} rows[] = {
    { 8, "snoop\0\0\0", "snoop", "editcap" },
    { 4, "RTSS", "Network Monitor 1", "editcap" },
    { 4, "GMBU", "Network Monitor 2", "editcap" },
    { 11, "iptrace 1.0", "iptrace", "editcap" },
    { 11, "iptrace 2.0", "iptrace", "editcap" },
    { 17, "TRSNIFF data    \x1a", "Sniffer", "editcap" },
    { 4, "XCP\0", "Sniffer", "editcap" },
    { 8, "\x01\x10\x4c\x00\x01\x05\x00\x00", "LANalyzer", "editcap" },
    { 5, "TR\0d\0", "nettl", "editcap" },
    { 8, "\0\0\x02\0\x12\x05\0\x10", "K12", "editcap" },
    { 44, "+---------+---------------+----------+\n00:00", "K12 text", "editcap" },
    { 4, "MSCF", "cabinet", "cabextract" },
    { 4, "Rar!", "RAR", "unrar" },
    { 8, "\x89PNG\r\n\x1a\n", "PNG", "capture file" },
    { 8, "ElfFile\0", "event log", "tcpdump -w" },
    { 10, "\x00\x01\x02\x03\xff\xfe\xf0\x80\x81\x82", "no capture format", "editcap" },
    { 4, "\0\0\0\0", "no capture format", "editcap" },
    { 1, "\0", "no capture format", "editcap" },
};

static void formats_are_named_with_the_way_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct capture_foreign *is = capture_foreign_find((const uint8_t *)rows[i].bytes, rows[i].length);
        if (!strstr(is->what, rows[i].what) || !strstr(is->advice, rows[i].advice))
            fail_msg("%s: %s, %s", rows[i].what, is->what, is->advice);
    }
}

static void put_erf(struct file *f, uint32_t seconds, unsigned type, unsigned length)
{
    f->big_endian = false;
    put32(f, 0x80000000);
    put32(f, seconds);
    put_number(f, type, 1);
    put_number(f, 4, 1);
    f->big_endian = true;
    put16(f, length);
    put16(f, 0);
    put16(f, length - 18);
    put_fill(f, 0x11, length - 16);
}

static bool is_named(const struct file *f, const char *what)
{
    return strstr(capture_foreign_find(f->bytes, f->length)->what, what) != NULL;
}

static void erf_is_known_by_its_records(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t second_record_at;
        unsigned type;
        size_t length;
        bool is_erf;
    } cases[] = {
        { "two records", 1700000001, 2, 160, true },
        { "one record alone", 0, 2, 80, true },
        { "years later", 1800000000, 2, 160, false },
        { "back in time", 1600000000, 2, 160, false },
        { "no such type", 1700000001, 100, 160, false },
        { "second record cut", 1700000001, 2, 90, false },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct file f = { 0 };
        put_erf(&f, 1700000000, cases[i].type, 80);
        put_erf(&f, cases[i].second_record_at, cases[i].type, 80);
        f.length = cases[i].length;
        if (is_named(&f, "ERF") != cases[i].is_erf)
            fail_msg("%s: %s", cases[i].name, capture_foreign_find(f.bytes, f.length)->what);
        free(f.bytes);
    }
}

static void etl_is_known_by_its_first_event(void **state)
{
    (void)state;
    struct file f = { 0 };
    put32(&f, 65536);
    put_fill(&f, 1, 68);
    put_fill(&f, 2, 2);
    put_fill(&f, 2, 1);
    put_fill(&f, 0xc0, 1);
    put_fill(&f, 0, 100);
    assert_true(is_named(&f, ".etl"));
    assert_non_null(strstr(capture_foreign_find(f.bytes, f.length)->advice, "etl2pcapng"));
    f.bytes[1] = 3; /* no size of a buffer */
    assert_false(is_named(&f, ".etl"));
    free(f.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_named_with_the_way_out),
        cmocka_unit_test(erf_is_known_by_its_records),
        cmocka_unit_test(etl_is_known_by_its_first_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
