/* SPDX-License-Identifier: Apache-2.0 */
#include "track/track.h"

#include <stdlib.h>

#include "base/nsec.h"
#include "track/dns.h"
#include "track/duplicate.h"
#include "track/ending.h"
#include "track/fragment.h"
#include "track/icmp.h"
#include "track/load.h"
#include "track/opening.h"
#include "track/quic.h"
#include "track/role.h"
#include "track/session.h"
#include "track/speech.h"
#include "track/tap.h"
#include "track/tcp.h"
#include "track/udp.h"

/* Idle times after which a flow leaves. A SYN is repeated for about 130 s (Linux, tcp_syn_retries 6). */
static const int64_t ended_idle_ns = 5 * NSEC_PER_SEC;
static const int64_t opening_idle_ns = 140 * NSEC_PER_SEC;
static const int64_t udp_idle_ns = 300 * NSEC_PER_SEC;
static const int64_t tcp_idle_ns = 3600 * NSEC_PER_SEC;
static const int64_t role_idle_ns =
    4 * 3600 * NSEC_PER_SEC; /* longer than a firewall's usual hour, and RFC 5382's two */

enum { VOTES_PER_FLOW = 8, IP_AND_TCP_BYTES = 40 };

/* What all handshakes that are under way may keep waiting. */
static const uint64_t opening_bytes = UINT64_C(64) << 20;

static int64_t threshold_ns(const struct model *model, const char *name)
{
    return endpoint_threshold_ns(model_catalogue(model), name);
}

static uint32_t threshold_count(const struct model *model, const char *name)
{
    return (uint32_t)endpoint_threshold_value(model_catalogue(model), name);
}

static void read_thresholds(struct track *t)
{
    const struct model *m = t->model;
    t->session_closed_ns = threshold_ns(m, "session-closed-ms");
    t->session_resume_ns = threshold_ns(m, "session-resume-ms");
    t->syn_silent_ns = threshold_ns(m, "syn-silent-ms");
    t->udp_span_ns = threshold_ns(m, "udp-blocked-span-ms");
    t->udp_wait_ns = threshold_ns(m, "udp-blocked-wait-ms");
    t->udp_datagrams = threshold_count(m, "udp-blocked-datagrams");
    t->blackhole_span_ns = threshold_ns(m, "blackhole-span-ms");
    t->blackhole_repeats = threshold_count(m, "blackhole-retransmissions");
    t->return_lost_span_ns = threshold_ns(m, "udp-return-lost-span-ms");
    t->return_lost_datagrams = threshold_count(m, "udp-return-lost-datagrams");
    t->return_lost_repeats = threshold_count(m, "return-lost-repeats");
    t->stream_window_ns = threshold_ns(m, "stream-window-ms");
    t->stream_window_bytes = (uint64_t)(endpoint_threshold_value(model_catalogue(m), "stream-bytes-per-second") *
                                        nsec_to_seconds(t->stream_window_ns));
    t->return_lost_initials = threshold_count(m, "udp-return-lost-initials");
    t->lookup_wait_ns = threshold_ns(m, "lookup-wait-ms");
    t->pmtu_repeats = threshold_count(m, "pmtu-retransmissions");
    t->fragment_wait_ns = threshold_ns(m, "fragment-wait-ms");
    t->zero_window_ns = threshold_ns(m, "zero-window-ms");
    t->stall_ns = threshold_ns(m, "stall-ms");
    t->stall_keepalive_bytes = threshold_count(m, "stall-keepalive-bytes");
    t->pmtu_hole_ns = threshold_ns(m, "pmtu-hole-ms");
    t->least_mtu_bytes = threshold_count(m, "aws-min-mtu");
    t->pcoip_packets = threshold_count(m, "pcoip-sequence-packets");
    t->pcoip_step = threshold_count(m, "pcoip-sequence-step");
    t->pcoip_share = endpoint_threshold_value(model_catalogue(m), "pcoip-sequence-percent") / 100;
    t->proxy_retry_ns = threshold_ns(m, "proxy-retry-ms");
    t->tls_answer_wait_ns = threshold_ns(m, "tls-answer-wait-ms");
    t->hello_repeats = threshold_count(m, "client-hello-retransmissions");
    t->loop_min_ttl = (uint8_t)threshold_count(m, "loop-min-ttl");
    t->largest_segment_bytes = threshold_count(m, "offload-frame-bytes") - IP_AND_TCP_BYTES;
    t->forgery_memory_ns = threshold_ns(m, "forgery-memory-ms");
    t->forgery_rtt_share = endpoint_threshold_value(model_catalogue(m), "forgery-rtt-percent") / 100;
    t->forgery_score = (int)threshold_count(m, "forgery-score");
    t->forgery_hops = (int)threshold_count(m, "forgery-hop-distance");
}

struct track *track_new(const struct track_options *options, struct model *model)
{
    struct track *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->options = *options;
    t->model = model;
    t->tap = model_tap_of(model);
    t->now_ns = INT64_MIN;
    t->load.end_ns = INT64_MIN;
    t->order_budget.most_bytes = opening_bytes;
    read_thresholds(t);
    t->flows = flow_table_new(options->max_flows);
    t->copies = track_duplicate_new(threshold_ns(model, "duplicate-window-ms"));
    t->fragments = track_fragment_new();
    t->quics = track_quic_new(options->quic_keys);
    if (!t->flows || !t->copies || !t->fragments || !t->quics) {
        track_free(t);
        return NULL;
    }
    return t;
}

static void free_story(void *context, struct flow *f)
{
    struct story *s = story_of(f);
    if (f->key.protocol == 6) {
        if (s)
            track_tcp_release(s);
        track_opening_free(context, f->flags & FLOW_BACKGROUND ? f->story : s ? s->opening : NULL);
    }
    track_udp_release(context, f);
    if (s) {
        free(s->pmtu);
        free(s->speech);
        free(s->window);
        free(s->stall);
    }
    free(s);
    f->story = NULL;
}

void track_story_free(struct track *t, struct flow *f)
{
    free_story(t, f);
}

void track_free(struct track *t)
{
    if (!t)
        return;
    if (t->flows)
        flow_table_each(t->flows, free_story, t);
    flow_table_free(t->flows);
    track_duplicate_free(t->copies);
    track_fragment_free(t->fragments);
    track_quic_free(t->quics);
    free(t);
}

static int64_t idle_limit_ns(const struct flow *f)
{
    if (f->flags & FLOW_ENDED)
        return ended_idle_ns;
    bool answered = f->half[0].packets && f->half[1].packets;
    if (answered && !(f->flags & FLOW_BACKGROUND))
        return role_idle_ns;
    if (f->key.protocol != 6)
        return udp_idle_ns;
    return answered ? tcp_idle_ns : opening_idle_ns;
}

/* A flow of a client to somebody else testifies as well that the client has a network and the tap sees answers. */
static void note_answered(struct track *t, const struct flow *f)
{
    if (f->half[0].packets && f->half[1].packets)
        model_host_note_answered(t->model, flow_client(f),
                                 t->options.proxy_ports &&
                                     decode_ports_has(t->options.proxy_ports, flow_server_port(f)));
}

static void end_flow(struct track *t, struct flow *f, int64_t now_ns)
{
    struct story *s = story_of(f);
    bool guessed = f->flags & FLOW_CLIENT_GUESSED && f->role == ENDPOINT_ROLE_UNKNOWN;
    bool other = track_speech_end(t, f, !guessed) && f->role == ENDPOINT_ROLE_UNKNOWN;
    bool judged = s && !guessed && !other; /* which side is the client, the port alone does not tell */
    if (!s)
        note_answered(t, f);
    else if (judged && f->key.protocol == 6)
        track_tcp_judge(t, f, now_ns);
    else if (judged)
        track_udp_judge(t, f, now_ns);
    track_ending_note(t, f, now_ns);
    track_tap_count_flow(t, f);
    if (t->options.on_flow_end)
        t->options.on_flow_end(t->options.on_flow_end_context, f);
    free_story(t, f);
}

static int64_t expire(void *context, struct flow *f, int64_t now_ns)
{
    struct track *t = context;
    int64_t deadline = nsec_add(f->last_ns, idle_limit_ns(f));
    if (deadline > now_ns)
        return deadline;
    end_flow(t, f, now_ns);
    return FLOW_TABLE_REMOVE;
}

static struct flow *new_flow(struct track *t, const struct flow_key *key, bool source_is_low,
                             const struct track_packet *packet, const struct decode_packet *d)
{
    struct flow *f = flow_table_add(t->flows, key, d->hash, nsec_add(packet->time_ns, ended_idle_ns));
    if (!f) {
        t->tap->packets_not_followed++;
        return NULL;
    }
    f->first_ns = f->last_ns = packet->time_ns;
    f->first_frame = packet->frame;
    track_role_assign(t, f, source_is_low, d);
    if (!(f->flags & FLOW_BACKGROUND))
        track_session_begin(t, f, packet);
    return f;
}

static struct flow *flow_of(struct track *t, const struct track_packet *packet, const struct decode_packet *d,
                            bool *source_is_low)
{
    struct flow_key key = flow_key_make(&d->source, d->source_port, &d->destination, d->destination_port,
                                        source_is_low);
    key.protocol = d->protocol;
    key.ip_version = d->ip_version;
    struct flow *f = flow_table_find(t->flows, &key, d->hash);
    if (f && d->transport == DECODE_TCP && track_tcp_begins_anew(f, d)) {
        end_flow(t, f, packet->time_ns);
        flow_table_remove(t->flows, f);
        f = NULL;
    }
    return f ? f : new_flow(t, &key, *source_is_low, packet, d);
}

/* Boyer and Moore's vote: the TTL that most packets of an address carry. */
static void vote_ttl(struct track *t, const struct decode_packet *d, int64_t time_ns)
{
    struct model_host *host = model_host_of(t->model, &d->source);
    if (!host)
        return;
    if (host->votes == 0)
        host->ttl = d->ttl;
    host->votes = host->ttl == d->ttl ? host->votes + 1 : host->votes - 1;
    if (host->first_vote_ns == INT64_MIN)
        host->first_vote_ns = time_ns;
    host->last_vote_ns = time_ns;
}

/* Of the whole way, where this connection's handshake was timed: near the server its half alone is next to nothing. */
static int64_t least_round_trip(const struct story *s, const struct flow *f)
{
    if (s && f->key.protocol == 6 && s->tcp.rtt_server_ns > 0)
        return nsec_add(s->tcp.rtt_server_ns, s->tcp.rtt_client_ns);
    return s ? s->path->least_rtt_ns : INT64_MAX;
}

static enum track_result track_flow_packet(struct track *t, const struct track_packet *packet,
                                           const struct decode_packet *d)
{
    bool source_is_low;
    struct flow *f = flow_of(t, packet, d, &source_is_low);
    if (!f)
        return TRACK_FOLLOWED;
    struct story *s = story_of(f);
    int64_t rtt_ns = least_round_trip(s, f);
    enum track_duplicate_answer copy = track_duplicate_check(t->copies, f, rtt_ns, packet, d);
    if (copy != TRACK_NEW) {
        t->tap->duplicates++;
        t->tap->duplicates_routed += copy == TRACK_COPY_ROUTED;
        return TRACK_DUPLICATE;
    }
    enum flow_direction direction = flow_direction_of(f, source_is_low);
    track_tap_note_packet(t, f, direction, packet, d);
    bool reset = d->transport == DECODE_TCP && d->tcp.flags & DECODE_RST;
    if (s && !reset && f->half[direction].packets < VOTES_PER_FLOW)
        vote_ttl(t, d, packet->time_ns);
    if (s)
        s->path->last_ns = packet->time_ns;
    if (s && direction == FLOW_TO_CLIENT)
        model_client_note_heard(s->path->client, packet->time_ns);
    if (s && s->session)
        s->session->last_ns = packet->time_ns;
    if (d->flags & DECODE_FIRST_FRAGMENT)
        track_fragment_begin(t, f, direction, packet, d);
    if (d->source_port == TRACK_DNS_PORT || d->destination_port == TRACK_DNS_PORT)
        track_dns(t, packet, d);
    if (d->transport == DECODE_TCP) {
        track_tcp(t, f, direction, packet, d);
        track_opening(t, f, direction, packet, d);
    } else {
        track_udp(t, f, direction, packet, d);
    }
    if (d->payload_captured)
        track_speech_packet(t, f, direction, packet, d);
    if (f->flags & FLOW_ENDED)
        flow_table_set_deadline(t->flows, f, nsec_add(packet->time_ns, ended_idle_ns));
    return TRACK_FOLLOWED;
}

static enum track_result track_icmp_packet(struct track *t, const struct track_packet *packet,
                                           const struct decode_packet *d)
{
    if (track_duplicate_check(t->copies, NULL, INT64_MAX, packet, d) != TRACK_NEW) {
        t->tap->duplicates++;
        return TRACK_DUPLICATE;
    }
    track_icmp(t, packet, d);
    return TRACK_FOLLOWED;
}

void track_advance(struct track *t, int64_t time_ns)
{
    if (time_ns <= t->now_ns)
        return;
    t->now_ns = time_ns;
    t->tap->now_ns = time_ns;
    track_load_advance(&t->load, t->model, time_ns);
    flow_table_advance(t->flows, time_ns, expire, t);
}

void track_load(struct track *t, const struct decode_packet *d)
{
    if (d->transport != DECODE_NOT_IP)
        track_load_packet(&t->load, d);
}

void track_prefetch(const struct track *t, const struct decode_packet *d, bool soon)
{
    if (!(d->flags & DECODE_FOLLOWED) || d->transport == DECODE_ICMP)
        return;
    if (soon)
        flow_table_prefetch_flow(t->flows, d->hash);
    else
        flow_table_prefetch_index(t->flows, d->hash);
}

enum track_result track_one(struct track *t, const struct track_packet *packet, const struct decode_packet *d)
{
    if (d->transport == DECODE_FRAGMENT)
        return track_fragment_later(t, packet, d) ? TRACK_FOLLOWED : TRACK_BACKGROUND;
    if (d->transport == DECODE_ICMP)
        return track_icmp_packet(t, packet, d);
    return track_flow_packet(t, packet, d);
}

void track_clock_step(struct track *t, uint64_t frame, int64_t from_ns, int64_t to_ns)
{
    struct model_tap *tap = t->tap;
    int64_t size = from_ns > to_ns ? nsec_sub(from_ns, to_ns) : nsec_sub(to_ns, from_ns);
    tap->clock_steps_back += from_ns > to_ns;
    if (tap->clock_steps < MODEL_CLOCK_STEPS)
        tap->steps[tap->clock_steps] = (struct model_clock_step){ .frame = frame, .from_ns = from_ns, .to_ns = to_ns };
    tap->clock_steps++;
    if (size > tap->clock_step_largest_ns)
        tap->clock_step_largest_ns = size;
    t->clock_epoch++;
    t->now_ns = tap->now_ns = to_ns;
    track_load_end(&t->load, t->model);
}

struct flow_list {
    struct flow **flows;
    size_t count;
};

static void collect(void *context, struct flow *f)
{
    struct flow_list *list = context;
    list->flows[list->count++] = f;
}

static int by_order(const void *a, const void *b)
{
    const struct flow *x = *(struct flow *const *)a, *y = *(struct flow *const *)b;
    return (x->order > y->order) - (x->order < y->order);
}

void track_finish(struct track *t)
{
    track_load_end(&t->load, t->model);
    struct flow_list list = { .flows = calloc(flow_table_count(t->flows) + 1, sizeof(struct flow *)) };
    if (!list.flows)
        return;
    flow_table_each(t->flows, collect, &list);
    qsort(list.flows, list.count, sizeof *list.flows, by_order);
    for (size_t i = 0; i < list.count; i++)
        end_flow(t, list.flows[i], t->now_ns);
    for (size_t i = 0; i < list.count; i++)
        flow_table_remove(t->flows, list.flows[i]);
    free(list.flows);
    track_fragment_finish(t);
}
