/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "track/offload.h"

/* What one packet of the server stands for on the wire; the client announced `mss` (0: its SYN was not seen). */
static const struct {
    const char *name;
    uint16_t mss;
    bool timestamps;
    uint32_t payload, segments, ip_bytes;
    bool noted;
} rows[] = {
    { "no payload", 1460, false, 0, 1, 40, false },
    { "a full segment", 1460, false, 1460, 1, 1500, false },
    { "two", 1460, false, 2920, 2, 1500, true },
    { "one byte more than two", 1460, false, 2921, 3, 1500, true },
    { "ten with time stamps", 1460, true, 14480, 10, 1488, true },
    { "all that IP can say", 1460, true, 65160, 45, 1488, true },
    { "a jumbo frame, as agreed", 8960, false, 8960, 1, 9000, false },
    { "MSS unknown: a jumbo frame may be", 0, false, 8960, 1, 9000, false },
    { "MSS unknown: larger than any frame", 0, false, 14600, 10, 1500, true },
    { "an MSS that nobody has", 1, true, 10, 10, 41, true },
};

static void supersegments_are_counted_as_the_wire_saw_them(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bench b;
        bench_begin(&b);
        struct flow f = { 0 };
        f.half[FLOW_TO_SERVER].mss = rows[i].mss;
        const uint32_t numbers[3] = { 1, 1, rows[i].payload };
        struct decode_packet d = bench_tcp(&b, &bench_dcv, BENCH_SERVER, DECODE_ACK, numbers);
        struct track_packet packet = { .frame = 9 };
        if (rows[i].timestamps)
            d.flags |= DECODE_TCP_TIMESTAMPS;
        failed += soft_int(rows[i].name, "segments", track_offload_segments(b.track, &f, FLOW_TO_CLIENT, &d),
                           rows[i].segments);
        failed += soft_int(rows[i].name, "IP bytes", track_offload_ip_bytes(b.track, &f, FLOW_TO_CLIENT, &d),
                           rows[i].ip_bytes);
        track_offload_note(b.track, &f, FLOW_TO_CLIENT, &packet, &d);
        failed += soft_int(rows[i].name, "noted", (long)b.track->tap->supersegments, rows[i].noted);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(supersegments_are_counted_as_the_wire_saw_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
