/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "base/nsec.h"
#include "track/duplicate.h"

enum kind { ACK, DATA, RST, UDP, ICMP };

/* The second packet is the first again, but for what the row says. IP-ID 0 stands for IPv6 and atomic datagrams too. */
static const struct {
    const char *name;
    enum kind kind;
    uint16_t ip_id;
    int64_t apart_us, least_rtt_us; /* 0: unknown */
    int ttl_change, link_change, direction_change, id_change, checksum_change, sequence_change;
    bool doubled; /* data with an IP-ID was doubled in the flow before */
    bool offloaded; /* its checksum was not filled in yet */
    enum track_duplicate_answer answer;
} rows[] = {
    { "data, right behind", DATA, 7, 10, 0, .answer = TRACK_COPY },
    { "data, 2 ms later", DATA, 7, 2000, 0, .answer = TRACK_COPY },
    { "data, later than 2 ms", DATA, 7, 2001, 0, .answer = TRACK_NEW },
    { "data, a retransmission 200 ms later, IP-ID 0", DATA, 0, 200000, 0, .answer = TRACK_NEW },
    { "data, a retransmission 200 ms later with an IP-ID of its own", DATA, 7, 200000, 0, .id_change = 1,
      .answer = TRACK_NEW },
    { "data, half the round trip", DATA, 7, 500, 1000, .answer = TRACK_COPY },
    { "data, beyond half the round trip", DATA, 7, 501, 1000, .answer = TRACK_NEW },
    { "a long round trip does not widen 2 ms", DATA, 7, 2001, 80000, .answer = TRACK_NEW },
    { "data with another IP-ID is sent again", DATA, 7, 10, 0, .id_change = 1, .answer = TRACK_NEW },
    { "data with another checksum is other data", DATA, 7, 10, 0, .checksum_change = 1, .answer = TRACK_NEW },
    { "the next segment", DATA, 7, 10, 0, .sequence_change = 100, .answer = TRACK_NEW },
    { "data without an IP-ID", DATA, 0, 10, 0, .answer = TRACK_COPY },
    { "data behind a router", DATA, 7, 10, 0, .ttl_change = -1, .answer = TRACK_COPY_ROUTED },
    { "data, other addresses of the link", DATA, 7, 10, 0, .link_change = 1, .answer = TRACK_COPY },
    { "duplicate ACKs are no copies", ACK, 0, 10, 0, .answer = TRACK_NEW },
    { "duplicate ACKs with IP-IDs of their own", ACK, 7, 10, 0, .id_change = 1, .answer = TRACK_NEW },
    { "an ACK with another TTL", ACK, 0, 10, 0, .ttl_change = -1, .answer = TRACK_COPY_ROUTED },
    { "an ACK with other addresses of the link", ACK, 0, 10, 0, .link_change = 1, .answer = TRACK_COPY },
    { "an ACK with another direction mark", ACK, 0, 10, 0, .direction_change = 1, .answer = TRACK_COPY },
    { "an ACK where data is doubled", ACK, 0, 10, 0, .doubled = true, .answer = TRACK_COPY },
    { "an ACK elsewhere, later than 2 ms", ACK, 0, 2500, 0, .link_change = 1, .answer = TRACK_NEW },
    { "RSTs for segments in flight", RST, 0, 10, 0, .answer = TRACK_NEW },
    { "an RST behind a router", RST, 0, 10, 0, .ttl_change = -1, .answer = TRACK_COPY_ROUTED },
    { "an RST where data is doubled", RST, 0, 10, 0, .doubled = true, .answer = TRACK_COPY },
    { "a datagram with an IP-ID", UDP, 7, 10, 0, .answer = TRACK_COPY },
    { "a datagram with another IP-ID", UDP, 7, 10, 0, .id_change = 1, .answer = TRACK_NEW },
    { "a datagram without an IP-ID, elsewhere", UDP, 0, 10, 0, .link_change = 1, .answer = TRACK_COPY },
    { "a datagram without an IP-ID", UDP, 0, 10, 0, .answer = TRACK_COPY },
    { "two of one length whose checksums are not filled in", UDP, 0, 10, 0, .offloaded = true, .answer = TRACK_NEW },
    { "the same with an IP-ID", UDP, 7, 10, 0, .offloaded = true, .answer = TRACK_COPY },
    { "an ICMP error with an IP-ID", ICMP, 7, 10, 0, .answer = TRACK_COPY },
    { "an ICMP error with another IP-ID", ICMP, 7, 10, 0, .id_change = 1, .answer = TRACK_NEW },
    { "an ICMP error without one, behind a router", ICMP, 0, 10, 0, .ttl_change = -1, .answer = TRACK_COPY_ROUTED },
};

static struct decode_packet packet_of(enum kind kind, uint16_t ip_id)
{
    struct decode_packet d = { .source_port = 50000, .destination_port = 4195, .transport = DECODE_TCP, .protocol = 6,
                               .ip_version = ip_id ? 4 : 6, .ttl = 60, .ip_id = ip_id, .checksum = 0x1234,
                               .ip_bytes = 40, .link_tag = 9 };
    d.source.bytes[15] = 1;
    d.destination.bytes[15] = 2;
    if (kind == UDP || kind == ICMP) {
        d.transport = kind == UDP ? DECODE_UDP : DECODE_ICMP;
        d.protocol = kind == UDP ? 17 : 1;
        d.payload_bytes = 100;
        if (kind == ICMP)
            d.icmp = (struct decode_icmp){ .type = 3, .code = 1, .quote = { .source_port = 1, .ip_id = 3 } };
        return d;
    }
    d.payload_bytes = kind == DATA ? 100 : 0;
    d.tcp = (struct decode_tcp){ .sequence = 1000, .acknowledgment = 2000, .window = 500,
                                 .flags = kind == RST ? DECODE_RST : DECODE_ACK };
    return d;
}

static enum track_duplicate_answer check(struct track_copies *copies, struct flow *f, int64_t rtt_ns, int64_t at_ns,
                                         const struct decode_packet *d, uint8_t direction)
{
    static const uint8_t bytes[200]; /* whose checksum is wrong */
    const struct track_packet packet = { .bytes = bytes, .frame = 1, .time_ns = at_ns, .direction = direction };
    return track_duplicate_check(copies, d->transport == DECODE_ICMP ? NULL : f, rtt_ns, &packet, d);
}

static void copies_are_told_from_what_a_stack_repeats(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct track_copies *copies = track_duplicate_new(2 * NSEC_PER_MSEC);
        struct flow f = { 0 };
        int64_t rtt_ns = rows[i].least_rtt_us ? rows[i].least_rtt_us * 1000 : INT64_MAX;
        assert_non_null(copies);
        if (rows[i].doubled) {
            struct decode_packet data = packet_of(DATA, 99);
            assert_int_equal(check(copies, &f, rtt_ns, 0, &data, 0), TRACK_NEW);
            assert_int_equal(check(copies, &f, rtt_ns, 1000, &data, 0), TRACK_COPY);
        }
        struct decode_packet d = packet_of(rows[i].kind, rows[i].ip_id);
        int64_t at_ns = 10 * NSEC_PER_SEC;
        d.flags = rows[i].offloaded ? DECODE_CHECKSUM_KNOWN : 0;
        failed += soft_int(rows[i].name, "first", check(copies, &f, rtt_ns, at_ns, &d, 1), TRACK_NEW);
        d.ttl = (uint8_t)(d.ttl + rows[i].ttl_change);
        d.link_tag += (uint32_t)rows[i].link_change;
        d.ip_id = (uint16_t)(d.ip_id + rows[i].id_change);
        d.checksum = (uint16_t)(d.checksum + rows[i].checksum_change);
        d.tcp.sequence += (uint32_t)(rows[i].kind < UDP ? rows[i].sequence_change : 0);
        failed += soft_int(rows[i].name, "second",
                           check(copies, &f, rtt_ns, at_ns + rows[i].apart_us * 1000, &d,
                                 (uint8_t)(1 + rows[i].direction_change)), rows[i].answer);
        track_duplicate_free(copies);
    }
    assert_int_equal(failed, 0);
}

static void three_duplicate_acks_are_no_copies(void **state)
{
    (void)state;
    struct track_copies *copies = track_duplicate_new(2 * NSEC_PER_MSEC);
    struct flow f = { 0 };
    struct decode_packet ack = packet_of(ACK, 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(check(copies, &f, INT64_MAX, i * 1000, &ack, 0), TRACK_NEW);
    assert_false(f.flags & FLOW_DOUBLED);
    track_duplicate_free(copies);
    track_duplicate_free(NULL);
}

/* Two milliseconds of a busy link between a packet and its copy. */
static void a_copy_is_found_behind_a_thousand_others(void **state)
{
    (void)state;
    struct track_copies *copies = track_duplicate_new(2 * NSEC_PER_MSEC);
    struct flow f = { 0 };
    unsigned missed = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        struct decode_packet d = packet_of(DATA, (uint16_t)(i + 1));
        d.tcp.sequence = i * 100;
        assert_int_equal(check(copies, &f, INT64_MAX, i, &d, 0), TRACK_NEW);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        struct decode_packet d = packet_of(DATA, (uint16_t)(i + 1));
        d.tcp.sequence = i * 100;
        missed += check(copies, &f, INT64_MAX, 1000 + i, &d, 0) != TRACK_COPY;
    }
    assert_in_range(missed, 0, 10); /* a place taken twice costs one copy, now and then */
    track_duplicate_free(copies);
}

static void a_clock_that_steps_back_makes_no_copies(void **state)
{
    (void)state;
    struct track_copies *copies = track_duplicate_new(2 * NSEC_PER_MSEC);
    struct flow f = { 0 };
    struct decode_packet data = packet_of(DATA, 7);
    assert_int_equal(check(copies, &f, INT64_MAX, 60 * NSEC_PER_SEC, &data, 0), TRACK_NEW);
    assert_int_equal(check(copies, &f, INT64_MAX, 0, &data, 0), TRACK_NEW);
    assert_int_equal(check(copies, &f, INT64_MAX, INT64_MIN, &data, 0), TRACK_NEW);
    assert_int_equal(check(copies, &f, INT64_MAX, INT64_MAX, &data, 0), TRACK_NEW);
    track_duplicate_free(copies);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_told_from_what_a_stack_repeats),
        cmocka_unit_test(three_duplicate_acks_are_no_copies),
        cmocka_unit_test(a_copy_is_found_behind_a_thousand_others),
        cmocka_unit_test(a_clock_that_steps_back_makes_no_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
