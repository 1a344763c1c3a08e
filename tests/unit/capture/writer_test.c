/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "capture/capture.h"
#include "capture/writer.h"

/* What is written is read back by the reader, whole and cut after every byte. */

static const struct row {
    const char *name;
    uint32_t interface, captured, wire;
    int64_t time_ns;
    uint8_t direction;
    uint16_t link_type;
} rows[] = {
    { "whole", 0, 60, 60, INT64_C(1795388839664846993), 0, 1 },
    { "cut by the snap length", 0, 61, 1514, INT64_C(1795388839664846994), 1, 1 },
    { "another interface", 1, 62, 62, INT64_C(1795388839664846994), 2, 113 },
    { "one byte", 1, 1, 1, INT64_C(1795388840000000000), 0, 113 },
    { "nothing of it", 0, 0, 60, INT64_C(1795388841000000000), 0, 1 },
};

static void write_rows(struct text *file, size_t ends[COUNT_OF(rows)])
{
    uint8_t bytes[100];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    text_init(file, 65536);
    capture_writer_section(file);
    capture_writer_interface(file, 1, 262144);
    capture_writer_interface(file, 113, 262144);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct capture_packet packet = { .bytes = bytes, .captured_bytes = rows[i].captured,
                                               .wire_bytes = rows[i].wire, .time_ns = rows[i].time_ns,
                                               .frame = 1000 + i, .direction = rows[i].direction };
        capture_writer_packet(file, rows[i].interface, &packet);
        ends[i] = file->length;
    }
    assert_false(text_failed(file));
}

/* How many packets the first `length` bytes hold; each must be its row. */
static size_t read_back(const struct text *file, size_t length, unsigned *failed)
{
    struct capture_source *source = NULL;
    struct capture_reader *reader = NULL;
    struct capture_block *block = capture_block_new();
    struct error error;
    size_t count = 0;
    const uint8_t *bytes = (const uint8_t *)file->bytes;
    assert_int_equal(capture_source_memory("written", bytes, length, &source, &error), STATUS_OK);
    if (capture_source_next(source, &reader, &error) == STATUS_OK &&
        capture_next_block(reader, block, &error) == STATUS_OK) {
        const struct capture_packet *p = capture_block_packets(block, &count);
        for (size_t i = 0; i < count; i++) {
            *failed += soft_int(rows[i].name, "captured", p[i].captured_bytes, rows[i].captured);
            *failed += soft_int(rows[i].name, "wire", p[i].wire_bytes, rows[i].wire);
            *failed += soft_int(rows[i].name, "time", p[i].time_ns, rows[i].time_ns);
            *failed += soft_int(rows[i].name, "direction", p[i].direction, rows[i].direction);
            *failed += soft_int(rows[i].name, "link type", p[i].link_type, rows[i].link_type);
            for (uint32_t b = 0; b < p[i].captured_bytes; b++)
                *failed += p[i].bytes[b] != b;
        }
    }
    capture_block_free(block);
    capture_reader_free(reader);
    capture_source_free(source);
    return count;
}

static void what_is_written_is_read_back_wherever_it_ends(void **state)
{
    (void)state;
    struct text file;
    size_t ends[COUNT_OF(rows)];
    unsigned failed = 0;
    write_rows(&file, ends);
    for (size_t length = 0; length <= file.length; length++) {
        size_t whole = 0;
        while (whole < COUNT_OF(rows) && ends[whole] <= length)
            whole++;
        failed += soft_int("cut", "packets", (int64_t)read_back(&file, length, &failed), (int64_t)whole);
    }
    text_free(&file);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back_wherever_it_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
