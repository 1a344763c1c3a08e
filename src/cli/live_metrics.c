/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/live_metrics.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/nsec.h"
#include "base/text.h"
#include "cli/live_exposition.h"
#include "cli/number.h"

enum { CONNECTIONS_MAX = 16, SILENT_S = 30, ANSWER_S = 5, TEXT_BYTES_MAX = 1 << 20, ROUNDS = 8 };

struct cli_live_metrics {
    struct MHD_Daemon *daemon;
    struct cli_live_exposition exposition;
    struct text text; /* of the last tick */
    time_t last_tick; /* of the monotonic clock */
};

static time_t monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type, const char *body,
                              size_t length)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(length, (void *)(uintptr_t)body,
                                                                    MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer_line(struct MHD_Connection *connection, unsigned status, const char *line)
{
    return answer(connection, status, "text/plain; charset=utf-8", line, strlen(line));
}

/* lint: long because libmicrohttpd prescribes the parameters */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *upload, size_t *upload_bytes, void **state)
{
    const struct cli_live_metrics *m = context;
    (void)version;
    (void)upload;
    (void)upload_bytes;
    (void)state;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return answer_line(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "Only GET and HEAD are answered.\n");
    if (strcmp(url, "/metrics") == 0)
        return answer(connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", m->text.bytes,
                      m->text.length);
    if (strcmp(url, "/healthz") != 0)
        return answer_line(connection, MHD_HTTP_NOT_FOUND, "There is /metrics, and /healthz.\n");
    bool well = monotonic_s() - m->last_tick <= SILENT_S;
    return answer_line(connection, well ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                       well ? "ok\n" : "no tick for 30 seconds\n");
}

struct place {
    struct sockaddr_storage address;
    socklen_t length;
};

static bool parse_host(const char *host, uint16_t port, struct place *out)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
        memcpy(&out->address, &v4, sizeof v4);
        out->length = sizeof v4;
    } else if (inet_pton(AF_INET6, host, &v6.sin6_addr) == 1) {
        memcpy(&out->address, &v6, sizeof v6);
        out->length = sizeof v6;
    }
    return out->length > 0;
}

static bool parse_place(const char *where, struct place *out)
{
    char host[64] = "127.0.0.1";
    const char *colon = strrchr(where, ':'), *digits = colon ? colon + 1 : where;
    uint64_t port;
    size_t length = colon ? (size_t)(colon - where) : 0;
    if (length >= sizeof host || !cli_number_parse(digits, 0, 65535, &port))
        return false;
    if (colon && where[0] == '[' && length >= 2 && colon[-1] == ']')
        snprintf(host, sizeof host, "%.*s", (int)length - 2, where + 1);
    else if (colon)
        snprintf(host, sizeof host, "%.*s", (int)length, where);
    return parse_host(host, (uint16_t)port, out);
}

/* The socket is made here: libmicrohttpd does not say why one cannot be had. */
static int listen_at(const struct place *place)
{
    int one = 1, fd = socket(place->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd >= 0 && bind(fd, (const struct sockaddr *)(const void *)&place->address, place->length) == 0 &&
        listen(fd, CONNECTIONS_MAX) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

struct cli_live_metrics *cli_live_metrics_open(const char *where, struct error *error)
{
    struct place place;
    if (!parse_place(where, &place)) {
        (void)error_set(error, STATUS_BAD_USAGE, "\"%.100s\" is no place for metrics: write PORT, ADDRESS:PORT or "
                        "[ADDRESS]:PORT, for example 127.0.0.1:9417.", where);
        return NULL;
    }
    int fd = listen_at(&place);
    struct cli_live_metrics *m = fd >= 0 ? calloc(1, sizeof *m) : NULL;
    if (m) {
        text_init(&m->text, TEXT_BYTES_MAX);
        m->last_tick = monotonic_s();
        m->daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, m, MHD_OPTION_LISTEN_SOCKET, fd,
                                     MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
                                     MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)ANSWER_S, MHD_OPTION_END);
    }
    if (m && m->daemon)
        return m;
    (void)error_set(error, STATUS_IO, "Metrics cannot be served at %.100s: %s.", where, strerror(errno));
    if (fd >= 0)
        close(fd);
    cli_live_metrics_close(m);
    return NULL;
}

void cli_live_metrics_update(struct cli_live_metrics *m, const struct wspscope_tick *tick)
{
    m->last_tick = monotonic_s();
    text_free(&m->text);
    text_init(&m->text, TEXT_BYTES_MAX);
    cli_live_exposition_write(&m->exposition, tick, &m->text);
}

/* A request takes a few rounds: accepted, read, answered. */
void cli_live_metrics_serve(struct cli_live_metrics *m)
{
    for (int i = 0; i < ROUNDS; i++)
        if (MHD_run_wait(m->daemon, 0) != MHD_YES)
            return;
}

void cli_live_metrics_close(struct cli_live_metrics *m)
{
    if (!m)
        return;
    if (m->daemon)
        MHD_stop_daemon(m->daemon);
    text_free(&m->text);
    free(m);
}
