/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_TRACK_FIXTURE_H
#define UNIT_TRACK_FIXTURE_H

#include "../soft.h"

#include "base/nsec.h"
#include "track/resend.h"
#include "track/story.h"
#include "track/track.h"

/* A tracker, its model, and packets made by hand. Times of the tests are milliseconds after BENCH_BEGIN_NS. */

#define BENCH_BEGIN_NS (INT64_C(1700000000) * NSEC_PER_SEC)
#define MS(n) ((int64_t)(n) * NSEC_PER_MSEC)

enum { BENCH_ENDED_MAX = 64, BENCH_PAYLOAD_MAX = 1500 };
enum { BENCH_CLIENT_ISN = 1000, BENCH_SERVER_ISN = 5000 };

struct bench {
    struct endpoint_catalogue *catalogue;
    struct decode_ports ports;
    struct model *model;
    struct track *track;
    uint64_t frame;
    uint16_t ip_id;
    struct flow ended[BENCH_ENDED_MAX]; /* copies, as they left */
    size_t ended_count;
    struct flow_tcp_counts counts[2]; /* of the TCP connection that left last */
};

struct bench_budget {
    uint32_t flows, paths, clients, sessions, hosts;
};

static const uint64_t bench_key[2] = { 11, 12 };

static inline void bench_on_end(void *context, const struct flow *flow)
{
    struct bench *b = context;
    if (b->ended_count < BENCH_ENDED_MAX)
        b->ended[b->ended_count] = *flow;
    b->ended_count++;
    const struct flow_tcp_counts *counts = track_resend_counts(flow);
    for (int way = 0; counts && way < 2; way++)
        b->counts[way] = counts[way];
}

static inline void bench_begin_with(struct bench *b, struct bench_budget budget)
{
    const struct model_budget model_budget = { budget.paths, budget.clients, budget.sessions, budget.hosts,
                                               budget.paths };
    *b = (struct bench){ .catalogue = endpoint_catalogue_builtin(NULL) };
    assert_non_null(b->catalogue);
    b->model = model_new(b->catalogue, &model_budget, bench_key);
    assert_non_null(b->model);
    const struct track_options options = { .max_flows = budget.flows, .hash_key = { bench_key[0], bench_key[1] },
                                           .extra_ports = &b->ports, .on_flow_end = bench_on_end,
                                           .on_flow_end_context = b };
    b->track = track_new(&options, b->model);
    assert_non_null(b->track);
}

static inline void bench_begin(struct bench *b)
{
    bench_begin_with(b, (struct bench_budget){ 1000, 1000, 1000, 1000, 1000 });
}

static inline void bench_end(struct bench *b)
{
    track_free(b->track);
    model_free(b->model);
    endpoint_catalogue_free(b->catalogue);
}

/* Who talks to whom. */
struct bench_pair {
    const char *client, *server;
    uint16_t client_port, port;
};

static const struct bench_pair bench_dcv = { "10.20.30.4", "18.134.68.9", 50000, 4195 };
static const struct bench_pair bench_dcv6 = { "2001:db8::4", "2a05:d02c:8::1", 50000, 4195 };
static const struct bench_pair bench_pcoip = { "10.20.30.4", "18.132.21.7", 50000, 4172 };
static const struct bench_pair bench_health = { "10.20.30.4", "52.56.46.102", 50000, 4172 };
static const struct bench_pair bench_unknown = { "10.20.30.4", "203.0.113.9", 50000, 4195 };
static const struct bench_pair bench_web = { "10.20.30.4", "203.0.113.9", 50000, 443 };

enum bench_side { BENCH_CLIENT, BENCH_SERVER };
enum { BENCH_CLIENT_TTL = 62, BENCH_SERVER_TTL = 240 }; /* two hops, and fifteen */

static inline struct ipaddr bench_address(const char *text)
{
    struct ipaddr a;
    assert_true(ipaddr_parse(text, &a));
    return a;
}

static inline struct decode_packet bench_packet(struct bench *b, const struct bench_pair *pair, enum bench_side from,
                                                uint8_t protocol, uint32_t payload)
{
    struct ipaddr client = bench_address(pair->client), server = bench_address(pair->server);
    bool up = from == BENCH_CLIENT, v4 = ipaddr_is_v4(&client);
    struct decode_packet d = { .source = up ? client : server, .destination = up ? server : client,
                               .source_port = up ? pair->client_port : pair->port,
                               .destination_port = up ? pair->port : pair->client_port, .outcome = DECODE_OK,
                               .transport = protocol == 6 ? DECODE_TCP : DECODE_UDP, .ip_version = v4 ? 4 : 6,
                               .protocol = protocol, .ttl = up ? BENCH_CLIENT_TTL : BENCH_SERVER_TTL, .depth = 1,
                               .flags = DECODE_FOLLOWED, .link_tag = 7, .payload_bytes = payload,
                               .payload_captured = payload };
    d.ip_id = v4 ? ++b->ip_id : 0;
    d.checksum = (uint16_t)(b->frame * 257 + 1);
    d.ip_bytes = payload + (v4 ? 20u : 40u) + (protocol == 6 ? 20u : 8u);
    d.hash = decode_hash(bench_key, &client, pair->client_port, &server, pair->port, protocol);
    return d;
}

/* Numbers are relative to the sender's initial sequence number, and the peer's. */
static inline struct decode_packet bench_tcp(struct bench *b, const struct bench_pair *pair, enum bench_side from,
                                             uint8_t flags, const uint32_t numbers[3])
{
    struct decode_packet d = bench_packet(b, pair, from, 6, numbers[2]);
    uint32_t own = from == BENCH_CLIENT ? BENCH_CLIENT_ISN : BENCH_SERVER_ISN;
    uint32_t peer = from == BENCH_CLIENT ? BENCH_SERVER_ISN : BENCH_CLIENT_ISN;
    d.tcp = (struct decode_tcp){ .sequence = own + numbers[0], .flags = flags, .window = 64000,
                                 .acknowledgment = flags & DECODE_ACK ? peer + numbers[1] : 0 };
    return d;
}

static inline enum track_result bench_send_bytes(struct bench *b, int64_t at_ns, const struct decode_packet *d,
                                                 const uint8_t *bytes)
{
    struct track_packet packet = { .bytes = bytes, .frame = ++b->frame, .time_ns = BENCH_BEGIN_NS + at_ns };
    track_advance(b->track, packet.time_ns);
    return track_one(b->track, &packet, d);
}

static inline enum track_result bench_send(struct bench *b, int64_t at_ns, const struct decode_packet *d)
{
    static const uint8_t nothing[BENCH_PAYLOAD_MAX];
    assert_true(d->payload_captured <= sizeof nothing);
    return bench_send_bytes(b, at_ns, d, nothing);
}

/* The capture goes on until then, and ends. */
static inline void bench_finish(struct bench *b, int64_t at_ns)
{
    track_advance(b->track, BENCH_BEGIN_NS + at_ns);
    track_finish(b->track);
}

/* A segment with options. Numbers are relative as above, those of SACK to the peer's initial number; `tsval` 0: no time
 * stamps, `sack_end` 0: no block; `shut`: the window is 0. A row without `what` ends the list. */
struct bench_segment {
    int64_t at_ms;
    enum bench_side from;
    const char *what;
    uint32_t sequence, acknowledgment, length;
    uint32_t tsval, tsecr;
    uint32_t sack_begin, sack_end;
    bool shut;
};

#define SAYS(at, side, letters, seq, ack, bytes)                                                                       \
    { .at_ms = (at), .from = (side), .what = (letters), .sequence = (seq), .acknowledgment = (ack), .length = (bytes) }
#define STAMPED(at, side, letters, seq, ack, bytes, value, echo)                                                       \
    { .at_ms = (at), .from = (side), .what = (letters), .sequence = (seq), .acknowledgment = (ack), .length = (bytes), \
      .tsval = (value), .tsecr = (echo) }
#define SACKS(at, side, ack, begin, end)                                                                               \
    { .at_ms = (at), .from = (side), .what = "A", .sequence = 1, .acknowledgment = (ack), .sack_begin = (begin),       \
      .sack_end = (end) }
#define SHUTS(at, side, ack)                                                                                           \
    { .at_ms = (at), .from = (side), .what = "A", .sequence = 1, .acknowledgment = (ack), .shut = true }

/* What a client and a server say, one row a packet. `what` of TCP: letters of flags (S A F R P); a row of UDP: I an
 * Initial, H a Handshake, s a short header, d neither. A row without `what` ends the list; "step" is a clock that steps
 * to `at_ms`. */
struct bench_step {
    int64_t at_ms;
    enum bench_side from;
    const char *what;
    uint32_t sequence, acknowledgment, length;
};

static inline uint8_t bench_flags(const char *letters)
{
    static const char names[] = "FSRPAU";
    uint8_t flags = 0;
    for (; *letters; letters++) {
        const char *at = strchr(names, *letters);
        assert_non_null(at);
        flags = (uint8_t)(flags | 1u << (at - names));
    }
    return flags;
}

static inline bool bench_clock(struct bench *b, const struct bench_step *step)
{
    if (strcmp(step->what, "step") != 0)
        return false;
    track_clock_step(b->track, b->frame + 1, b->track->now_ns, BENCH_BEGIN_NS + MS(step->at_ms));
    return true;
}

static inline void bench_play_tcp(struct bench *b, const struct bench_pair *pair, const struct bench_step *steps)
{
    for (; steps->what; steps++) {
        if (bench_clock(b, steps))
            continue;
        const uint32_t numbers[3] = { steps->sequence, steps->acknowledgment, steps->length };
        struct decode_packet d = bench_tcp(b, pair, steps->from, bench_flags(steps->what), numbers);
        bench_send(b, MS(steps->at_ms), &d);
    }
}

static inline void bench_options(struct decode_packet *d, const struct bench_segment *g)
{
    uint32_t peer = g->from == BENCH_CLIENT ? BENCH_SERVER_ISN : BENCH_CLIENT_ISN;
    if (g->tsval) {
        d->flags |= DECODE_TCP_TIMESTAMPS;
        d->tcp.tsval = g->tsval;
        d->tcp.tsecr = g->tsecr;
    }
    if (g->sack_end) {
        d->flags |= DECODE_TCP_SACK_BLOCKS;
        d->tcp.sack_count = 1;
        d->tcp.sack[0].left = peer + g->sack_begin;
        d->tcp.sack[0].right = peer + g->sack_end;
    }
    if (g->shut)
        d->tcp.window = 0;
}

static inline void bench_play_segments(struct bench *b, const struct bench_pair *pair, const struct bench_segment *g)
{
    for (; g->what; g++) {
        const uint32_t numbers[3] = { g->sequence, g->acknowledgment, g->length };
        struct decode_packet d = bench_tcp(b, pair, g->from, bench_flags(g->what), numbers);
        bench_options(&d, g);
        bench_send(b, MS(g->at_ms), &d);
    }
}

/* RFC 9000, section 17.2: an Initial or a Handshake with connection IDs of eight bytes, or a short header. */
static inline uint32_t bench_quic(char what, uint8_t payload[BENCH_PAYLOAD_MAX])
{
    static const uint8_t ids[] = { 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 8, 21, 22, 23, 24, 25, 26, 27, 28 };
    memset(payload, 0, BENCH_PAYLOAD_MAX);
    if (what == 'd') {
        payload[0] = 0x20;
        return 100;
    }
    if (what == 's') {
        payload[0] = 0x40;
        return 100;
    }
    payload[0] = what == 'I' ? 0xc3 : 0xe3;
    memcpy(payload + 1, ids, sizeof ids);
    uint8_t *at = payload + 1 + sizeof ids;
    if (what == 'I')
        *at++ = 0; /* no token */
    uint32_t rest = 1200 - (uint32_t)(at + 2 - payload);
    *at++ = (uint8_t)(0x40 | rest >> 8);
    *at++ = (uint8_t)rest;
    return 1200;
}

static inline void bench_play_udp(struct bench *b, const struct bench_pair *pair, const struct bench_step *steps)
{
    for (; steps->what; steps++) {
        uint8_t payload[BENCH_PAYLOAD_MAX];
        if (bench_clock(b, steps))
            continue;
        uint32_t length = bench_quic(steps->what[0], payload);
        struct decode_packet d = bench_packet(b, pair, steps->from, 17, length);
        bench_send_bytes(b, MS(steps->at_ms), &d, payload);
    }
}

/* SYN, SYN-ACK, ACK: twenty milliseconds to the server, ten to the client. */
static inline void bench_connect(struct bench *b, const struct bench_pair *pair, int64_t at_ms)
{
    const struct bench_step steps[] = { { at_ms, BENCH_CLIENT, "S", 0, 0, 0 },
                                        { at_ms + 20, BENCH_SERVER, "SA", 0, 1, 0 },
                                        { at_ms + 30, BENCH_CLIENT, "A", 1, 1, 0 },
                                        { 0 } };
    bench_play_tcp(b, pair, steps);
}

static inline const struct model_path *bench_path(const struct bench *b, const struct bench_pair *pair,
                                                  uint8_t protocol)
{
    struct ipaddr client = bench_address(pair->client), server = bench_address(pair->server);
    for (const struct model_path *p = model_paths(b->model); p; p = p->next)
        if (p->port == pair->port && p->protocol == protocol && ipaddr_equal(&p->server, &server) &&
            ipaddr_equal(&p->client->address, &client))
            return p;
    return NULL;
}

static const char *const bench_fact_names[MODEL_FACTS] = {
    "accepted", "syn-silent", "syn-reset", "syn-icmp", "return-lost", "reset", "reset-ignored", "blackholed",
    "pmtu-blackhole", "pmtu-reduced", "zero-window", "stream-stall", "tls-failed", "tls-strange", "proxy-refused",
    "answered", "udp-silent", "udp-icmp", "udp-return-lost", "udp-handshake-lost", "quic-closed", "icmp-other",
    "speaks-other", "undecided",
};

/* Every fact of the path, as words with how often, in the order of the enum: "accepted blackholed", "syn-silent*2";
 * undecided ones with their reason: "undecided(window)". */
static inline const char *bench_facts(const struct model_path *p, char text[256])
{
    static const char *const reasons[MODEL_UNDECIDED_REASONS] = { "none", "window", "start", "one-way", "clock",
        "few" };
    size_t n = 0;
    text[0] = '\0';
    for (int f = 0; p && f < MODEL_FACTS; f++) {
        if (!p->counts[f])
            continue;
        n += (size_t)snprintf(text + n, 256 - n, "%s%s", n ? " " : "", bench_fact_names[f]);
        if (f == MODEL_UNDECIDED)
            n += (size_t)snprintf(text + n, 256 - n, "(%s)", reasons[model_incident_at(p, MODEL_UNDECIDED, 0)->why]);
        if (p->counts[f] > 1)
            n += (size_t)snprintf(text + n, 256 - n, "*%u", (unsigned)p->counts[f]);
    }
    return text;
}

#endif
