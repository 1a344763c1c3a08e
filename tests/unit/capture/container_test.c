/* SPDX-License-Identifier: Apache-2.0 */
#include "packed.h"

#include "capture/container.h"

struct opened {
    struct capture_stream stream;
    struct capture_stream_memory memory;
    struct capture_container *container;
    enum status status;
    struct error error;
};

static struct opened *open_bytes(enum capture_kind kind, const struct file *f, bool seek)
{
    struct opened *o = calloc(1, sizeof *o);
    assert_non_null(o);
    o->memory = (struct capture_stream_memory){ .bytes = f->bytes, .length = f->length };
    capture_stream_from_memory(&o->stream, &o->memory);
    if (!seek)
        o->stream.seek = NULL;
    o->status = capture_container_new(kind, &o->stream, &o->stream, &o->container, &o->error);
    return o;
}

static void close_bytes(struct opened *o)
{
    capture_container_free(o->container);
    free(o);
}

static const struct {
    const char *filter;
    enum capture_kind kind;
} filters[] = {
    { "gzip", CAPTURE_KIND_GZIP }, { "bzip2", CAPTURE_KIND_BZIP2 }, { "xz", CAPTURE_KIND_XZ },
    { "zstd", CAPTURE_KIND_ZSTD }, { "lz4", CAPTURE_KIND_LZ4 },
};

static void compressions_are_undone(void **state)
{
    (void)state;
    struct file f = simple_pcap(3000, 100);
    uint8_t *bytes = malloc(f.length + 1);
    for (size_t i = 0; i < COUNT(filters); i++) {
        struct file packed = compress_file(filters[i].filter, &f);
        assert_int_equal(capture_kind_of(packed.bytes, packed.length), filters[i].kind);
        struct opened *o = open_bytes(filters[i].kind, &packed, false);
        const char *name;
        size_t got;
        assert_int_equal(o->status, STATUS_OK);
        assert_int_equal(capture_container_next(o->container, &name, &o->error), STATUS_OK);
        assert_null(name);
        struct capture_stream *entry = capture_container_stream(o->container);
        assert_int_equal(capture_stream_read(entry, bytes, f.length + 1, &got, &o->error), STATUS_OK);
        assert_int_equal(got, f.length);
        assert_memory_equal(bytes, f.bytes, f.length);
        assert_int_equal(capture_container_next(o->container, &name, &o->error), STATUS_END);
        close_bytes(o);
        free(packed.bytes);
    }
    free(bytes);
    free(f.bytes);
}

static const struct {
    const char *format;
    enum capture_kind kind;
    bool seek;
} archives[] = {
    { "zip", CAPTURE_KIND_ZIP, true },   { "zip", CAPTURE_KIND_ZIP, false }, { "ustar", CAPTURE_KIND_TAR, true },
    { "ustar", CAPTURE_KIND_TAR, false }, { "7zip", CAPTURE_KIND_7ZIP, true },
};

static void entries_are_given_in_order(void **state)
{
    (void)state;
    struct file big = simple_pcap(5000, 200), small = simple_pcap(1, 1);
    const struct entry entries[] = { { "dir/big.pcap", big }, { "small.pcap", small }, { "third", small } };
    for (size_t i = 0; i < COUNT(archives); i++) {
        struct file packed = pack(archives[i].format, "none", entries, COUNT(entries));
        struct opened *o = open_bytes(archives[i].kind, &packed, archives[i].seek);
        const char *name;
        uint8_t bytes[200];
        size_t got;
        assert_int_equal(o->status, STATUS_OK);
        /* The first is left unread: the next is to be found all the same. */
        assert_int_equal(capture_container_next(o->container, &name, &o->error), STATUS_OK);
        assert_string_equal(name, "dir/big.pcap");
        assert_int_equal(capture_container_next(o->container, &name, &o->error), STATUS_OK);
        assert_string_equal(name, "small.pcap");
        assert_int_equal(capture_stream_peek(capture_container_stream(o->container)), small.length);
        assert_int_equal(capture_stream_read(capture_container_stream(o->container), bytes, sizeof bytes, &got, NULL),
                         STATUS_OK);
        assert_memory_equal(bytes, small.bytes, small.length);
        assert_int_equal(capture_container_next(o->container, &name, &o->error), STATUS_OK);
        assert_int_equal(capture_container_next(o->container, &name, &o->error), STATUS_END);
        close_bytes(o);
        free(packed.bytes);
    }
    free(big.bytes);
    free(small.bytes);
}

static void seven_zip_needs_a_file(void **state)
{
    (void)state;
    struct file f = { 0 };
    put(&f, "7z\xbc\xaf\x27\x1c", 6);
    struct opened *o = open_bytes(CAPTURE_KIND_7ZIP, &f, false);
    assert_int_equal(o->status, STATUS_BAD_INPUT);
    assert_non_null(strstr(o->error.text, "not from a stream"));
    close_bytes(o);
    free(f.bytes);
}

static void a_magic_number_alone_is_no_compression(void **state)
{
    (void)state;
    struct file f = { 0 };
    put(&f, "\x1f\x8b\x08\xff\xff\xff", 6);
    put_fill(&f, 0xff, 100);
    struct opened *o = open_bytes(CAPTURE_KIND_GZIP, &f, false);
    assert_int_equal(o->status, STATUS_BAD_INPUT);
    close_bytes(o);
    free(f.bytes);
}

/* Reads the entry to its end, and says how that came. */
static enum status drain(struct capture_stream *entry, uint64_t *total, struct error *error)
{
    enum { ROOM = 1024 * 1024 };
    uint8_t *bytes = malloc(ROOM);
    enum status status = STATUS_OK;
    *total = 0;
    while (status == STATUS_OK) {
        size_t got;
        status = capture_stream_read(entry, bytes, ROOM, &got, error);
        *total += got;
    }
    free(bytes);
    return status;
}

/* A few dozen bytes of bzip2 for 45 MB of zeros, many times over. */
static void a_bomb_stops_at_the_limit(void **state)
{
    (void)state;
    struct file zeros = { .bytes = calloc(45, 1000000), .length = 45000000, .capacity = 45000000 };
    assert_non_null(zeros.bytes);
    struct file piece = compress_file("bzip2", &zeros), pieces = { 0 };
    for (int i = 0; i < 60; i++)
        put(&pieces, piece.bytes, piece.length);
    struct opened *o = open_bytes(CAPTURE_KIND_BZIP2, &pieces, false);
    const char *name;
    uint64_t total;
    assert_int_equal(capture_container_next(o->container, &name, &o->error), STATUS_OK);
    assert_int_equal(drain(capture_container_stream(o->container), &total, &o->error), STATUS_BAD_INPUT);
    assert_non_null(strstr(o->error.text, "archive bomb"));
    assert_true(total >= CAPTURE_CONTAINER_FREE_BYTES);
    assert_true(total <= CAPTURE_CONTAINER_FREE_BYTES + UINT64_C(1000) * (pieces.length + 65536));
    assert_int_equal(capture_container_next(o->container, &name, &o->error), STATUS_BAD_INPUT);
    close_bytes(o);
    free(zeros.bytes);
    free(piece.bytes);
    free(pieces.bytes);
}

static void truncated_data_is_an_error_after_what_could_be_read(void **state)
{
    (void)state;
    struct file f = { 0 };
    for (uint32_t i = 0; i < 700000; i++)
        put32(&f, i * 2654435761U);
    /* Not lz4: it is given out in blocks of 4 MiB, of which this is one. */
    for (size_t i = 0; i < COUNT(filters) && filters[i].kind != CAPTURE_KIND_LZ4; i++) {
        struct file packed = compress_file(filters[i].filter, &f);
        packed.length = packed.length * 3 / 4;
        struct opened *o = open_bytes(filters[i].kind, &packed, true);
        const char *name;
        uint64_t total;
        if (o->status != STATUS_OK)
            fail_msg("%s (%zu bytes): %s", filters[i].filter, packed.length, o->error.text);
        assert_int_equal(capture_container_next(o->container, &name, &o->error), STATUS_OK);
        enum status status = drain(capture_container_stream(o->container), &total, &o->error);
        if (status != STATUS_BAD_INPUT || total == 0 || total >= f.length)
            fail_msg("%s: status %d after %llu", filters[i].filter, status, (unsigned long long)total);
        close_bytes(o);
        free(packed.bytes);
    }
    free(f.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compressions_are_undone),
        cmocka_unit_test(entries_are_given_in_order),
        cmocka_unit_test(seven_zip_needs_a_file),
        cmocka_unit_test(a_magic_number_alone_is_no_compression),
        cmocka_unit_test(a_bomb_stops_at_the_limit),
        cmocka_unit_test(truncated_data_is_an_error_after_what_could_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
