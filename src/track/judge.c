/* SPDX-License-Identifier: Apache-2.0 */
#include "track/judge.h"

#include "track/session.h"

void track_judge_show_frames(const struct story_frames *list, enum model_shows shows, struct model_incident *incident)
{
    uint32_t kept = list->count < STORY_FRAMES ? list->count : STORY_FRAMES;
    for (uint32_t i = 0; i < kept; i++)
        model_incident_show(incident, shows, list->frame[i], i + 1 < kept ? i + 1 : list->count);
}

uint8_t track_judge_hops(uint8_t ttl)
{
    static const uint8_t initial[] = { 32, 64, 128, 255 };
    for (unsigned i = 0; i < sizeof initial; i++)
        if (ttl <= initial[i])
            return (uint8_t)(initial[i] - ttl);
    return 0;
}

static const struct model_host *host_with_ttl(const struct track *t, const struct story *s)
{
    const struct model_host *host = model_host_find(t->model, &s->path->server);
    return host && host->votes ? host : NULL;
}

void track_judge_icmp(const struct track *t, const struct story *s, struct model_incident *incident)
{
    const struct story_icmp *icmp = &s->icmp;
    incident->reporter = icmp->reporter;
    incident->icmp_type = icmp->type;
    incident->icmp_code = icmp->code;
    incident->delay_ns = icmp->delay_ns;
    incident->hops = track_judge_hops(icmp->ttl);
    incident->loop = icmp->loop;
    incident->by = MODEL_BY_ROUTER;
    if (ipaddr_equal(&icmp->reporter, &s->path->server)) {
        const struct model_host *host = host_with_ttl(t, s);
        incident->usual_hops = host ? track_judge_hops(host->ttl) : 0;
        incident->by = host && incident->hops + 2 <= incident->usual_hops ? MODEL_BY_MIDDLEBOX : MODEL_BY_ENDPOINT;
    }
    track_judge_show_frames(&icmp->frames, MODEL_SHOWS_ICMP, incident);
}

void track_judge_undecided(struct track *t, struct story *s, const struct flow *f, enum model_undecided why)
{
    struct model_incident incident = { .fact = MODEL_UNDECIDED, .why = (uint8_t)why, .first_ns = f->first_ns,
                                       .last_ns = f->last_ns };
    if (f->key.protocol == 6) {
        incident.attempts = s->tcp.syn_count;
        track_judge_show_frames(&s->tcp.syns, MODEL_SHOWS_SYN, &incident);
    } else {
        incident.attempts = s->udp.sent;
        incident.quic = s->udp.quic;
        track_judge_show_frames(&s->udp.datagrams, s->udp.quic ? MODEL_SHOWS_INITIAL : MODEL_SHOWS_DATAGRAM, &incident);
    }
    track_session_file(t, s, f, &incident);
}

void track_judge_reset(const struct track *t, const struct story *s, struct model_incident *incident)
{
    const struct model_host *host = host_with_ttl(t, s);
    bool against = false;
    incident->hops = track_judge_hops(s->tcp.rst_ttl);
    if (host) {
        incident->usual_hops = track_judge_hops(host->ttl);
        if (incident->hops + 2 <= incident->usual_hops)
            incident->score++;
        else if (incident->hops == incident->usual_hops && host->ttl == s->tcp.rst_ttl)
            against = true;
    }
    if (host && host->least_rtt_ns != INT64_MAX && s->tcp.rst_delay_ns >= 0 &&
        s->tcp.rst_delay_ns * 10 < host->least_rtt_ns)
        incident->score++;
    incident->score = (int8_t)(incident->score + s->tcp.rst_id_copied + s->tcp.rst_impossible);
    if (incident->score >= 2)
        incident->by = MODEL_BY_MIDDLEBOX;
    else if (against && !incident->score)
        incident->by = MODEL_BY_ENDPOINT;
}
