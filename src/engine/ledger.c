/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ledger.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/nsec.h"
#include "engine/limit.h"
#include "rule/context.h"
#include "rule/rule.h"

static int by_count(const void *left, const void *right)
{
    const struct wspscope_unsupported *a = left, *b = right;
    if (a->packets != b->packets)
        return a->packets > b->packets ? -1 : 1;
    return strcmp(a->what, b->what);
}

static void list_unsupported(const struct engine *e, struct arena *a, struct wspscope_ledger *out)
{
    struct wspscope_unsupported *rows = arena_alloc(a, e->unsupported_count + 1, sizeof *rows);
    size_t n = 0;
    for (size_t i = 0; rows && i < e->unsupported_count; i++) {
        const struct engine_unsupported *u = &e->unsupported[i];
        char text[DECODE_UNSUPPORTED_TEXT_SIZE];
        bool no_interface = u->kind == DECODE_UNSUPPORTED_LINK_TYPE && u->number == CAPTURE_NO_LINK_TYPE;
        rows[n].what = no_interface ? "an interface that the file does not describe"
                                    : arena_copy(a, decode_unsupported_format(u->kind, u->number, text));
        rows[n++].packets = u->packets;
    }
    if (rows && e->unsupported_more)
        rows[n++] = (struct wspscope_unsupported){ .what = "other types", .packets = e->unsupported_more };
    if (n)
        qsort(rows, n, sizeof *rows, by_count);
    out->unsupported = rows;
    out->unsupported_count = rows ? n : 0;
}

/* Reasons why attempts of some path stayed undecided. */
static void undecided_reasons(const struct model *model, bool tcp[MODEL_UNDECIDED_REASONS],
                              bool udp[MODEL_UNDECIDED_REASONS])
{
    for (const struct model_path *p = model_paths(model); p; p = p->next)
        for (size_t i = 0; i < model_incidents_kept(p, MODEL_UNDECIDED); i++)
            (p->protocol == 6 ? tcp : udp)[model_incident_at(p, MODEL_UNDECIDED, i)->why] = true;
}

struct unanswered_list {
    const struct draft_list *found;
    struct wspscope_unanswered *rows;
    size_t count;
};

static void add_unanswered(struct unanswered_list *list, const char *kind, const char *because)
{
    for (const struct draft *d = list->found->first; d; d = d->next)
        if (strcmp(d->key.rule->about.kind, kind) == 0)
            return; /* answered, for some */
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->rows[i].kind, kind) == 0)
            return;
    list->rows[list->count++] = (struct wspscope_unanswered){ .kind = kind, .because = because };
}

/* A handshake for a WorkSpaces name whose certificate is encrypted. */
static bool hides_certificates(const struct model *model)
{
    for (const struct model_path *p = model_paths(model); p; p = p->next)
        if (p->tls && p->tls->hidden)
            return true;
    return false;
}

static void list_unanswered(const struct engine *e, const struct draft_list *found, struct arena *a,
                            struct wspscope_ledger *out)
{
    enum { MOST = 32 };
    bool tcp[MODEL_UNDECIDED_REASONS] = { false }, udp[MODEL_UNDECIDED_REASONS] = { false };
    struct unanswered_list list = { .found = found, .rows = arena_alloc(a, MOST, sizeof *list.rows) };
    if (!list.rows)
        return;
    undecided_reasons(e->model, tcp, udp);
    if (rule_context_tap_is_one_way(e->model))
        for (const struct rule *const *rule = rule_all(); *rule && list.count < MOST; rule++)
            if ((*rule)->needs & RULE_NEEDS_BOTH)
                add_unanswered(&list, (*rule)->about.kind, "capture-one-way");
    if (tcp[MODEL_UNDECIDED_ONE_WAY])
        add_unanswered(&list, "tcp-syn-dropped", "capture-one-way");
    if (udp[MODEL_UNDECIDED_ONE_WAY])
        add_unanswered(&list, "udp-blocked", "capture-one-way");
    if (udp[MODEL_UNDECIDED_START])
        add_unanswered(&list, "udp-blocked", "capture-late-start");
    if (tcp[MODEL_UNDECIDED_CLOCK])
        add_unanswered(&list, "tcp-syn-dropped", "capture-clock");
    if (udp[MODEL_UNDECIDED_CLOCK])
        add_unanswered(&list, "udp-blocked", "capture-clock");
    if (tcp[MODEL_UNDECIDED_WINDOW])
        add_unanswered(&list, "tcp-syn-dropped", "window");
    if (udp[MODEL_UNDECIDED_WINDOW])
        add_unanswered(&list, "udp-blocked", "window");
    if (hides_certificates(e->model))
        add_unanswered(&list, "tls-intercepted", "tls-1.3");
    if (tcp[MODEL_UNDECIDED_CUT])
        add_unanswered(&list, "tcp-reset-midstream", "capture-truncated");
    out->unanswered = list.rows;
    out->unanswered_count = list.count;
}

/* The first session to a known Region that is not the one the user named; NULL when none was named. */
static const struct model_session *session_elsewhere(const struct engine *e)
{
    const struct model_session *s = e->analyzer->region ? model_sessions(e->model) : NULL;
    while (s && (!s->region || s->region == e->analyzer->region))
        s = s->next;
    return s;
}

/* A path to a gateway or login host that leads through a web proxy; NULL when none does. */
static const struct model_path *proxied_path(const struct model *model)
{
    const struct model_path *p = model_paths(model);
    while (p && !p->proxy)
        p = p->next;
    return p;
}

static const char *proxy_note(const struct model_path *p, struct arena *a)
{
    char proxy[IPADDR_TEXT_SIZE];
    return arena_format(a, "WorkSpaces is reached through the web proxy %s:%u. UDP never goes through a proxy: DCV "
                           "over UDP, PCoIP and the health checks need a direct way to the gateways.",
                        ipaddr_format(&p->server, proxy), p->proxy->port);
}

static void list_notes(const struct engine *e, struct arena *a, struct wspscope_ledger *out)
{
    enum { MOST = 8 };
    const struct model_tap *tap = model_tap(e->model);
    const char **notes = arena_alloc(a, MOST, sizeof *notes);
    size_t n = 0;
    if (!notes)
        return;
    if (e->vlan_packets && !capture_filter_mentions_vlan(e->analyzer->filter))
        notes[n++] = arena_format(a, "The filter does not mention \"vlan\", and %" PRIu64 " frames carry a VLAN tag: "
                                     "a BPF filter without \"vlan\" does not see into them.", e->vlan_packets);
    if (tap->role_icmp_unmatched)
        notes[n++] = arena_format(a, "%" PRIu64 " ICMP errors quote packets that were not in flight: they prove "
                                     "nothing and were left out.", tap->role_icmp_unmatched);
    if (tap->duplicates)
        notes[n++] = arena_format(a, "%" PRIu64 " packets are copies made by the capture and were left out of every "
                                     "count.", tap->duplicates);
    const struct model_path *proxied = proxied_path(e->model);
    if (proxied)
        notes[n++] = proxy_note(proxied, a);
    const struct model_session *elsewhere = session_elsewhere(e);
    if (elsewhere)
        notes[n++] =
            arena_format(a, "Not every session goes to %s, the Region of --region: the first other one goes to %s.",
                         e->analyzer->region->code, elsewhere->region->code);
    if (tap->role_flows)
        notes[n++] = "Checked: whether connections and datagrams to gateways and health-check hosts are answered, "
                     "refused, reset, rejected or dropped, what the client fell back to, whether names are "
                     "resolved, TLS handshakes, certificates and proxies, round trip, loss, stalls and packet sizes. "
                     "The loss of QUIC cannot be measured from outside.";
    out->notes = notes;
    out->note_count = n;
}

void engine_ledger(const struct engine *e, const struct draft_list *found, struct arena *a,
                   struct wspscope_ledger *out)
{
    *out = (struct wspscope_ledger){ .packets = e->counts };
    list_unsupported(e, a, out);
    engine_limit_list(e, a, out);
    list_unanswered(e, found, a, out);
    list_notes(e, a, out);
}
