/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "track/pmtu.h"

#define C BENCH_CLIENT
#define S BENCH_SERVER

/* Both sides announce an MSS of 1460 in their SYNs; then these packets. */
struct row {
    const char *name;
    struct bench_step steps[16];
    int64_t until_ms;
    const char *facts;
    bool decisive, missing, downward;
    uint32_t lost, passed;
};

#define LARGE { 1000, C, "PA", 1, 1, 1460 }, { 1300, C, "PA", 1, 1, 1460 }
#define LARGER LARGE, { 1310, S, "A", 1, 1, 0 }, { 1900, C, "PA", 1, 1, 1460 }
#define HOLE { 1000, S, "PA", 2921, 1, 900 }, { 1001, C, "A", 1, 1, 0 }

static const struct row rows[] = {
    { "the same data in smaller pieces passes",
      { LARGER, { 1910, S, "A", 1, 1, 0 }, { 4000, C, "PA", 1, 1, 1000 }, { 4020, S, "A", 1, 1001, 0 } }, 5000,
      "accepted pmtu-blackhole", true, false, false, 1500, 1040 },
    { "never passes, the server speaks on",
      { LARGER, { 1910, S, "PA", 1, 1, 80 }, { 3100, C, "PA", 1, 81, 1460 }, { 3110, S, "PA", 81, 1, 80 } }, 5000,
      "accepted pmtu-blackhole", false, false, false, 1500, 0 },
    { "passes at last at its size",
      { LARGER, { 1910, S, "A", 1, 1, 0 }, { 4000, C, "PA", 1, 1, 1460 }, { 4020, S, "A", 1, 1461, 0 } }, 5000,
      "accepted", false, false, false, 0, 0 },
    { "one repeat", { LARGE, { 1310, S, "PA", 1, 1, 80 } }, 5000, "accepted", false, false, false, 0, 0 },
    { "repeats without growing pauses",
      { { 1000, C, "PA", 1, 1, 1460 }, { 1300, C, "PA", 1, 1, 1460 }, { 1600, C, "PA", 1, 1, 1460 },
        { 1610, S, "PA", 1, 1, 80 }, { 1900, C, "PA", 1, 81, 1460 }, { 1910, S, "PA", 81, 1, 80 } }, 5000, "accepted",
      false, false, false, 0, 0 },
    { "as large as what passed before",
      { { 500, C, "PA", 1, 1, 1460 }, { 520, S, "A", 1, 1461, 0 }, { 1000, C, "PA", 1461, 1, 1460 },
        { 1300, C, "PA", 1461, 1, 1460 }, { 1900, C, "PA", 1461, 1, 1460 }, { 1910, S, "PA", 1, 1461, 80 },
        { 3000, C, "PA", 1461, 81, 1460 }, { 3010, S, "PA", 81, 1461, 80 } }, 5000, "accepted", false, false, false, 0,
      0 },
    { "a hole of two full segments",
      { HOLE }, 4001, "accepted pmtu-blackhole", false, true, true, 1500, 940 },
    { "a hole for not quite three seconds", { HOLE }, 3999, "accepted", false, true, true, 0, 0 },
    { "a hole that the client does not show",
      { { 1000, S, "PA", 2921, 1, 900 } }, 9000, "accepted", false, true, true, 0, 0 },
    { "a hole that the client has: the capture's loss",
      { HOLE, { 1010, C, "A", 1, 3821, 0 } }, 9000, "accepted", false, true, true, 0, 0 },
    { "a hole that is filled", { HOLE, { 1200, S, "PA", 1, 1, 1460 } }, 9000, "accepted", false, true, true, 0, 0 },
    { "a hole of a whole number of other segments",
      { { 1000, S, "PA", 2001, 1, 900 }, { 1001, C, "A", 1, 1, 0 } }, 9000, "accepted", false, true, true, 0, 0 },
    { "a full segment behind it",
      { { 1000, S, "PA", 2921, 1, 1460 }, { 1001, C, "A", 1, 1, 0 } }, 9000, "accepted", false, true, true, 0, 0 },
    { "filled in smaller pieces after three seconds",
      { HOLE, { 4500, S, "PA", 1, 1, 1000 }, { 4501, C, "A", 1, 1001, 0 } }, 9000, "accepted pmtu-blackhole", true,
      true, true, 1500, 940 },
    { "the connection was closed before three seconds",
      { HOLE, { 2000, C, "FA", 1, 1, 0 } }, 9000, "accepted", false, true, true, 0, 0 },
};

static void connect_with_mss(struct bench *b)
{
    static const struct { int64_t at_ms; enum bench_side from; uint8_t flags; uint32_t numbers[3]; } steps[] = {
        { 0, C, DECODE_SYN, { 0, 0, 0 } },
        { 20, S, DECODE_SYN | DECODE_ACK, { 0, 1, 0 } },
        { 30, C, DECODE_ACK, { 1, 1, 0 } },
    };
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct decode_packet d = bench_tcp(b, &bench_dcv, steps[i].from, steps[i].flags, steps[i].numbers);
        if (d.tcp.flags & DECODE_SYN) {
            d.flags |= DECODE_TCP_MSS;
            d.tcp.mss = 1460;
        }
        bench_send(b, MS(steps[i].at_ms), &d);
    }
}

static unsigned play(const struct row *row)
{
    struct bench b;
    char text[256];
    bench_begin(&b);
    connect_with_mss(&b);
    bench_play_tcp(&b, &bench_dcv, row->steps);
    bench_finish(&b, MS(row->until_ms));
    const struct model_path *p = bench_path(&b, &bench_dcv, 6);
    unsigned failed = soft_text(row->name, "facts", bench_facts(p, text), row->facts);
    if (!failed && row->lost) {
        const struct model_incident *hole = model_incident_at(p, MODEL_PMTU_BLACKHOLE, 0);
        failed += soft_int(row->name, "decisive", hole->decisive, row->decisive);
        failed += soft_int(row->name, "missing", hole->missing, row->missing);
        failed += soft_int(row->name, "downward", hole->downward, row->downward);
        failed += soft_int(row->name, "lost", hole->size_bytes, row->lost);
        failed += soft_int(row->name, "passed", hole->passed_bytes, row->passed);
    }
    failed += soft_int(row->name, "least MSS", p->least_mss, 1460);
    bench_end(&b);
    return failed;
}

static void black_holes_are_told_from_loss(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        failed += play(&rows[i]);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(black_holes_are_told_from_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
