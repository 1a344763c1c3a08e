/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "track/icmp.h"

#define C BENCH_CLIENT
#define S BENCH_SERVER

/* An ICMP error: who sends it, what it says, which packet it quotes. */
struct report {
    const char *from;
    uint8_t type, code, ttl;
    enum bench_side quotes; /* a packet of this side */
    int32_t sequence;       /* of TCP, relative to that side's initial sequence number */
    bool without_sequence, without_quote;
    uint16_t quoted_port_change;
};

static enum track_result send_icmp(struct bench *b, const struct bench_pair *pair, uint8_t protocol, int64_t at_ms,
                                   const struct report *r)
{
    struct decode_packet inner = bench_packet(b, pair, r->quotes, protocol, 0);
    bool v6 = inner.ip_version == 6;
    struct decode_packet d = { .source = bench_address(r->from), .destination = inner.source, .transport = DECODE_ICMP,
                               .ip_version = inner.ip_version, .protocol = v6 ? 58 : 1, .ttl = r->ttl, .ip_id =
                                   b->ip_id,
                               .flags = DECODE_FOLLOWED | DECODE_ICMP_ERROR, .ip_bytes = 56 };
    d.icmp = (struct decode_icmp){ .type = r->type, .code = r->code };
    if (!r->without_quote) {
        uint32_t isn = r->quotes == C ? BENCH_CLIENT_ISN : BENCH_SERVER_ISN;
        d.flags |= DECODE_QUOTE_PRESENT;
        d.icmp.quote = (struct decode_quote){ .source = inner.source, .destination = inner.destination,
                                              .source_port = (uint16_t)(inner.source_port + r->quoted_port_change),
                                              .destination_port = inner.destination_port, .protocol = protocol,
                                              .ipv6 = v6, .ttl = 1, .has_sequence = !r->without_sequence,
                                              .sequence = isn + (uint32_t)r->sequence };
    }
    return bench_send(b, MS(at_ms), &d);
}

struct row {
    const char *name;
    const struct bench_pair *pair;
    struct bench_step before[8];
    int64_t at_ms; /* of the error */
    struct report report;
    struct bench_step after[8];
    const char *facts;
    unsigned unmatched;
};

#define ROUTER "10.20.31.2"
#define REPORT(by, what, how, hops, side, number)                                                                      \
    { .from = by, .type = what, .code = how, .ttl = hops, .quotes = side, .sequence = number }
#define SYN { 0, C, "S", 0, 0, 0 }
#define SHAKE SYN, { 20, S, "SA", 0, 1, 0 }, { 30, C, "A", 1, 1, 0 }

static const struct row tcp[] = {
    { "administratively prohibited", &bench_dcv, { SYN }, 5, REPORT(ROUTER, 3, 13, 254, C, 0), { { 0 } }, "syn-icmp",
      0 },
    { "port unreachable from a router", &bench_dcv, { SYN }, 5, REPORT(ROUTER, 3, 3, 254, C, 0), { { 0 } }, "syn-icmp",
      0 },
    { "IPv6: prohibited", &bench_dcv6, { SYN }, 5, REPORT("2001:db8::1", 1, 1, 254, C, 0), { { 0 } }, "syn-icmp", 0 },
    { "IPv6: too big is no failure", &bench_dcv6, { SYN }, 5, REPORT("2001:db8::1", 2, 0, 254, C, 0), { { 0 } },
      "syn-silent", 0 },
    { "another sequence number was never in flight", &bench_dcv, { SYN }, 5, REPORT(ROUTER, 3, 13, 254, C, 5000),
      { { 0 } },
      "syn-silent", 1 },
    { "a sequence number below the SYN's", &bench_dcv, { SYN }, 5, REPORT(ROUTER, 3, 13, 254, C, -1), { { 0 } },
      "syn-silent", 1 },
    { "a quote cut before the sequence number", &bench_dcv, { SYN }, 5,
      { ROUTER, 3, 13, 254, C, 0, .without_sequence = true }, { { 0 } }, "syn-silent", 1 },
    { "an error without a quote", &bench_dcv, { SYN }, 5, { ROUTER, 3, 13, 254, C, 0, .without_quote = true },
      { { 0 } },
      "syn-silent", 0 },
    { "another flow", &bench_dcv, { SYN }, 5, { ROUTER, 3, 13, 254, C, 0, .quoted_port_change = 1 }, { { 0 } },
      "syn-silent", 0 },
    { "fragmentation needed is no failure", &bench_dcv, { SYN }, 5, REPORT(ROUTER, 3, 4, 254, C, 0), { { 0 } },
      "syn-silent",
      0 },
    { "a redirect is no error", &bench_dcv, { SYN }, 5, REPORT(ROUTER, 5, 1, 254, C, 0), { { 0 } },
      "syn-silent", 0 },
    { "one error explains the flow, repeats of the SYN or not", &bench_dcv, { SYN }, 5, REPORT(ROUTER, 3, 13, 254, C,
      0),
      { { 1000, C, "S", 0, 0, 0 }, { 3000, C, "S", 0, 0, 0 } }, "syn-icmp", 0 },
    { "accepted all the same", &bench_dcv, { SYN }, 5, REPORT(ROUTER, 3, 1, 254, C, 0),
      { { 20, S, "SA", 0, 1, 0 }, { 30, C, "A", 1, 1, 0 } }, "accepted icmp-other", 0 },
    { "about data in flight", &bench_dcv, { SHAKE, { 100, C, "PA", 1, 1, 500 } }, 110, REPORT(ROUTER, 3, 1, 254, C, 1),
      { { 0 } }, "accepted icmp-other", 0 },
    { "about data that was acknowledged long ago", &bench_dcv,
      { SHAKE, { 100, C, "PA", 1, 1, 500 }, { 120, S, "A", 1, 501, 0 } }, 5000, REPORT(ROUTER, 3, 1, 254, C, 1),
        { { 0 } },
      "accepted", 1 },
    { "the client's own host about its own port", &bench_dcv, { SHAKE, { 100, S, "PA", 1, 1, 500 } }, 110,
      REPORT("10.20.30.4", 3, 3, 64, S, 1), { { 0 } }, "accepted", 0 },
    { "a router near the client about packets to it", &bench_dcv, { SHAKE, { 100, S, "PA", 1, 1, 500 } }, 110,
      REPORT(ROUTER, 3, 1, 254, S, 1), { { 0 } }, "accepted icmp-other", 0 },
    { "time exceeded for a packet that left with hops enough", &bench_dcv, { SYN }, 5, REPORT(ROUTER, 11, 0, 254, C, 0),
      { { 0 } }, "icmp-other", 0 },
    { "reassembly time exceeded is no loop", &bench_dcv, { SYN }, 5, REPORT(ROUTER, 11, 1, 254, C, 0), { { 0 } },
      "syn-silent", 0 },
};

static const struct row udp[] = {
    { "prohibited", &bench_dcv, { { 0, C, "I", 0, 0, 0 } }, 5, REPORT(ROUTER, 3, 13, 254, C, 0), { { 0 } }, "udp-icmp",
      0 },
    { "prohibited, the client goes on", &bench_dcv, { { 0, C, "I", 0, 0, 0 } }, 5, REPORT(ROUTER, 3, 13, 254, C, 0),
      { { 300, C, "I", 0, 0, 0 }, { 1000, C, "I", 0, 0, 0 } }, "udp-icmp", 0 },
    { "answered after the error: it was not rejected", &bench_dcv, { { 0, C, "I", 0, 0, 0 } }, 5,
      REPORT(ROUTER, 3, 1, 254, C, 0), { { 1000, C, "I", 0, 0, 0 }, { 1020, S, "I", 0, 0, 0 } }, "answered icmp-other",
          0 },
    { "a health check", &bench_health, { { 0, C, "d", 0, 0, 0 } }, 5, REPORT(ROUTER, 3, 13, 254, C, 0), { { 0 } },
      "udp-icmp", 0 },
    { "the client's program has closed its port", &bench_dcv,
      { { 0, C, "I", 0, 0, 0 }, { 20, S, "I", 0, 0, 0 } }, 21, REPORT("10.20.30.4", 3, 3, 64, S, 0), { { 0 } },
        "answered", 0 },
    { "a router near the client", &bench_dcv, { { 0, C, "I", 0, 0, 0 }, { 20, S, "I", 0, 0, 0 } }, 21,
      REPORT(ROUTER, 3, 1, 254, S, 0), { { 0 } }, "answered icmp-other", 0 },
    { "nothing was sent in the direction that is quoted", &bench_dcv, { { 0, C, "I", 0, 0, 0 } }, 5,
      REPORT(ROUTER, 3, 1, 254, S, 0), { { 300, C, "I", 0, 0, 0 }, { 1000, C, "I", 0, 0, 0 } }, "udp-silent", 1 },
};

static unsigned play(const struct row *row, uint8_t protocol)
{
    struct bench b;
    char text[256];
    bench_begin(&b);
    (protocol == 6 ? bench_play_tcp : bench_play_udp)(&b, row->pair, row->before);
    send_icmp(&b, row->pair, protocol, row->at_ms, &row->report);
    (protocol == 6 ? bench_play_tcp : bench_play_udp)(&b, row->pair, row->after);
    bench_finish(&b, MS(20000));
    unsigned failed = soft_text(row->name, "facts", bench_facts(bench_path(&b, row->pair, protocol), text), row->facts);
    failed += soft_int(row->name, "unmatched", (int64_t)model_tap(b.model)->role_icmp_unmatched, row->unmatched);
    bench_end(&b);
    return failed;
}

static void errors_about_connections(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(tcp); i++)
        failed += play(&tcp[i], 6);
    assert_int_equal(failed, 0);
}

static void errors_about_datagrams(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(udp); i++)
        failed += play(&udp[i], 17);
    assert_int_equal(failed, 0);
}

/* A packet that leaves with few hops belongs to a traceroute: its time exceeded is no loop. */
static const struct {
    const char *name;
    uint8_t ttl;
    bool loop;
} loops[] = {
    { "one hop", 1, false }, { "31 hops", 31, false }, { "32 hops", 32, true }, { "64 hops", 64, true },
};

static void traceroute_is_no_loop(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(loops); i++) {
        const struct report exceeded = REPORT(ROUTER, 11, 0, 254, C, 0);
        struct bench b;
        uint8_t payload[BENCH_PAYLOAD_MAX];
        bench_begin(&b);
        for (int64_t n = 0; n < 3; n++) {
            struct decode_packet d = bench_packet(&b, &bench_dcv, C, 17, bench_quic('I', payload));
            d.ttl = loops[i].ttl;
            bench_send_bytes(&b, MS(n * 600), &d, payload);
            send_icmp(&b, &bench_dcv, 17, n * 600 + 5, &exceeded);
        }
        bench_finish(&b, MS(20000));
        const struct model_path *p = bench_path(&b, &bench_dcv, 17);
        failed += soft_int(loops[i].name, "other errors", (int64_t)p->counts[MODEL_ICMP_OTHER], loops[i].loop);
        if (p->counts[MODEL_ICMP_OTHER])
            failed += soft_int(loops[i].name, "loop", model_incident_at(p, MODEL_ICMP_OTHER, 0)->loop, true);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

/* By whom: a router by its own address; the gateway when the error comes from as far as its other packets; a filter in
 * the gateway's name when it comes from nearer. The gateway's packets arrive with TTL 240: 15 hops. */
static const struct {
    const char *name;
    const char *from;
    uint8_t ttl;
    enum model_by by;
    uint8_t hops, usual_hops;
} senders[] = {
    { "a router", ROUTER, 62, MODEL_BY_ROUTER, 2, 0 },
    { "the gateway itself", "18.134.68.9", 240, MODEL_BY_ENDPOINT, 15, 15 },
    { "the gateway with another initial TTL", "18.134.68.9", 49, MODEL_BY_ENDPOINT, 15, 15 },
    { "one hop less proves nothing", "18.134.68.9", 241, MODEL_BY_ENDPOINT, 14, 15 },
    { "in the gateway's name, from nearer", "18.134.68.9", 253, MODEL_BY_MIDDLEBOX, 2, 15 },
};

static void the_sender_is_told_by_its_distance(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(senders); i++) {
        const struct report report = REPORT(senders[i].from, 3, 3, senders[i].ttl, C, 0);
        static const struct bench_step initial[] = { { 1000, C, "I", 0, 0, 0 }, { 0 } };
        struct bench b;
        bench_begin(&b);
        bench_connect(&b, &bench_dcv, 0);
        bench_play_udp(&b, &bench_dcv, initial);
        send_icmp(&b, &bench_dcv, 17, 1020, &report);
        bench_finish(&b, MS(20000));
        const struct model_path *p = bench_path(&b, &bench_dcv, 17);
        assert_int_equal(p->counts[MODEL_UDP_ICMP], 1);
        const struct model_incident *incident = model_incident_at(p, MODEL_UDP_ICMP, 0);
        struct ipaddr from = bench_address(senders[i].from);
        failed += soft_int(senders[i].name, "by", incident->by, senders[i].by);
        failed += soft_int(senders[i].name, "hops", incident->hops, senders[i].hops);
        failed += soft_int(senders[i].name, "usual hops", incident->usual_hops, senders[i].usual_hops);
        failed += soft_int(senders[i].name, "delay", incident->delay_ns, MS(20));
        failed += soft_true(senders[i].name, "reporter", ipaddr_equal(&incident->reporter, &from));
        failed += soft_int(senders[i].name, "type and code", incident->icmp_type << 8 | incident->icmp_code, 3 << 8 |
            3);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_about_connections),
        cmocka_unit_test(errors_about_datagrams),
        cmocka_unit_test(traceroute_is_no_loop),
        cmocka_unit_test(the_sender_is_told_by_its_distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
