/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <unistd.h>

#include "capture/stream.h"

enum { LENGTH = 10000 };

/* Gives seven bytes at a time, then fails. */
struct trickle {
    size_t at;
};

static enum status trickle_read(void *context, uint8_t *bytes, size_t room, size_t *got, struct error *error)
{
    struct trickle *trickle = context;
    *got = 0;
    if (trickle->at >= LENGTH)
        return error_set(error, STATUS_IO, "the wire was cut");
    while (*got < 7 && *got < room)
        bytes[(*got)++] = (uint8_t)(trickle->at++ % 251);
    return STATUS_OK;
}

static void short_reads_are_put_together(void **state)
{
    (void)state;
    struct trickle trickle = { 0 };
    struct capture_stream *s = calloc(1, sizeof *s);
    uint8_t bytes[LENGTH + 100];
    size_t got;
    struct error error;
    assert_non_null(s);
    s->context = &trickle;
    s->read = trickle_read;
    s->size_bytes = UINT64_MAX;
    assert_int_equal(capture_stream_peek(s), CAPTURE_STREAM_HEAD_BYTES);
    assert_int_equal(s->position, 0);
    assert_int_equal(capture_stream_read(s, bytes, 5000, &got, &error), STATUS_OK);
    assert_int_equal(got, 5000);
    assert_int_equal(capture_stream_read(s, bytes + 5000, LENGTH, &got, &error), STATUS_OK);
    assert_int_equal(got, trickle.at - 5000);
    for (size_t i = 0; i < LENGTH; i++)
        assert_int_equal(bytes[i], i % 251);
    assert_int_equal(capture_stream_read(s, bytes, 10, &got, &error), STATUS_IO);
    assert_string_equal(error.text, "the wire was cut");
    assert_int_equal(got, 0);
    free(s);
}

static void memory_seeks_and_knows_its_rest(void **state)
{
    (void)state;
    static const uint8_t bytes[] = "0123456789";
    struct capture_stream_memory memory = { .bytes = bytes, .length = 10 };
    struct capture_stream *s = calloc(1, sizeof *s);
    uint8_t out[16];
    size_t got;
    assert_non_null(s);
    capture_stream_from_memory(s, &memory);
    assert_int_equal(capture_stream_peek(s), 10);
    assert_int_equal(capture_stream_read(s, out, 4, &got, NULL), STATUS_OK);
    assert_int_equal(capture_stream_left(s, out, sizeof out), 6);
    assert_true(capture_stream_seek(s, 8));
    assert_int_equal(capture_stream_read(s, out, 16, &got, NULL), STATUS_OK);
    assert_int_equal(got, 2);
    assert_memory_equal(out, "89", 2);
    assert_int_equal(capture_stream_read(s, out, 16, &got, NULL), STATUS_END);
    assert_true(capture_stream_seek(s, 0));
    assert_int_equal(capture_stream_read(s, out, 16, &got, NULL), STATUS_OK);
    assert_int_equal(got, 10);
    assert_false(capture_stream_seek(s, 11));
    free(s);
}

static void a_pipe_is_counted_to_its_end(void **state)
{
    (void)state;
    int fds[2];
    uint8_t scratch[100];
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "hello", 5), 5);
    close(fds[1]);
    struct capture_stream *s = calloc(1, sizeof *s);
    assert_non_null(s);
    capture_stream_from_fd(s, &fds[0], UINT64_MAX);
    assert_int_equal(capture_stream_peek(s), 5);
    assert_false(capture_stream_seek(s, 0));
    assert_int_equal(capture_stream_left(s, scratch, sizeof scratch), 5);
    close(fds[0]);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_reads_are_put_together),
        cmocka_unit_test(memory_seeks_and_knows_its_rest),
        cmocka_unit_test(a_pipe_is_counted_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
