/* SPDX-License-Identifier: Apache-2.0 */
#include "track/judge.h"
#include "track/reset.h"
#include "track/session.h"
#include "track/tls.h"

/* How the handshake ended; MODEL_TLS_ENDS when it did not, or nobody can tell. */
static enum model_tls_end end_of(const struct track *t, const struct track_tls *tls, const struct flow *f,
                                 int64_t now_ns)
{
    bool acknowledged = (int32_t)(f->half[FLOW_TO_CLIENT].acknowledged - tls->hello_end) >= 0;
    int64_t until_ns = tls->ended ? tls->end_ns : now_ns;
    bool waited = until_ns - tls->last_hello_ns >= t->tls_answer_wait_ns;
    if (tls->has_alert)
        return MODEL_TLS_ALERT;
    if (tls->secret_alert && tls->ended)
        return MODEL_TLS_SECRET_ALERT;
    if (!tls->server_ns && !acknowledged && tls->hellos.count > t->hello_repeats)
        return tls->hello_bytes <= t->least_mtu_bytes ? MODEL_TLS_HELLO_LOST : MODEL_TLS_ENDS; /* else its size */
    if (tls->ended && (!tls->ended_by_client || tls->server_hello))
        return tls->ended_by_rst ? MODEL_TLS_RST : MODEL_TLS_FIN;
    return !tls->server_ns && acknowledged && waited ? MODEL_TLS_SILENT : MODEL_TLS_ENDS;
}

static void show(const struct track_tls *tls, struct model_incident *failed)
{
    track_judge_show_frames(&tls->hellos, MODEL_SHOWS_CLIENT_HELLO, failed);
    if (tls->server_hello_frame)
        model_incident_show(failed, MODEL_SHOWS_SERVER_HELLO, tls->server_hello_frame, 0);
    if (tls->has_alert)
        model_incident_show(failed, MODEL_SHOWS_ALERT, tls->alert_frame, tls->alert);
    if (tls->ended)
        model_incident_show(failed, MODEL_SHOWS_TLS_CLOSE, tls->end_frame, tls->ended_by_client);
}

/* Who broke off, and when. */
static void tell_end(const struct track_tls *tls, enum model_tls_end end, struct model_incident *failed)
{
    bool alert = end == MODEL_TLS_ALERT;
    failed->last_ns = alert ? tls->alert_ns : tls->ended ? tls->end_ns : tls->last_hello_ns;
    failed->delay_ns = failed->last_ns - tls->hello_ns;
    failed->tls.end = (uint8_t)end;
    failed->tls.by_client = alert ? tls->alert_by_client : tls->ended && tls->ended_by_client;
    failed->tls.alert = alert ? decode_tls_alert_name(tls->alert) : NULL;
    failed->tls.meaning = alert ? decode_tls_alert_meaning(tls->alert) : NULL;
}

static void count(struct track *t, struct story *s, const struct track_tls *tls, const struct model_incident *failed)
{
    struct model_tls *facts = model_path_tls(t->model, s->path);
    if (!facts)
        return;
    facts->failed++;
    facts->failed_ns = facts->failed_ns == INT64_MIN ? failed->last_ns : facts->failed_ns;
    facts->last_failed_ns = failed->last_ns;
    facts->last_alert = failed->tls.alert ? tls->alert : 0;
}

/* A forged reset is told as such: tcp-reset-injected. */
static bool is_forged(const struct track *t, const struct story *s, const struct flow *f, const struct track_tls *tls,
                      struct model_incident *failed)
{
    enum flow_direction side = tls->ended_by_client ? FLOW_TO_SERVER : FLOW_TO_CLIENT;
    if (failed->tls.end != MODEL_TLS_RST || !s->tcp.resets[side])
        return false;
    track_reset_judge(t, s, f, side, failed);
    return failed->by == MODEL_BY_MIDDLEBOX;
}

bool track_tls_judge(struct track *t, struct story *s, const struct flow *f, const struct track_tls *tls,
                     int64_t now_ns)
{
    bool both = f->half[0].packets && f->half[1].packets;
    if (!tls->client_hello || tls->complete || tls->cancelled || !both)
        return false;
    enum model_tls_end end = end_of(t, tls, f, now_ns);
    if (end == MODEL_TLS_ENDS || (tls->unreadable && end != MODEL_TLS_ALERT))
        return false;
    struct model_incident failed = { .fact = MODEL_TLS_FAILED, .first_ns = tls->hello_ns,
                                     .attempts = tls->hellos.count, .waited_ns = now_ns - tls->last_hello_ns,
                                     .size_bytes = tls->hello_bytes };
    failed.tls.offered = decode_tls_version_name(tls->offered);
    failed.tls.version = tls->server_hello ? decode_tls_version_name(tls->version) : NULL;
    failed.tls.stage = tls->server_hello ? MODEL_TLS_AFTER_SERVER_HELLO : MODEL_TLS_AFTER_CLIENT_HELLO;
    tell_end(tls, end, &failed);
    if (is_forged(t, s, f, tls, &failed))
        return false;
    show(tls, &failed);
    track_session_file(t, s, f, &failed);
    count(t, s, tls, &failed);
    return true;
}
