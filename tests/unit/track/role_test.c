/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "track/role.h"

/* The first packet of a flow: who is the client, and whose traffic is it. "none": background. */
static const struct {
    const char *name;
    uint8_t protocol;
    const char *flags; /* of TCP */
    const char *source;
    uint16_t source_port;
    const char *destination;
    uint16_t destination_port;
    bool source_is_client, guessed;
    enum endpoint_role role;
} rows[] = {
    { "SYN to a DCV gateway", 6, "S", "10.0.0.4", 50000, "18.134.68.9", 4195, true, false, ENDPOINT_DCV_GATEWAY },
    { "SYN-ACK of one", 6, "SA", "18.134.68.9", 4195, "10.0.0.4", 50000, false, false, ENDPOINT_DCV_GATEWAY },
    { "443 of a DCV gateway is streaming", 6, "S", "10.0.0.4", 50000, "18.134.68.9", 443, true, false,
      ENDPOINT_DCV_GATEWAY },
    { "a SYN to a gateway's port that it does not serve", 6, "S", "10.0.0.4", 50000, "18.134.68.9", 80, true, false,
      ENDPOINT_ROLE_NONE },
    { "443 of a PCoIP gateway is not its port", 6, "S", "10.0.0.4", 50000, "18.132.21.7", 443, true, false,
      ENDPOINT_ROLE_NONE },
    { "a health check", 17, "", "10.0.0.4", 50000, "52.56.46.102", 4172, true, false, ENDPOINT_HEALTH_CHECK },
    { "Global Accelerator", 6, "S", "10.0.0.4", 50000, "93.77.140.9", 443, true, false, ENDPOINT_DCV_GATEWAY_AGA },
    { "443 of anybody is background", 6, "S", "10.0.0.4", 50000, "203.0.113.9", 443, true, false, ENDPOINT_ROLE_NONE },
    { "4195 of anybody", 6, "S", "10.0.0.4", 50000, "203.0.113.9", 4195, true, false, ENDPOINT_ROLE_UNKNOWN },
    { "4172 of anybody, UDP", 17, "", "10.0.0.4", 50000, "203.0.113.9", 4172, true, false, ENDPOINT_ROLE_UNKNOWN },
    { "a client whose own port happens to be 4195", 6, "S", "10.0.0.4", 4195, "203.0.113.9", 443, true, false,
      ENDPOINT_ROLE_NONE },
    { "a client whose own port happens to be 4172, mid-stream", 6, "A", "10.0.0.4", 4172, "203.0.113.9", 443, true,
      true,
      ENDPOINT_ROLE_NONE },
    { "a client whose own port happens to be 4195, UDP to a web server", 17, "", "10.0.0.4", 4195, "203.0.113.9", 443,
      true, false, ENDPOINT_ROLE_NONE },
    { "mid-stream from the client", 6, "A", "10.0.0.4", 50000, "18.134.68.9", 4195, true, true, ENDPOINT_DCV_GATEWAY },
    { "mid-stream from the gateway", 6, "PA", "18.134.68.9", 4195, "10.0.0.4", 50000, false, true,
      ENDPOINT_DCV_GATEWAY },
    { "mid-stream from a gateway on 443", 6, "PA", "18.134.68.9", 443, "10.0.0.4", 50000, false, true,
      ENDPOINT_DCV_GATEWAY },
    { "both on 4172: the catalogue decides (PCoIP)", 17, "", "10.0.0.4", 4172, "18.132.21.7", 4172, true, false,
      ENDPOINT_PCOIP_GATEWAY },
    { "both on 4172, the gateway first", 17, "", "18.132.21.7", 4172, "10.0.0.4", 4172, false, true,
      ENDPOINT_PCOIP_GATEWAY },
    { "a gateway's address as a client of somebody's web server", 6, "S", "18.134.68.9", 50000, "203.0.113.9", 443,
      true,
      false, ENDPOINT_ROLE_NONE },
    { "an RST of the gateway, alone", 6, "RA", "18.134.68.9", 4195, "10.0.0.4", 50000, false, true,
      ENDPOINT_DCV_GATEWAY },
    { "IPv6", 6, "S", "2001:db8::4", 50000, "2a05:d02c:8::1", 4195, true, false, ENDPOINT_DCV_GATEWAY },
    { "a port of --port", 6, "S", "10.0.0.4", 50000, "203.0.113.9", 9999, true, false, ENDPOINT_ROLE_UNKNOWN },
    { "a port of --port, on a gateway", 6, "S", "10.0.0.4", 50000, "18.134.68.9", 9999, true, false,
      ENDPOINT_DCV_GATEWAY },
};

static void client_and_role(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bench b;
        bench_begin(&b);
        decode_ports_add(&b.ports, 9999);
        struct ipaddr source = bench_address(rows[i].source), destination = bench_address(rows[i].destination);
        bool low;
        struct flow f = { .key = flow_key_make(&source, rows[i].source_port, &destination, rows[i].destination_port,
                                               &low) };
        f.key.protocol = rows[i].protocol;
        struct decode_packet d = { .transport = rows[i].protocol == 6 ? DECODE_TCP : DECODE_UDP };
        d.tcp.flags = bench_flags(rows[i].flags);
        track_role_assign(b.track, &f, low, &d);
        failed += soft_true(rows[i].name, "the client is the right side",
                            ipaddr_equal(flow_client(&f), rows[i].source_is_client ? &source : &destination));
        failed += soft_int(rows[i].name, "client port", flow_client_port(&f),
                           rows[i].source_is_client ? rows[i].source_port : rows[i].destination_port);
        failed += soft_int(rows[i].name, "guessed", (f.flags & FLOW_CLIENT_GUESSED) != 0, rows[i].guessed);
        failed += soft_int(rows[i].name, "background", (f.flags & FLOW_BACKGROUND) != 0,
                           rows[i].role == ENDPOINT_ROLE_NONE);
        if (rows[i].role != ENDPOINT_ROLE_NONE)
            failed += soft_text(rows[i].name, "role", endpoint_role_name((enum endpoint_role)f.role),
                                endpoint_role_name(rows[i].role));
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(client_and_role) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
