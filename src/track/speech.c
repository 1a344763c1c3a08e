/* SPDX-License-Identifier: Apache-2.0 */
#include "track/speech.h"

#include <stdlib.h>

#include "classify/classify.h"
#include "decode/greeting.h"
#include "track/session.h"

/* Made when something but TLS was heard. */
struct story_speech {
    uint8_t greeting[2]; /* enum decode_greeting, of the first payload of each side */
    uint64_t frame[2];   /* 0: nothing heard */
    int64_t first_ns, last_ns;
};

/* Of health checks nobody knows what they say; to a web proxy HTTP is right. */
static bool is_judged(const struct flow *f)
{
    if (f->flags & FLOW_NAME_BY_CONNECT)
        return false;
    return f->role == ENDPOINT_ROLE_UNKNOWN || endpoint_role_is_gateway((enum endpoint_role)f->role) ||
           f->role == ENDPOINT_PRIVATE_GATEWAY;
}

static void note(struct story *s, enum flow_direction direction, const struct track_packet *packet)
{
    if (!s->speech)
        s->speech = calloc(1, sizeof *s->speech);
    if (!s->speech || s->speech->frame[direction])
        return;
    if (!s->speech->frame[!direction])
        s->speech->first_ns = packet->time_ns;
    s->speech->last_ns = packet->time_ns;
    s->speech->frame[direction] = packet->frame;
}

static void ask(struct track *t, struct flow *f, enum flow_direction direction, const struct track_packet *packet,
                const struct decode_packet *d)
{
    struct classify_packet p = {
        .source = d->source, .destination = d->destination, .source_port = d->source_port,
        .destination_port = d->destination_port, .protocol = d->protocol, .ipv6 = d->ip_version == 6,
        .to_server = direction == FLOW_TO_SERVER, .time_ns = packet->time_ns,
        .tcp_sequence = d->transport == DECODE_TCP ? d->tcp.sequence : 0,
        .payload = packet->bytes + d->payload_offset, .payload_bytes = d->payload_captured,
    };
    classify_look(t->options.classify, &f->app, &p);
    if (f->story && classify_is_proof(f->app) && is_judged(f))
        note(f->story, direction, packet);
}

static void hear(struct story *s, enum flow_direction direction, const struct track_packet *packet,
                 const struct decode_packet *d)
{
    struct cursor payload = cursor_make(packet->bytes + d->payload_offset, d->payload_captured);
    enum decode_greeting greeting =
        d->transport == DECODE_TCP ? decode_greeting_stream(payload) : decode_greeting_datagram(payload);
    if (greeting == DECODE_GREETING_TLS && direction == FLOW_TO_CLIENT)
        s->path->tls_answered = true;
    bool ordinary = greeting == DECODE_GREETING_NONE || greeting == DECODE_GREETING_TLS;
    if (!ordinary || s->speech)
        note(s, direction, packet);
    if (s->speech)
        s->speech->greeting[direction] = (uint8_t)greeting;
}

void track_speech_packet(struct track *t, struct flow *f, enum flow_direction direction,
                         const struct track_packet *packet, const struct decode_packet *d)
{
    struct story *s = story_of(f);
    if (t->options.classify && classify_wants_more(f->app) && (s || t->options.classify_background))
        ask(t, f, direction, packet, d);
    if (s && f->half[direction].payload_bytes == d->payload_bytes && is_judged(f))
        hear(s, direction, packet, d);
}

/* The server has to have said it, or nDPI to be sure and the server to have answered: a scanner that tries a protocol
 * on a gateway is none. */
static const char *other_protocol(const struct flow *f, const struct story_speech *speech)
{
    enum decode_greeting client = (enum decode_greeting)speech->greeting[FLOW_TO_SERVER];
    enum decode_greeting server = (enum decode_greeting)speech->greeting[FLOW_TO_CLIENT];
    if (client == DECODE_GREETING_TLS || server == DECODE_GREETING_TLS || server == DECODE_GREETING_HTTP_REFUSED ||
        !f->half[FLOW_TO_SERVER].payload_bytes || !f->half[FLOW_TO_CLIENT].payload_bytes)
        return NULL;
    if (server != DECODE_GREETING_NONE)
        return decode_greeting_name(server);
    return classify_is_proof(f->app) ? classify_name(f->app) : NULL;
}

bool track_speech_end(struct track *t, struct flow *f, bool judged)
{
    struct story *s = story_of(f);
    if (t->options.classify)
        classify_end(t->options.classify, &f->app);
    const char *other = judged && s && s->speech ? other_protocol(f, s->speech) : NULL;
    if (!other)
        return false;
    const struct story_speech *speech = s->speech;
    struct model_incident incident = { .fact = MODEL_SPEAKS_OTHER, .first_ns = speech->first_ns,
                                       .last_ns = speech->last_ns, .attempts = 1, .speaks = other };
    bool server_first = speech->frame[FLOW_TO_CLIENT] && speech->frame[FLOW_TO_CLIENT] < speech->frame[FLOW_TO_SERVER];
    for (int i = 0; i < 2; i++) {
        int direction = server_first ? !i : i;
        if (speech->frame[direction])
            model_incident_show(&incident, MODEL_SHOWS_GREETING, speech->frame[direction], (uint32_t)direction);
    }
    track_session_file(t, s, f, &incident);
    if (f->role == ENDPOINT_ROLE_UNKNOWN)
        track_session_take_back(s, f);
    return true;
}
