/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

/* A failure on port 4195 that began at 1 s, and a stream that became one later: udp-fallback and port-fallback-443. */
static const struct {
    const char *name;
    int udp, tcp; /* facts of the paths on 4195; -1: not tried */
    enum model_transport stream;
    uint16_t stream_port;
    int64_t stream_ms; /* when it was sustained; 0: no stream */
    const char *stream_region;
    const char *kinds;
} rows[] = {
    { "UDP blocked, the stream over TCP 4195", MODEL_UDP_SILENT, MODEL_TCP_ACCEPTED, MODEL_TCP, 4195, 9000, "eu-west-2",
      "udp-blocked udp-fallback" },
    { "UDP rejected, the stream over TCP 4195", MODEL_UDP_ICMP, MODEL_TCP_ACCEPTED, MODEL_TCP, 4195, 9000, "eu-west-2",
      "udp-icmp-rejected udp-fallback" },
    { "UDP never tried", -1, MODEL_TCP_ACCEPTED, MODEL_TCP, 4195, 9000, "eu-west-2", "" },
    { "UDP answered", MODEL_UDP_ANSWERED, MODEL_TCP_ACCEPTED, MODEL_TCP, 4195, 9000, "eu-west-2", "" },
    { "no stream followed", MODEL_UDP_SILENT, MODEL_TCP_ACCEPTED, MODEL_TCP, 4195, 0, "eu-west-2", "udp-blocked" },
    { "the stream was there before", MODEL_UDP_SILENT, MODEL_TCP_ACCEPTED, MODEL_TCP, 4195, 500, "eu-west-2",
      "udp-blocked" },
    { "the stream over UDP", MODEL_UDP_SILENT, MODEL_TCP_ACCEPTED, MODEL_UDP, 4195, 9000, "eu-west-2", "udp-blocked" },
    { "another Region's stream", MODEL_UDP_SILENT, MODEL_TCP_ACCEPTED, MODEL_TCP, 4195, 9000, "us-east-1",
      "udp-blocked" },
    { "4195 dropped, the stream over TCP 443", MODEL_UDP_SILENT, MODEL_TCP_SYN_SILENT, MODEL_TCP, 443, 9000,
      "eu-west-2",
      "tcp-syn-dropped udp-blocked port-fallback-443 udp-fallback" },
    { "TCP 4195 dropped alone, the stream over TCP 443", -1, MODEL_TCP_SYN_SILENT, MODEL_TCP, 443, 9000, "eu-west-2",
      "tcp-syn-dropped port-fallback-443" },
};

static void what_follows_a_failure(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk d;
        desk_begin(&d);
        struct model_path *udp = rows[i].udp >= 0 ? desk_path(&d, "10.20.30.4", desk_dcv, 4195, 17) : NULL;
        struct model_path *tcp = desk_path(&d, "10.20.30.4", desk_dcv, 4195, 6);
        if (udp)
            desk_fact(&d, udp, (enum model_fact)rows[i].udp, 1000);
        desk_fact(&d, tcp, (enum model_fact)rows[i].tcp, 1000);
        model_session_of(d.model, tcp->client, tcp->row->region, MODEL_DCV);
        struct model_session *s = model_session_of(
            d.model, tcp->client, endpoint_region_find(d.catalogue, rows[i].stream_region), MODEL_DCV);
        if (rows[i].stream_ms)
            *model_session_add_stream(d.model, s) =
                (struct model_stream){ .transport = rows[i].stream, .role = ENDPOINT_DCV_GATEWAY, .port =
                    rows[i].stream_port,
                                       .gateway = tcp->server, .first_ns = MS(rows[i].stream_ms - 400),
                                       .sustained_ns = MS(rows[i].stream_ms), .last_ns = MS(60000), .first_frame =
                                           900 };
        desk_run(&d);
        failed += soft_text(rows[i].name, "kinds", desk_kinds(&d), rows[i].kinds);
        for (const struct draft *f = d.drafts.first; f; f = f->next)
            failed += desk_check_shape(rows[i].name, f);
        const struct draft *f = desk_find(&d, "udp-fallback");
        if (f) {
            failed += soft_int(rows[i].name, "severity", f->severity, WSPSCOPE_WARNING);
            failed += soft_true(rows[i].name, "the delay it cost",
                                desk_measured(f, "fallback_delay_ms") &&
                                    desk_measured(f, "fallback_delay_ms")->number == 7600);
        }
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_follows_a_failure) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
