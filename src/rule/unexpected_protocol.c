/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

static struct rule_case by_protocol(const struct model *model, const struct model_path *path,
                                    const struct model_incident *incident, struct draft_list *out)
{
    (void)model;
    (void)path;
    (void)out;
    return (struct rule_case){ .cause = incident->speaks, .severity = WSPSCOPE_NOTICE, .confidence = WSPSCOPE_HIGH };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_SPEAKS_OTHER, by_protocol, out);
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    (void)model;
    bool unknown = d->key.role == ENDPOINT_ROLE_UNKNOWN;
    d->what = arena_format(a, "carries %s, not streaming", d->key.cause);
    d->summary = arena_format(a, "%s %s: the first words of %s say so (%s).", rule_draft_subject(d, a), d->what,
                              rule_context_count(a, d->count, "flow", "flows"), rule_draft_frames(d, a));
    d->cause = unknown ? "A server that has nothing to do with WorkSpaces uses a port number of WorkSpaces. Nothing "
                         "about the name or address of the server says otherwise."
                       : "Something in between, or the program on the client, uses the gateway's port for another "
                         "protocol: a relay, a tunnel, or a wrong redirection.";
    d->remedy = unknown ? arena_format(a, "Nothing, as far as WorkSpaces are concerned. A firewall rule that opens %s "
                                          "%u to everybody lets this pass too: open it to the published ranges only.",
                                       rule_draft_protocol_name(d->key.protocol), d->key.port)
                        : "Find out which program on the client opens this connection, and what answers it in the "
                          "gateway's place.";
    d->who = unknown ? WSPSCOPE_WHO_LOCAL_NETWORK : WSPSCOPE_WHO_CLIENT;
    d->disproved_by = "A TLS or QUIC handshake or PCoIP's ESP datagrams in these flows would disprove this.";
    rule_draft_rule_out(d, "a scanner that tries its luck", "the server answers in that protocol");
    rule_draft_measure_text(d, "protocol", d->key.cause);
    rule_draft_measure_integer(d, "flows", (int64_t)d->count);
}

const struct rule rule_unexpected_protocol = {
    .about.kind = "unexpected-protocol",
    .about.title = "A service port carries something else",
    .about.severity = "notice",
    .about.meaning = "A flow on port 4172 or 4195 (or on another port of a gateway) speaks a protocol that is neither "
                     "DCV nor PCoIP: somebody else uses the port.",
    .about.signature = "The server's first bytes are those of SSH, HTTP in the clear, VNC, RDP or BitTorrent, or nDPI "
                       "is sure of what both sides said. TLS, QUIC and ESP in UDP are what DCV and PCoIP use; what "
                       "nobody recognises is not reported.",
    .about.needs = "payload",
    .about.judged = true,
    .rank = RULE_RANK_REST,
    .needs = RULE_NEEDS_PAYLOAD,
    .check = check,
    .explain = explain,
};
