/* SPDX-License-Identifier: Apache-2.0 */
#include "track/proxy.h"

#include <stdlib.h>
#include <string.h>

#include "base/nsec.h"
#include "track/role.h"
#include "track/session.h"

/* A head that comes in more pieces than this is no head. */
enum { TRIES_MOST = 32, TLS_HANDSHAKE = 22, HTTP_LOGIN_WANTED = 407 };

bool track_proxy_port(const struct track *t, const struct flow *f)
{
    return t->options.proxy_ports && decode_ports_has(t->options.proxy_ports, flow_server_port(f));
}

bool track_proxy_reads(const struct track_proxy_piece *p, struct cursor bytes)
{
    const struct track_proxy *proxy = p->proxy;
    if (proxy->lost || !track_proxy_port(p->t, p->f))
        return false;
    if (p->direction == FLOW_TO_CLIENT)
        return proxy->port && !proxy->tunnel;
    return proxy->head[FLOW_TO_SERVER] || (cursor_u8(&bytes) != TLS_HANDSHAKE && !proxy->tunnel);
}

static void free_head(struct track_proxy *proxy, enum flow_direction side, struct track_order_budget *budget)
{
    if (!proxy->head[side])
        return;
    budget->bytes -= DECODE_HTTP_HEAD_BYTES_MAX;
    free(proxy->head[side]);
    proxy->head[side] = NULL;
    proxy->head_bytes[side] = proxy->tries[side] = 0;
}

void track_proxy_free(struct track_proxy *proxy, struct track_order_budget *budget)
{
    free_head(proxy, FLOW_TO_SERVER, budget);
    free_head(proxy, FLOW_TO_CLIENT, budget);
}

/* The bytes of the head so far, with those that came now: the same when nothing was kept. */
static struct cursor gathered(const struct track_proxy_piece *p, struct cursor bytes)
{
    struct track_proxy *proxy = p->proxy;
    uint8_t *head = proxy->head[p->direction];
    if (!head)
        return bytes;
    uint32_t *length = &proxy->head_bytes[p->direction];
    size_t room = DECODE_HTTP_HEAD_BYTES_MAX - *length;
    size_t more = cursor_left(&bytes) < room ? cursor_left(&bytes) : room;
    cursor_copy(&bytes, head + *length, more);
    *length += (uint32_t)more;
    return cursor_make(head, *length);
}

/* Keeps a head that is cut until the rest of it comes. */
static void keep(const struct track_proxy_piece *p, struct cursor bytes)
{
    struct track_proxy *proxy = p->proxy;
    struct track_order_budget *budget = &p->t->order_budget;
    if (++proxy->tries[p->direction] > TRIES_MOST) {
        proxy->lost = true;
        return;
    }
    if (proxy->head[p->direction])
        return;
    bool room = budget->bytes + DECODE_HTTP_HEAD_BYTES_MAX <= budget->most_bytes;
    budget->refused += !room;
    proxy->head[p->direction] = room ? malloc(DECODE_HTTP_HEAD_BYTES_MAX) : NULL;
    if (!proxy->head[p->direction]) {
        proxy->lost = true;
        return;
    }
    budget->bytes += DECODE_HTTP_HEAD_BYTES_MAX;
    (void)gathered(p, bytes);
}

void track_proxy_connect(const struct track_proxy_piece *p, const struct decode_http_connect *connect)
{
    struct track_role_name name = { .host = connect->host, .port = connect->port, .source = TRACK_ROLE_BY_CONNECT };
    track_role_named(p->t, p->f, &name, p->packet);
}

static void on_request(const struct track_proxy_piece *p, const struct decode_http_connect *connect)
{
    struct track_proxy *proxy = p->proxy;
    proxy->port = connect->port;
    proxy->waits = proxy->asked_anew = true;
    proxy->connect_frame = p->packet->frame;
    proxy->connect_ns = p->packet->time_ns;
    track_proxy_connect(p, connect);
    struct story *s = story_of(p->f);
    if (s && s->path->proxy)
        s->path->proxy->asked++;
}

/* A refusal that nothing heals any more. */
static void file_waiting(struct track *t, struct story *s, const struct flow *f)
{
    struct model_proxy *facts = s->path->proxy;
    if (!facts->has_waiting)
        return;
    facts->has_waiting = false;
    facts->refused++;
    struct model_incident refused = facts->waiting;
    track_session_file(t, s, f, &refused);
}

static void on_refused(const struct track_proxy_piece *p, struct story *s, const struct decode_http_answer *answer)
{
    struct model_proxy *facts = s->path->proxy;
    int64_t now_ns = p->packet->time_ns;
    bool login = answer->code == HTTP_LOGIN_WANTED;
    bool goes_on = facts->has_waiting && login &&
                   nsec_sub(now_ns, facts->waiting.first_ns) <= p->t->proxy_retry_ns;
    if (!goes_on)
        file_waiting(p->t, s, p->f);
    facts->code = answer->code;
    facts->wants_login = facts->wants_login || login;
    memcpy(facts->reason, answer->reason, sizeof facts->reason);
    memcpy(facts->scheme, answer->scheme, sizeof facts->scheme);
    struct model_incident *incident = &facts->waiting;
    if (!goes_on)
        *incident = (struct model_incident){ .fact = MODEL_PROXY_REFUSED, .first_ns = now_ns,
                                             .begin_ns = p->f->first_ns,
                                             .client_port = flow_client_port(p->f) };
    incident->last_ns = now_ns;
    incident->attempts++;
    incident->code = answer->code;
    incident->delay_ns = nsec_sub(now_ns, p->proxy->connect_ns);
    model_incident_show(incident, MODEL_SHOWS_CONNECT, p->proxy->connect_frame, incident->attempts);
    model_incident_show(incident, MODEL_SHOWS_PROXY_ANSWER, p->packet->frame, answer->code);
    facts->has_waiting = true;
    if (!login)
        file_waiting(p->t, s, p->f);
}

static void on_answer(const struct track_proxy_piece *p, const struct decode_http_answer *answer)
{
    struct story *s = story_of(p->f);
    bool granted = answer->code >= 200 && answer->code < 300;
    if (answer->code < 200)
        return; /* the answer proper follows */
    p->proxy->waits = false;
    p->proxy->tunnel = granted;
    if (!s || !s->path->proxy)
        return;
    model_host_note_answered(p->t->model, flow_client(p->f), true);
    struct model_proxy *facts = s->path->proxy;
    if (!granted) {
        on_refused(p, s, answer);
        return;
    }
    facts->granted++;
    facts->granted_ns = p->packet->time_ns;
    if (facts->has_waiting && nsec_sub(p->packet->time_ns, facts->waiting.first_ns) > p->t->proxy_retry_ns)
        file_waiting(p->t, s, p->f);
    facts->has_waiting = false;
}

static struct cursor nothing(struct cursor bytes)
{
    return (struct cursor){ .at = bytes.end, .end = bytes.end };
}

static struct cursor read_request(const struct track_proxy_piece *p, struct cursor bytes, bool cut)
{
    struct decode_http_connect connect;
    struct cursor head = gathered(p, bytes);
    enum decode_outcome outcome = decode_http_connect(head, &connect);
    if (outcome == DECODE_TRUNCATED && !(cut && *connect.host)) {
        keep(p, bytes);
        return nothing(bytes);
    }
    free_head(p->proxy, FLOW_TO_SERVER, &p->t->order_budget);
    if (outcome == DECODE_OK || outcome == DECODE_TRUNCATED)
        on_request(p, &connect);
    else
        p->proxy->lost = true;
    return nothing(bytes);
}

/* One answer's head; what lies behind it. Nothing when more of it has to come. */
static struct cursor read_answer_head(const struct track_proxy_piece *p, struct cursor bytes)
{
    struct decode_http_answer answer;
    size_t kept = p->proxy->head_bytes[FLOW_TO_CLIENT];
    struct cursor head = gathered(p, bytes);
    enum decode_outcome outcome = decode_http_answer(head, &answer);
    if (outcome == DECODE_TRUNCATED) {
        keep(p, bytes);
        return nothing(bytes);
    }
    free_head(p->proxy, FLOW_TO_CLIENT, &p->t->order_budget);
    p->proxy->lost = outcome != DECODE_OK || answer.head_bytes <= kept;
    if (p->proxy->lost)
        return nothing(bytes);
    on_answer(p, &answer);
    cursor_skip(&bytes, answer.head_bytes - kept);
    return bytes;
}

/* Interim answers (1xx) may precede the one that counts; the body of a refusal is nobody's. */
static struct cursor read_answers(const struct track_proxy_piece *p, struct cursor bytes)
{
    while (p->proxy->waits && !p->proxy->lost && cursor_left(&bytes))
        bytes = read_answer_head(p, bytes);
    return p->proxy->tunnel ? bytes : nothing(bytes);
}

struct cursor track_proxy_read(const struct track_proxy_piece *p, struct cursor bytes, uint32_t missing)
{
    if (p->direction == FLOW_TO_SERVER)
        return read_request(p, bytes, missing != 0);
    return read_answers(p, bytes);
}
