/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "track/fragment.h"

/* A datagram of 3,000 bytes of the PCoIP gateway's, in pieces: the first carries 1,472 bytes of payload behind its UDP
 * header, the others what their rows say. A row without `what` ends the list. */
struct piece {
    int64_t at_ms;
    const char *what; /* "first", "later", "last" */
    uint32_t id, offset, bytes;
};

static const struct row {
    const char *name;
    struct piece pieces[8];
    int64_t until_ms;
    unsigned datagrams, incomplete, followed; /* `followed`: later fragments that were known to be */
} rows[] = {
    { "complete", { { 0, "first", 7, 0, 0 }, { 1, "later", 7, 1480, 1480 }, { 2, "last", 7, 2960, 48 } }, 5000, 1, 0,
      2 },
    { "the last one comes before the middle",
      { { 0, "first", 7, 0, 0 }, { 1, "last", 7, 2960, 48 }, { 2, "later", 7, 1480, 1480 } }, 5000, 1, 0, 2 },
    { "the first one comes last",
      { { 0, "last", 7, 2960, 48 }, { 1, "later", 7, 1480, 1480 }, { 2, "first", 7, 0, 0 } }, 5000, 1, 0, 0 },
    { "copies", { { 0, "first", 7, 0, 0 }, { 1, "later", 7, 1480, 1480 }, { 1, "later", 7, 1480, 1480 },
                  { 2, "last", 7, 2960, 48 }, { 2, "last", 7, 2960, 48 } }, 5000, 1, 0, 4 },
    { "the middle is missing", { { 0, "first", 7, 0, 0 }, { 2, "last", 7, 2960, 48 } }, 5000, 1, 1, 1 },
    { "the middle is missing, the last comes twice",
      { { 0, "first", 7, 0, 0 }, { 2, "last", 7, 2960, 48 }, { 3, "last", 7, 2960, 48 } }, 5000, 1, 1, 2 },
    { "the last is missing", { { 0, "first", 7, 0, 0 }, { 1, "later", 7, 1480, 1480 } }, 5000, 1, 1, 1 },
    { "all others are missing", { { 0, "first", 7, 0, 0 } }, 5000, 1, 1, 0 },
    { "the capture ends too soon to tell", { { 0, "first", 7, 0, 0 } }, 999, 1, 0, 0 },
    { "of another datagram", { { 0, "first", 7, 0, 0 }, { 1, "last", 8, 1480, 100 } }, 5000, 1, 1, 0 },
    { "of another datagram, a minute later",
      { { 0, "first", 7, 0, 0 }, { 61000, "last", 7, 1480, 100 } }, 70000, 1, 1, 0 },
    { "two datagrams", { { 0, "first", 7, 0, 0 }, { 1, "last", 7, 1480, 100 }, { 2, "first", 8, 0, 0 } }, 5000, 2, 1,
      1 },
    { "later fragments without a first one", { { 0, "later", 7, 1480, 1480 }, { 1, "last", 7, 2960, 48 } }, 5000, 0, 0,
      0 },
};

static struct decode_packet piece_packet(struct bench *b, const struct piece *piece)
{
    struct decode_packet d = bench_packet(b, &bench_pcoip, BENCH_SERVER, 17, 1472);
    d.fragment_id = piece->id;
    d.ip_id = (uint16_t)piece->id;
    if (strcmp(piece->what, "first") == 0) {
        d.flags |= DECODE_FIRST_FRAGMENT;
        return d;
    }
    d.transport = DECODE_FRAGMENT;
    d.flags = 0;
    d.source_port = d.destination_port = 0;
    d.payload_bytes = d.payload_captured = piece->bytes;
    d.fragment = (struct decode_fragment){ .offset_bytes = piece->offset, .more = strcmp(piece->what, "later") == 0 };
    return d;
}

static unsigned play(const struct row *row)
{
    struct bench b;
    bench_begin(&b);
    unsigned followed = 0, failed = 0;
    for (const struct piece *piece = row->pieces; piece->what; piece++) {
        struct decode_packet d = piece_packet(&b, piece);
        enum track_result result = bench_send(&b, MS(piece->at_ms), &d);
        followed += d.transport == DECODE_FRAGMENT && result == TRACK_FOLLOWED;
    }
    bench_finish(&b, MS(row->until_ms));
    const struct model_path *p = bench_path(&b, &bench_pcoip, 17);
    const struct model_fragments *record = p ? p->fragments : NULL;
    failed += soft_int(row->name, "datagrams", record ? (long)record->datagrams[1] : 0, row->datagrams);
    failed += soft_int(row->name, "incomplete", record ? (long)record->incomplete[1] : 0, row->incomplete);
    failed += soft_int(row->name, "followed", followed, row->followed);
    bench_end(&b);
    return failed;
}

static void datagrams_are_put_together(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        failed += play(&rows[i]);
    track_fragment_free(NULL);
    assert_int_equal(failed, 0);
}

/* Later fragments of strangers take no place that a streaming datagram still needs. */
static void strangers_drive_nobody_out(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    const struct piece first = { 0, "first", 7, 0, 0 }, last = { 5, "last", 7, 1480, 48 };
    struct decode_packet d = piece_packet(&b, &first);
    bench_send(&b, 0, &d);
    for (uint32_t id = 100; id < 5000; id++) {
        const struct piece other = { 1, "last", id, 1480, 48 };
        d = piece_packet(&b, &other);
        d.source = bench_address("203.0.113.7");
        assert_int_equal(bench_send(&b, MS(1), &d), TRACK_BACKGROUND);
    }
    d = piece_packet(&b, &last);
    assert_int_equal(bench_send(&b, MS(5), &d), TRACK_FOLLOWED);
    bench_finish(&b, MS(5000));
    assert_int_equal(bench_path(&b, &bench_pcoip, 17)->fragments->incomplete[1], 0);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datagrams_are_put_together),
        cmocka_unit_test(strangers_drive_nobody_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
