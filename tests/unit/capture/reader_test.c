/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "capture/reader.h"

/* Records on both sides of every block of the reader: none lost, none twice, bytes as written. */
static void records_cross_blocks(void **state)
{
    (void)state;
    enum { COUNT_OF_RECORDS = 3000 };
    struct file f = { 0 };
    put_pcap_header(&f, 0xa1b2c3d4, 4, 1);
    for (uint32_t i = 0; i < COUNT_OF_RECORDS; i++)
        put_record(&f, i, 0, 1 + i * 7 % 1500, 0);
    struct capture_source *source;
    struct capture_reader *reader;
    struct capture_block *block = capture_block_new();
    assert_int_equal(capture_source_memory("m", f.bytes, f.length, &source, NULL), STATUS_OK);
    assert_int_equal(capture_source_next(source, &reader, NULL), STATUS_OK);
    uint32_t seen = 0;
    int blocks = 0;
    for (; capture_next_block(reader, block, NULL) == STATUS_OK; blocks++) {
        size_t count;
        const struct capture_packet *p = capture_block_packets(block, &count);
        for (size_t i = 0; i < count; i++, seen++) {
            assert_int_equal(p[i].captured_bytes, 1 + seen * 7 % 1500);
            assert_int_equal(p[i].time_ns, seen * INT64_C(1000000000));
            assert_int_equal(p[i].bytes[0], (uint8_t)seen);
            assert_int_equal(p[i].bytes[p[i].captured_bytes - 1], (uint8_t)seen);
        }
    }
    assert_int_equal(seen, COUNT_OF_RECORDS);
    assert_true(blocks > 3);
    assert_int_equal(capture_reader_info(reader)->bytes_read, f.length);
    capture_reader_free(reader);
    capture_source_free(source);
    capture_block_free(block);
    free(f.bytes);
}

/* More records in the bytes of a block than a block can hold. */
static void a_full_block_is_continued(void **state)
{
    (void)state;
    struct file f = simple_pcap(200000, 0);
    struct reading r = read_file(&f);
    assert_int_equal(r.info.packets, 200000);
    assert_int_equal(r.in_order, 200000);
    assert_string_equal(r.damaged, "");
    f.length -= 3;
    r = read_file(&f);
    assert_int_equal(r.info.packets, 199999);
    assert_non_null(strstr(r.damaged, "and 13 bytes were left unread"));
    free(f.bytes);
}

static void the_largest_records_fit(void **state)
{
    (void)state;
    struct file f = { 0 };
    put_pcap_header(&f, 0xa1b2c3d4, 4, 1);
    for (uint32_t i = 0; i < 9; i++)
        put_record(&f, i, 0, CAPTURE_PACKET_BYTES_MAX - i % 2, CAPTURE_PACKET_BYTES_MAX);
    struct reading r = read_file(&f);
    assert_int_equal(r.info.packets, 9);
    assert_int_equal(r.in_order, 9);
    free(f.bytes);
}

static void link_types_are_listed_once_in_order(void **state)
{
    (void)state;
    struct file f = { 0 };
    put_section(&f);
    for (unsigned i = 0; i < 100; i++)
        put_interface(&f, 200 + i, 0);
    for (uint32_t i = 0; i < 100; i++) {
        put_packet(&f, 99 - i, 1, 4);
        put_packet(&f, 99, 1, 4);
    }
    struct reading r = read_file(&f);
    assert_int_equal(r.info.link_type_count, CAPTURE_LINK_TYPES_MAX);
    assert_int_equal(r.info.link_types[0], 299);
    assert_int_equal(r.info.link_types[1], 298);
    assert_int_equal(r.info.link_types[63], 299 - 63);
    free(f.bytes);
}

struct failing {
    struct file *file;
    size_t at;
};

static enum status failing_read(void *context, uint8_t *bytes, size_t room, size_t *got, struct error *error)
{
    struct failing *failing = context;
    size_t left = failing->file->length - failing->at;
    *got = left < room ? left : room;
    if (*got == 0)
        return error_set(error, STATUS_IO, "the disk is gone");
    memcpy(bytes, failing->file->bytes + failing->at, *got);
    failing->at += *got;
    return STATUS_OK;
}

static struct reading read_failing(struct file *f)
{
    struct failing failing = { .file = f };
    struct capture_stream *stream = calloc(1, sizeof *stream);
    assert_non_null(stream);
    stream->context = &failing;
    stream->read = failing_read;
    stream->size_bytes = UINT64_MAX;
    struct capture_reader_input input = { .name = "x", .size_bytes = UINT64_MAX, .stream = stream };
    struct capture_reader *reader = capture_reader_new(&capture_pcap_walker, &input);
    struct reading r = { 0 };
    assert_non_null(reader);
    read_reader(reader, &r);
    free(stream);
    return r;
}

static void what_came_before_an_error_is_given(void **state)
{
    (void)state;
    struct file f = simple_pcap(5, 10);
    struct reading r = read_failing(&f);
    assert_int_equal(r.status, STATUS_OK);
    assert_int_equal(r.info.packets, 5);
    assert_non_null(strstr(r.damaged, "could not be read on (the disk is gone) at byte 154, after packet 5"));
    f.length = 0;
    r = read_failing(&f);
    assert_int_equal(r.status, STATUS_IO);
    assert_non_null(strstr(r.error.text, "the disk is gone"));
    free(f.bytes);
}

/* Every byte of the first hundred changed in turn: whatever is read, it ends, and frames are numbered. */
static void changed_bytes_do_no_harm(void **state)
{
    (void)state;
    struct file files[] = { simple_pcap(4, 10), simple_pcapng(false), simple_pcapng(true) };
    for (size_t i = 0; i < COUNT(files); i++) {
        struct file *f = &files[i];
        for (uint32_t n = 0; i > 0 && n < 3; n++)
            put_packet(f, 0, n, 10);
        for (size_t at = 4; at < f->length && at < 160; at++) {
            static const uint8_t changes[] = { 1, 0x80, 0xff };
            for (size_t k = 0; k < COUNT(changes); k++) {
                f->bytes[at] ^= changes[k];
                struct reading r = read_file(f);
                assert_int_equal(r.in_order, r.info.packets);
                f->bytes[at] ^= changes[k];
            }
        }
        free(f->bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_cross_blocks),
        cmocka_unit_test(a_full_block_is_continued),
        cmocka_unit_test(the_largest_records_fit),
        cmocka_unit_test(link_types_are_listed_once_in_order),
        cmocka_unit_test(what_came_before_an_error_is_given),
        cmocka_unit_test(changed_bytes_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
