/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "flow/tcp_counts.h"
#include "track/resend.h"

/* What was sent again, and why. bench_connect: 30 ms for the whole round trip. */

#define C BENCH_CLIENT
#define S BENCH_SERVER

enum { SEGMENTS_MAX = 20 };

struct row {
    const char *name;
    struct bench_segment segments[SEGMENTS_MAX];
    const char *counts; /* of the client, then of the server behind "; " */
};

static const struct row kinds[] = {
    { "nothing", { SAYS(100, C, "PA", 1, 1, 100), SAYS(120, S, "A", 1, 101, 0) }, "data 1; " },
    { "a time-out", { SAYS(100, C, "PA", 1, 1, 100), SAYS(500, C, "PA", 1, 1, 100), SAYS(520, S, "A", 1, 101, 0) },
      "data 1 timeout 1 lost 1/1; " },
    { "never acknowledged: not known to be lost",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(500, C, "PA", 1, 1, 100) }, "data 1 timeout 1; " },
    { "twice: one loss",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(500, C, "PA", 1, 1, 100), SAYS(1300, C, "PA", 1, 1, 100),
        SAYS(1320, S, "A", 1, 101, 0) }, "data 1 timeout 2 lost 1/1; " },
    { "two that touch: one range",
      { SAYS(100, C, "A", 1, 1, 100), SAYS(101, C, "PA", 101, 1, 100), SAYS(500, C, "A", 1, 1, 100),
        SAYS(510, C, "PA", 101, 1, 100), SAYS(540, S, "A", 1, 201, 0) }, "data 2 timeout 2 lost 2/1; " },
    { "of the server", { SAYS(100, S, "PA", 1, 1, 100), SAYS(500, S, "PA", 1, 1, 100), SAYS(510, C, "A", 1, 101, 0) },
      "; data 1 timeout 1 lost 1/1" },
    { "after three duplicate ACKs",
      { SAYS(100, C, "A", 1, 1, 100), SAYS(120, S, "A", 1, 101, 0), SAYS(130, C, "A", 101, 1, 100),
        SAYS(131, C, "A", 201, 1, 100), SAYS(132, C, "A", 301, 1, 100), SAYS(133, C, "A", 401, 1, 100),
        SAYS(151, S, "A", 1, 101, 0), SAYS(154, S, "A", 1, 101, 0), SAYS(157, S, "A", 1, 101, 0),
        SAYS(160, C, "A", 101, 1, 100), SAYS(180, S, "A", 1, 501, 0) },
      "data 5 fast 1 lost 1/1; duplicate-acks 3" },
    { "after two: the time-out's",
      { SAYS(100, C, "A", 1, 1, 100), SAYS(120, S, "A", 1, 101, 0), SAYS(130, C, "A", 101, 1, 100),
        SAYS(131, C, "A", 201, 1, 100), SAYS(132, C, "A", 301, 1, 100), SAYS(151, S, "A", 1, 101, 0),
        SAYS(154, S, "A", 1, 101, 0), SAYS(460, C, "A", 101, 1, 100), SAYS(480, S, "A", 1, 401, 0) },
      "data 4 timeout 1 lost 1/1; duplicate-acks 2" },
    { "below what was acknowledged selectively",
      { SAYS(100, C, "A", 1, 1, 100), SAYS(101, C, "A", 101, 1, 100), SACKS(121, S, 1, 101, 201),
        SAYS(125, C, "A", 1, 1, 100), SAYS(145, S, "A", 1, 201, 0) },
      "data 2 fast 1 lost 1/1; duplicate-acks 1 sack" },
    { "a tail-loss probe", { SAYS(100, C, "PA", 1, 1, 100), SAYS(160, C, "PA", 1, 1, 100),
        SAYS(180, S, "A", 1, 101, 0) },
      "data 1 tail-probe 1 lost 1/1; " },
    { "too soon for one", { SAYS(100, C, "PA", 1, 1, 100), SAYS(140, C, "PA", 1, 1, 100) }, "data 1 timeout 1; " },
    { "too late for one", { SAYS(100, C, "PA", 1, 1, 100), SAYS(330, C, "PA", 1, 1, 100) }, "data 1 timeout 1; " },
    { "not the tail",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(101, C, "PA", 101, 1, 100), SAYS(160, C, "PA", 1, 1, 100) },
      "data 2 timeout 1; " },
};

static const struct row needless[] = {
    { "acknowledged before",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(120, S, "A", 1, 101, 0), SAYS(130, C, "PA", 1, 1, 100) },
      "data 1 spurious 1; " },
    { "DSACK below the acknowledgment",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(500, C, "PA", 1, 1, 100), SAYS(510, S, "A", 1, 101, 0),
        SACKS(530, S, 101, 1, 101) }, "data 1 spurious 1; sack" },
    { "DSACK of something else",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(500, C, "PA", 1, 1, 100), SAYS(510, S, "A", 1, 101, 0),
        SACKS(530, S, 101, 0u - 400, 0u - 300) }, "data 1 timeout 1 lost 1/1; sack" },
    { "Eifel: what is acknowledged was sent before the repeat",
      { STAMPED(100, C, "PA", 1, 1, 100, 100, 5), STAMPED(500, C, "PA", 1, 1, 100, 500, 5),
        STAMPED(510, S, "A", 1, 101, 0, 50, 100) }, "data 1 spurious 1; " },
    { "Eifel: the repeat itself",
      { STAMPED(100, C, "PA", 1, 1, 100, 100, 5), STAMPED(500, C, "PA", 1, 1, 100, 500, 5),
        STAMPED(520, S, "A", 1, 101, 0, 50, 500) }, "data 1 timeout 1 lost 1/1; " },
    { "Eifel across 2^32",
      { STAMPED(100, C, "PA", 1, 1, 100, 0xffffff00, 5), STAMPED(500, C, "PA", 1, 1, 100, 0x90, 5),
        STAMPED(510, S, "A", 1, 101, 0, 50, 0xffffff00) }, "data 1 spurious 1; " },
};

static const struct row others[] = {
    { "a keep-alive without a byte", { SAYS(100, C, "A", 0, 1, 0), SAYS(120, S, "A", 1, 1, 0) }, "keepalives 1; " },
    { "keep-alives of one byte",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(120, S, "A", 1, 101, 0), SAYS(5000, C, "A", 100, 1, 1),
        SAYS(5020, S, "A", 1, 101, 0), SAYS(9000, C, "A", 100, 1, 1) }, "data 1 keepalives 2; " },
    { "window probes, below what comes next and at it",
      { SAYS(100, S, "PA", 1, 1, 100), SHUTS(110, C, 101), SAYS(400, S, "A", 100, 1, 1), SAYS(900, S, "A", 101, 1, 1) },
      "zero-windows 1; data 1 window-probes 2" },
    { "late within a round trip: out of order",
      { SAYS(100, C, "A", 101, 1, 100), SAYS(101, C, "A", 1, 1, 100), SAYS(125, S, "A", 1, 201, 0) },
      "data 1 out-of-order 1; " },
    { "later than that: lost before the tap",
      { SAYS(100, C, "A", 101, 1, 100), SAYS(400, C, "A", 1, 1, 100), SAYS(425, S, "A", 1, 201, 0) },
      "data 1 timeout 1 lost 1/1; " },
    { "late by its time stamp, however long",
      { STAMPED(100, C, "A", 101, 1, 100, 101, 5), STAMPED(160, C, "A", 1, 1, 100, 100, 5) },
      "data 1 out-of-order 1; " },
    { "sent again by its time stamp, however soon",
      { STAMPED(100, C, "A", 101, 1, 100, 101, 5), STAMPED(120, C, "A", 1, 1, 100, 120, 5),
        STAMPED(140, S, "A", 1, 201, 0, 50, 120) }, "data 1 timeout 1 lost 1/1; " },
    { "a hole that never fills is the capture's: nothing was sent again",
      { SAYS(100, C, "A", 101, 1, 100), SAYS(125, S, "A", 1, 201, 0) }, "data 1; " },
};

/* Absolute numbers: the relative ones less the client's initial number. */
#define NEAR_END (0u - 50 - BENCH_CLIENT_ISN)
#define BEYOND (50u - BENCH_CLIENT_ISN)

static const struct row hostile[] = {
    { "out of order across 2^32",
      { SAYS(90, C, "A", NEAR_END - 10, 1, 10), SAYS(100, C, "A", BEYOND, 1, 100),
      SAYS(101, C, "A", NEAR_END, 1, 100) },
      "data 2 out-of-order 1; " },
    { "a time-out across 2^32",
      { SAYS(90, C, "A", NEAR_END - 10, 1, 10), SAYS(100, C, "A", NEAR_END, 1, 100),
        SAYS(500, C, "A", NEAR_END, 1, 100), SAYS(520, S, "A", 1, BEYOND, 0) }, "data 2 timeout 1 lost 1/1; " },
    { "a selective acknowledgment turned round",
      { SAYS(100, C, "A", 1, 1, 100), SAYS(110, S, "A", 1, 1, 0), SACKS(120, S, 1, 0xffffff00, 5),
        SACKS(121, S, 1, 0x80000000, 0x7fffffff) }, "data 1; duplicate-acks 2 sack" },
    { "far behind what was acknowledged",
      { SAYS(100, C, "A", 0x50000000, 1, 100), SAYS(120, S, "A", 1, 0x50000000 + 100, 0),
      SAYS(130, C, "A", 1, 1, 100) },
      "data 1 spurious 1; " },
};

static size_t put(char *text, size_t n, const char *name, uint32_t count)
{
    bool first = !n || text[n - 1] == ' ';
    return count ? n + (size_t)snprintf(text + n, 256 - n, "%s%s %" PRIu32, first ? "" : " ", name, count) : n;
}

static size_t write_side(const struct flow_tcp_counts *c, char *text, size_t n)
{
    static const char *const names[FLOW_RESENT_KINDS] = { "timeout", "fast", "tail-probe", "spurious" };
    n = put(text, n, "data", c->data_segments);
    for (int k = 0; k < FLOW_RESENT_KINDS; k++)
        n = put(text, n, names[k], c->resent[k]);
    n = put(text, n, "lost", c->lost_segments);
    if (c->lost_segments)
        n += (size_t)snprintf(text + n, 256 - n, "/%" PRIu32, c->lost_ranges);
    n = put(text, n, "out-of-order", c->out_of_order);
    n = put(text, n, "keepalives", c->keepalives);
    n = put(text, n, "window-probes", c->window_probes);
    n = put(text, n, "zero-windows", c->zero_windows);
    n = put(text, n, "duplicate-acks", c->duplicate_acks);
    if (c->sack)
        n += (size_t)snprintf(text + n, 256 - n, "%ssack", text[n - 1] == ' ' ? "" : " ");
    return n;
}

static unsigned play(const struct row *rows, size_t count, bool connected)
{
    unsigned failed = 0;
    for (size_t i = 0; i < count; i++) {
        struct bench b;
        char text[256] = "";
        bench_begin(&b);
        if (connected)
            bench_connect(&b, &bench_dcv, 0);
        bench_play_segments(&b, &bench_dcv, rows[i].segments);
        bench_finish(&b, MS(10000));
        size_t n = write_side(&b.counts[FLOW_TO_SERVER], text, 0);
        n += (size_t)snprintf(text + n, sizeof text - n, "; ");
        write_side(&b.counts[FLOW_TO_CLIENT], text, n);
        failed += soft_text(rows[i].name, "counts", text, rows[i].counts);
        bench_end(&b);
    }
    return failed;
}

static void each_repeat_has_its_kind(void **state)
{
    (void)state;
    assert_int_equal(play(kinds, COUNT_OF(kinds), true), 0);
}

static void what_had_arrived_is_not_lost(void **state)
{
    (void)state;
    assert_int_equal(play(needless, COUNT_OF(needless), true), 0);
}

static void what_is_no_repeat_is_told_apart(void **state)
{
    (void)state;
    assert_int_equal(play(others, COUNT_OF(others), true), 0);
}

static void numbers_wrap_and_lie(void **state)
{
    (void)state;
    assert_int_equal(play(hostile, COUNT_OF(hostile), false), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_repeat_has_its_kind),
        cmocka_unit_test(what_had_arrived_is_not_lost),
        cmocka_unit_test(what_is_no_repeat_is_told_apart),
        cmocka_unit_test(numbers_wrap_and_lie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
