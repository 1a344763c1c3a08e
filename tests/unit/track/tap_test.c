/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/checksum.h"
#include "fixture.h"

#include "track/tap.h"

#define C BENCH_CLIENT
#define S BENCH_SERVER
#define SHAKE { 0, C, "S", 0, 0, 0 }, { 20, S, "SA", 0, 1, 0 }, { 30, C, "A", 1, 1, 0 }

/* What a flow proves about the tap: silence proves nothing, a side that goes on although the other is missing does. */
static const struct {
    const char *name;
    const struct bench_pair *pair;
    uint8_t protocol;
    struct bench_step steps[8];
    unsigned two_way, client_only, server_only;
    unsigned with_start;
    int without_start; /* -1: whether a probe can have no start is not said */
} directions[] = {
    { "both ways", &bench_dcv, 6, { SHAKE }, 1, 0, 0, 1, 0 },
    { "an unanswered SYN proves nothing", &bench_dcv, 6, { { 0, C, "S", 0, 0, 0 }, { 1000, C, "S", 0, 0, 0 } }, 0, 0,
      0, 1, 0 },
    { "the client goes on after its SYN", &bench_dcv, 6, { { 0, C, "S", 0, 0, 0 }, { 30, C, "A", 1, 1, 0 } }, 0, 1, 0,
      1,
      0 },
    { "mid-stream: the acknowledgment number moves", &bench_dcv, 6,
      { { 0, C, "PA", 1, 1, 100 }, { 30, C, "A", 101, 501, 0 } }, 0, 1, 0, 0, 1 },
    { "mid-stream: one side, nothing moves", &bench_dcv, 6, { { 0, C, "PA", 1, 1, 100 }, { 300, C, "PA", 1, 1, 100 } },
      0,
      0, 0, 0, 1 },
    { "a SYN-ACK without its SYN", &bench_dcv, 6, { { 20, S, "SA", 0, 1, 0 } }, 0, 0, 1, 1, 0 },
    { "server data alone", &bench_dcv, 6,
      { { 0, S, "PA", 1, 1, 100 }, { 10, S, "PA", 101, 1, 100 }, { 20, S, "PA", 201, 1, 100 } }, 0, 0, 1, 0, 1 },
    { "unanswered Initials prove nothing", &bench_dcv, 17, { { 0, C, "I", 0, 0, 0 }, { 300, C, "I", 0, 0, 0 } }, 0, 0,
      0, 1,
      0 },
    { "a Handshake of a client that was never answered here", &bench_dcv, 17,
      { { 0, C, "I", 0, 0, 0 }, { 300, C, "H", 0, 0, 0 } }, 0, 1, 0, 1, 0 },
    { "server datagrams alone", &bench_dcv, 17,
      { { 0, S, "s", 0, 0, 0 }, { 10, S, "s", 0, 0, 0 }, { 20, S, "s", 0, 0, 0 } }, 0, 0, 1, 0, 0 },
    { "probes of a health check prove nothing", &bench_health, 17, { { 0, C, "d", 0, 0, 0 }, { 300, C, "d", 0, 0,
      0 } }, 0,
      0, 0, 0, -1 },
    { "another's flow on 443, both ways, counts as well", &bench_web, 6, { SHAKE }, 1, 0, 0, 0, 0 },
    { "another's flow on 443, one-way, counts as well", &bench_web, 6,
      { { 0, C, "S", 0, 0, 0 }, { 30, C, "A", 1, 1, 0 } }, 0, 1, 0, 0, 0 },
};

static void flows_prove_what_the_tap_sees(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(directions); i++) {
        const char *name = directions[i].name;
        struct bench b;
        bench_begin(&b);
        (directions[i].protocol == 6 ? bench_play_tcp : bench_play_udp)(&b, directions[i].pair, directions[i].steps);
        bench_finish(&b, MS(20000));
        const struct model_tap *tap = model_tap(b.model);
        bool role = directions[i].pair != &bench_web;
        failed += soft_int(name, "two-way", (int64_t)tap->flows_two_way, directions[i].two_way);
        failed += soft_int(name, "client only", (int64_t)tap->flows_client_only_proved, directions[i].client_only);
        failed += soft_int(name, "server only", (int64_t)tap->flows_server_only_proved, directions[i].server_only);
        failed += soft_int(name, "two-way with a role", (int64_t)tap->role_flows_two_way,
                           role ? directions[i].two_way : 0);
        failed += soft_int(name, "one-way with a role", (int64_t)tap->role_flows_one_way,
                           role ? directions[i].client_only + directions[i].server_only : 0);
        failed += soft_int(name, "with a role", (int64_t)tap->role_flows, role);
        failed += soft_int(name, "with start", (int64_t)tap->role_flows_with_start, directions[i].with_start);
        if (directions[i].without_start >= 0)
            failed += soft_int(name, "without start", (int64_t)tap->role_flows_without_start,
                               directions[i].without_start);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

/* Holes in what was seen: the peer's acknowledgment tells whether the network or the capture lost it. */
static const struct {
    const char *name;
    struct bench_step steps[12];
    unsigned unseen;
} holes[] = {
    { "none", { SHAKE, { 100, C, "PA", 1, 1, 100 }, { 120, S, "A", 1, 101, 0 } }, 0 },
    { "acknowledged and never seen",
      { SHAKE, { 100, C, "PA", 1, 1, 100 }, { 110, C, "PA", 201, 1, 100 }, { 120, S, "A", 1, 301, 0 } }, 1 },
    { "lost on the way and sent again",
      { SHAKE, { 100, C, "PA", 1, 1, 100 }, { 110, C, "PA", 201, 1, 100 }, { 120, S, "A", 1, 101, 0 },
        { 300, C, "PA", 101, 1, 100 }, { 320, S, "A", 1, 301, 0 } }, 0 },
    { "not acknowledged", { SHAKE, { 100, C, "PA", 1, 1, 100 }, { 110, C, "PA", 201, 1, 100 }, { 120, S, "A", 1, 101,
      0 } },
      0 },
    { "the last segment, acknowledged and never seen",
      { SHAKE, { 100, C, "PA", 1, 1, 100 }, { 120, S, "A", 1, 501, 0 } }, 1 },
    { "a FIN that was not captured is one number",
      { SHAKE, { 100, C, "PA", 1, 1, 100 }, { 120, S, "A", 1, 102, 0 } }, 0 },
    { "of the server", { SHAKE, { 100, S, "PA", 1, 1, 100 }, { 110, S, "PA", 201, 1, 100 }, { 120, C, "A", 1, 301,
      0 } }, 1 },
    { "two",
      { SHAKE, { 100, C, "PA", 1, 1, 100 }, { 110, C, "PA", 201, 1, 100 }, { 120, S, "A", 1, 301, 0 },
        { 130, C, "PA", 401, 1, 100 }, { 140, S, "A", 1, 501, 0 } }, 2 },
};

static void acknowledged_data_that_was_never_seen(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(holes); i++) {
        struct bench b;
        bench_begin(&b);
        bench_play_tcp(&b, &bench_dcv, holes[i].steps);
        bench_finish(&b, MS(20000));
        failed += soft_int(holes[i].name, "holes", (int64_t)model_tap(b.model)->unseen_holes, holes[i].unseen);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

/* Only handshakes in the file, though the numbers say that data passed. */
static const struct {
    const char *name;
    struct bench_step steps[12];
    unsigned hidden, closed;
} filters[] = {
    { "data seen", { SHAKE, { 100, C, "PA", 1, 1, 100 }, { 200, C, "FA", 101, 1, 0 }, { 220, S, "FA", 1, 102, 0 } }, 0,
      1 },
    { "data hidden", { SHAKE, { 200, C, "FA", 101, 1, 0 }, { 220, S, "FA", 1, 102, 0 } }, 1, 1 },
    { "no data at all", { SHAKE, { 200, C, "FA", 1, 1, 0 }, { 220, S, "FA", 1, 2, 0 } }, 0, 1 },
    { "not closed", { SHAKE }, 0, 0 },
};

static void hidden_data_betrays_a_filter(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        struct bench b;
        bench_begin(&b);
        bench_play_tcp(&b, &bench_dcv, filters[i].steps);
        bench_finish(&b, MS(20000));
        failed += soft_int(filters[i].name, "hidden", (int64_t)model_tap(b.model)->data_hidden_flows,
            filters[i].hidden);
        failed += soft_int(filters[i].name, "closed", (int64_t)model_tap(b.model)->handshake_closed_flows,
                           filters[i].closed);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

static void send_data(struct bench *b, int64_t at_ms, uint32_t sequence, uint32_t length, uint16_t flags)
{
    const uint32_t numbers[3] = { sequence, 1, length };
    struct decode_packet d = bench_tcp(b, &bench_dcv, C, DECODE_ACK, numbers);
    d.flags |= flags;
    d.payload_captured = length < 1000 ? length : 1000;
    bench_send(b, MS(at_ms), &d);
}

static void send_checksummed(struct bench *b, int64_t at_ms, uint32_t sequence, bool right)
{
    uint8_t segment[100] = { 0 };
    const uint32_t numbers[3] = { sequence, 1, sizeof segment };
    struct decode_packet d = bench_tcp(b, &bench_dcv, C, DECODE_ACK, numbers);
    d.flags |= DECODE_CHECKSUM_KNOWN;
    for (unsigned sum = 0; decode_checksum_is_wrong(&d, segment) == right; sum++) {
        segment[0] = (uint8_t)(sum >> 8);
        segment[1] = (uint8_t)sum;
    }
    bench_send_bytes(b, MS(at_ms), &d, segment);
}

static const struct {
    const char *name;
    unsigned good, bad;
    unsigned senders;
} checksums[] = {
    { "all right", 20, 0, 0 }, { "most wrong", 2, 18, 1 }, { "few wrong", 18, 2, 0 }, { "too few to prove it", 0, 5,
      0 },
};

static void wrong_checksums_of_a_sender(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(checksums); i++) {
        struct bench b;
        bench_begin(&b);
        for (unsigned n = 0; n < checksums[i].good + checksums[i].bad; n++)
            send_checksummed(&b, n * 100, 1 + n * 100, n >= checksums[i].bad);
        bench_finish(&b, MS(20000));
        failed += soft_int(checksums[i].name, "senders", (int64_t)model_tap(b.model)->checksum_bad_senders,
                           checksums[i].senders);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

static const struct {
    const char *name;
    uint16_t mss;    /* announced by the receiver; 0: not */
    uint32_t length;
    unsigned segments;
} offloads[] = {
    { "at the receiver's MSS", 1460, 1460, 0 }, { "above it", 1460, 1461, 1 }, { "far above it", 1460, 30000, 1 },
    { "a jumbo frame, MSS unknown", 0, 8960, 0 }, { "above 9000, MSS unknown", 0, 8961, 1 },
};

static void segments_larger_than_the_wire(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(offloads); i++) {
        static const uint32_t none[3] = { 0, 1, 0 };
        struct bench b;
        bench_begin(&b);
        struct decode_packet syn_ack = bench_tcp(&b, &bench_dcv, S, DECODE_SYN | DECODE_ACK, none);
        syn_ack.tcp.mss = offloads[i].mss;
        syn_ack.flags |= offloads[i].mss ? DECODE_TCP_MSS : 0;
        bench_send(&b, 0, &syn_ack);
        send_data(&b, 100, 1, offloads[i].length, 0);
        const struct model_tap *tap = model_tap(b.model);
        failed += soft_int(offloads[i].name, "segments", (int64_t)tap->supersegments, offloads[i].segments);
        if (offloads[i].segments) {
            failed += soft_int(offloads[i].name, "largest", tap->supersegment_largest_bytes, offloads[i].length);
            failed += soft_int(offloads[i].name, "frame", (int64_t)tap->supersegment_first_frame, 2);
        }
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

static void cut_payload_is_counted(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    send_data(&b, 0, 1, 100, 0);
    send_data(&b, 100, 101, 100, DECODE_PAYLOAD_CUT);
    send_data(&b, 200, 201, 0, 0);
    assert_int_equal(model_tap(b.model)->followed_packets, 3);
    assert_int_equal(model_tap(b.model)->followed_with_payload, 2);
    assert_int_equal(model_tap(b.model)->followed_cut, 1);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flows_prove_what_the_tap_sees),
        cmocka_unit_test(acknowledged_data_that_was_never_seen),
        cmocka_unit_test(hidden_data_betrays_a_filter),
        cmocka_unit_test(wrong_checksums_of_a_sender),
        cmocka_unit_test(segments_larger_than_the_wire),
        cmocka_unit_test(cut_payload_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
