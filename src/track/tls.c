/* SPDX-License-Identifier: Apache-2.0 */
#include "track/tls.h"

#include "track/certificate.h"
#include "track/role.h"

/* An encrypted alert of TLS 1.3 is 2 bytes, a type and a tag of 8 or 16; the shortest Finished is 36, a type and a tag
 * (RFC 8446, sections 4.4.4 and 5.2). */
enum { SECRET_ALERT_BYTES_MAX = 19 + 8, TLS_1_3 = 0x0304, SSL_2 = 0x0002 };

void track_tls_name(const struct track_tls_piece *p, const struct decode_tls_client_hello *hello)
{
    struct model_path *proxied = story_of(p->f) && story_of(p->f)->path->proxy ? story_of(p->f)->path : NULL;
    struct track_role_name name = { .host = hello->sni, .source = TRACK_ROLE_BY_SNI,
                                    .port = proxied ? proxied->port : flow_server_port(p->f) };
    if (hello->has_sni)
        track_role_named(p->t, p->f, &name, p->packet);
}

static void on_client_hello(const struct track_tls_piece *p, const struct decode_tls_handshake *message)
{
    struct track_tls *tls = p->tls;
    struct decode_tls_client_hello hello;
    decode_tls_client_hello(message, &hello);
    if (tls->client_hello)
        return; /* the second one, after a HelloRetryRequest */
    tls->client_hello = true;
    tls->offered = hello.version_max;
    tls->hello_ns = p->packet->time_ns;
    track_tls_name(p, &hello);
}

static void on_server_hello(const struct track_tls_piece *p, const struct decode_tls_handshake *message)
{
    struct track_tls *tls = p->tls;
    struct decode_tls_server_hello hello;
    decode_tls_server_hello(message, &hello);
    tls->retry = hello.retry;
    tls->version = hello.version;
    if (tls->server_hello)
        return;
    tls->server_hello = true;
    tls->server_hello_ns = p->packet->time_ns;
    tls->server_hello_frame = p->packet->frame;
}

static void on_message(void *context, const struct decode_tls_handshake *message)
{
    const struct track_tls_piece *p = context;
    bool client = p->direction == FLOW_TO_SERVER;
    if (message->type == DECODE_TLS_CLIENT_HELLO && client)
        on_client_hello(p, message);
    else if (message->type == DECODE_TLS_SERVER_HELLO && !client)
        on_server_hello(p, message);
    else if (message->type == DECODE_TLS_CERTIFICATE && !client && p->tls->server_hello && !p->tls->certificate) {
        p->tls->certificate = true;
        track_certificate_seen(p, message);
    }
}

enum { CLOSE_NOTIFY = 0, USER_CANCELED = 90 };

/* Level is ignored in TLS 1.3: there only these two are no failure (RFC 8446, section 6.1). */
static bool breaks_off(const struct track_tls *tls, const struct decode_tls_alert *alert)
{
    if (alert->description == CLOSE_NOTIFY || alert->description == USER_CANCELED)
        return false;
    return alert->level == DECODE_TLS_FATAL || tls->version == TLS_1_3;
}

static void on_alert(void *context, const struct decode_tls_record *record)
{
    const struct track_tls_piece *p = context;
    struct track_tls *tls = p->tls;
    struct decode_tls_alert alert;
    if (decode_tls_alert(record, &alert) != DECODE_OK || tls->reader[p->direction].encrypted || tls->has_alert)
        return;
    bool client = p->direction == FLOW_TO_SERVER;
    if (!breaks_off(tls, &alert)) {
        tls->cancelled = tls->cancelled || (client && (alert.description == CLOSE_NOTIFY ||
                                                       alert.description == USER_CANCELED));
        return;
    }
    tls->has_alert = true;
    tls->alert = alert.description;
    tls->alert_by_client = client;
    tls->alert_frame = p->packet->frame;
    tls->alert_ns = p->packet->time_ns;
}

static void complete(const struct track_tls_piece *p)
{
    struct track_tls *tls = p->tls;
    struct story *s = story_of(p->f);
    struct model_tls *facts = s ? model_path_tls(p->t->model, s->path) : NULL;
    if (tls->complete || !facts)
        return;
    int64_t now_ns = p->packet->time_ns, answer_ns = tls->server_hello_ns - tls->hello_ns;
    tls->complete = true;
    facts->worked++;
    facts->worked_ns = facts->worked_ns == INT64_MIN ? now_ns : facts->worked_ns;
    facts->last_worked_ns = now_ns;
    facts->version = tls->version ? tls->version : facts->version;
    facts->hidden += tls->version == TLS_1_3;
    facts->resumed += tls->version && tls->version < TLS_1_3 && !tls->certificate;
    if (s->clock_epoch != p->t->clock_epoch || tls->hellos.count > 1 || !tls->server_hello)
        return;
    if (answer_ns > 0 && answer_ns < facts->answer_ns)
        facts->answer_ns = answer_ns;
    if (now_ns - tls->hello_ns > 0 && now_ns - tls->hello_ns < facts->handshake_ns)
        facts->handshake_ns = now_ns - tls->hello_ns;
}

/* What is encrypted tells by its kind and length alone how far the handshake is. */
static void on_application(const struct track_tls_piece *p, const struct decode_tls_record *record)
{
    struct track_tls *tls = p->tls;
    bool client = p->direction == FLOW_TO_SERVER;
    if (!tls->server_hello || tls->retry)
        return; /* early data of TLS 1.3 */
    if (tls->version != TLS_1_3)
        complete(p);
    else if (client && record->length_bytes <= SECRET_ALERT_BYTES_MAX)
        tls->secret_alert = tls->secret_alert || !tls->complete;
    else if (client)
        complete(p);
}

static void on_record(void *context, const struct decode_tls_record *record)
{
    const struct track_tls_piece *p = context;
    struct track_tls *tls = p->tls;
    struct track_record_reader *reader = &tls->reader[p->direction];
    if (!record) { /* the hello of SSL 2.0 has no name, and its end is not told by records */
        tls->client_hello = tls->client_hello || p->direction == FLOW_TO_SERVER;
        tls->offered = SSL_2;
        tls->hello_ns = p->packet->time_ns;
        tls->unreadable = true;
        return;
    }
    if (record->type == DECODE_TLS_CHANGE_CIPHER_SPEC)
        reader->encrypted = tls->version != TLS_1_3 && tls->server_hello;
    else if (record->type == DECODE_TLS_APPLICATION)
        on_application(p, record);
    else if (record->type == DECODE_TLS_HANDSHAKE && reader->encrypted)
        tls->finished[p->direction] = true;
    if (tls->finished[0] && tls->finished[1])
        complete(p);
}

void track_tls_read(const struct track_tls_piece *p, struct cursor bytes, uint32_t missing)
{
    struct track_tls_piece piece = *p;
    struct track_record_reader *reader = &p->tls->reader[p->direction];
    struct track_record_sink sink = { .on_record = on_record, .on_message = on_message, .on_alert = on_alert,
                                      .context = &piece };
    if (p->direction == FLOW_TO_CLIENT)
        p->tls->server_ns = p->packet->time_ns;
    track_record_read(reader, &p->t->order_budget, bytes, missing, &sink);
    p->tls->unreadable = p->tls->unreadable || reader->broken;
}

void track_tls_end(const struct track_tls_piece *p, bool reset)
{
    struct track_tls *tls = p->tls;
    if (tls->ended || tls->complete)
        return;
    tls->ended = true;
    tls->ended_by_client = p->direction == FLOW_TO_SERVER;
    tls->ended_by_rst = reset;
    tls->end_frame = p->packet->frame;
    tls->end_ns = p->packet->time_ns;
}

bool track_tls_is_done(const struct track_tls *tls)
{
    const struct track_record_reader *client = &tls->reader[FLOW_TO_SERVER], *server = &tls->reader[FLOW_TO_CLIENT];
    return tls->complete || (client->broken && !tls->client_hello) || (client->broken && server->broken);
}

void track_tls_free(struct track_tls *tls, struct track_order_budget *budget)
{
    track_record_free(&tls->reader[FLOW_TO_SERVER], budget);
    track_record_free(&tls->reader[FLOW_TO_CLIENT], budget);
}
