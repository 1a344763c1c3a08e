/* SPDX-License-Identifier: Apache-2.0 */
#include "track/judge.h"

#include "base/nsec.h"
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

const struct model_host *track_judge_host(const struct track *t, const struct ipaddr *address, int64_t at_ns)
{
    const struct model_host *host = model_host_find(t->model, address);
    if (!host || !host->votes || at_ns < nsec_sub(host->first_vote_ns, t->forgery_memory_ns) ||
        at_ns > nsec_add(host->last_vote_ns, t->forgery_memory_ns))
        return NULL;
    return host;
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
    incident->about_client = icmp->about_client;
    incident->by = MODEL_BY_ROUTER;
    if (ipaddr_equal(&icmp->reporter, &s->path->server)) {
        const struct model_host *host = track_judge_host(t, &s->path->server, icmp->ns);
        incident->usual_hops = host ? track_judge_hops(host->ttl) : 0;
        incident->by = !host ? MODEL_BY_UNDETERMINED
                       : incident->hops + t->forgery_hops <= incident->usual_hops ? MODEL_BY_MIDDLEBOX
                                                                    : MODEL_BY_ENDPOINT;
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

/* How often the table of flows may be searched: what a stranger's file can make us do is bounded. */
enum { SEARCHES_MOST = 256 };

struct search {
    const struct ipaddr *client;
    int64_t from_ns, to_ns;
    bool heard;
};

static void search_flow(void *context, struct flow *f)
{
    struct search *search = context;
    search->heard = search->heard || (f->half[FLOW_TO_SERVER].last_ns > search->from_ns &&
                                      f->first_ns < search->to_ns && ipaddr_equal(flow_client(f), search->client));
}

bool track_judge_client_gone(struct track *t, const struct flow *f, const struct story_run *run)
{
    struct search search = { .client = flow_client(f), .from_ns = nsec_add(run->first_ns, NSEC_PER_SEC),
                             .to_ns = run->last_ns };
    if (t->searches++ >= SEARCHES_MOST)
        return false;
    flow_table_each(t->flows, search_flow, &search);
    return !search.heard;
}
