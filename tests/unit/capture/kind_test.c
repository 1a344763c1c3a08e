/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "capture/kind.h"

static const struct {
    const char *name;
    size_t at, length;
    const char *bytes;
    enum capture_kind kind;
} rows[] = {
    { "pcap", 0, 4, "\xd4\xc3\xb2\xa1", CAPTURE_KIND_CAPTURE },
    { "pcap, big-endian", 0, 4, "\xa1\xb2\xc3\xd4", CAPTURE_KIND_CAPTURE },
    { "pcap, nanoseconds", 0, 4, "\x4d\x3c\xb2\xa1", CAPTURE_KIND_CAPTURE },
    { "pcap, modified", 0, 4, "\x34\xcd\xb2\xa1", CAPTURE_KIND_CAPTURE },
    { "pcapng", 0, 4, "\n\r\r\n", CAPTURE_KIND_CAPTURE },
    { "gzip", 0, 3, "\x1f\x8b\x08", CAPTURE_KIND_GZIP },
    { "bzip2", 0, 3, "BZh", CAPTURE_KIND_BZIP2 },
    { "xz", 0, 6, "\xfd" "7zXZ\0", CAPTURE_KIND_XZ },
    { "zstd", 0, 4, "\x28\xb5\x2f\xfd", CAPTURE_KIND_ZSTD },
    { "lz4", 0, 4, "\x04\x22\x4d\x18", CAPTURE_KIND_LZ4 },
    { "zip", 0, 4, "PK\3\4", CAPTURE_KIND_ZIP },
    { "zip without entries", 0, 4, "PK\5\6", CAPTURE_KIND_ZIP },
    { "7zip", 0, 6, "7z\xbc\xaf\x27\x1c", CAPTURE_KIND_7ZIP },
    { "tar", 257, 5, "ustar", CAPTURE_KIND_TAR },
    { "something else", 0, 4, "abcd", CAPTURE_KIND_FOREIGN },
};

static void kinds_are_told_from_the_first_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t head[600] = { 0 };
        memcpy(head + rows[i].at, rows[i].bytes, rows[i].length);
        if (capture_kind_of(head, sizeof head) != rows[i].kind)
            fail_msg("%s: %d", rows[i].name, capture_kind_of(head, sizeof head));
        bool packed = capture_kind_name(rows[i].kind) != NULL;
        assert_int_equal(packed, capture_kind_is_filter(rows[i].kind) || capture_kind_is_archive(rows[i].kind));
        for (size_t length = 0; length < rows[i].at + rows[i].length; length++)
            assert_int_equal(capture_kind_of(head, length), length ? CAPTURE_KIND_FOREIGN : CAPTURE_KIND_EMPTY);
    }
}

static void a_tar_from_before_posix_is_known_by_its_sum(void **state)
{
    (void)state;
    uint8_t head[512] = "a.pcap";
    unsigned sum = 8 * ' ';
    for (size_t i = 0; i < 6; i++)
        sum += head[i];
    snprintf((char *)head + 148, 8, "%06o", sum);
    assert_int_equal(capture_kind_of(head, sizeof head), CAPTURE_KIND_TAR);
    head[3]++;
    assert_int_equal(capture_kind_of(head, sizeof head), CAPTURE_KIND_FOREIGN);
    memset(head, 0, sizeof head);
    assert_int_equal(capture_kind_of(head, sizeof head), CAPTURE_KIND_FOREIGN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_told_from_the_first_bytes),
        cmocka_unit_test(a_tar_from_before_posix_is_known_by_its_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
