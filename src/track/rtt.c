/* SPDX-License-Identifier: Apache-2.0 */
#include "track/rtt.h"

/* The least round trip between the tap and the server, the yardstick for copies and forged resets. Handshakes alone:
 * nothing in them waits for a timer or a program. */
static void note_least(struct track *t, struct story *s, int64_t server_ns)
{
    struct model_host *host = model_host_of(t->model, &s->path->server);
    if (server_ns < s->path->least_rtt_ns)
        s->path->least_rtt_ns = server_ns;
    if (host && server_ns < host->least_rtt_ns)
        host->least_rtt_ns = server_ns;
}

void track_rtt_sample(struct track *t, struct story *s, const struct model_rtt_sample *sample)
{
    if (s->path->proxy)
        return; /* it is the round trip to the proxy, not to what lies behind it */
    bool handshake = sample->method == MODEL_RTT_HANDSHAKE || sample->method == MODEL_RTT_QUIC;
    if (handshake && sample->half == MODEL_RTT_SERVER && sample->value_ns > 0)
        note_least(t, s, sample->value_ns);
    model_rtt_add(t->model, s->path, sample);
}

void track_rtt_transit(struct track *t, struct story *s, enum model_rtt_half half, int64_t excess_ns)
{
    model_rtt_add_transit(t->model, s->path, half, excess_ns);
}
