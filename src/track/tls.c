/* SPDX-License-Identifier: Apache-2.0 */
#include "track/tls.h"

#include "decode/tls.h"
#include "track/role.h"

static void on_hello(struct track *t, struct flow *f, const struct decode_tls_handshake *message,
                     const struct track_packet *packet)
{
    struct decode_tls_client_hello hello;
    decode_tls_client_hello(message, &hello);
    struct track_role_name name = { .host = hello.sni, .port = flow_server_port(f), .source = TRACK_ROLE_BY_SNI };
    if (hello.has_sni)
        track_role_named(t, f, &name, packet);
}

void track_tls(struct track *t, struct flow *f, enum flow_direction direction, const struct track_packet *packet,
               const struct decode_packet *d)
{
    if (f->flags & FLOW_SETTLED || direction != FLOW_TO_SERVER || !d->payload_captured)
        return;
    f->flags |= FLOW_SETTLED;
    struct cursor bytes = cursor_make(packet->bytes + d->payload_offset, d->payload_captured);
    struct decode_tls_record record;
    struct decode_tls_handshake message;
    if (decode_tls_record(&bytes, &record) != DECODE_OK || record.type != DECODE_TLS_HANDSHAKE)
        return;
    decode_tls_handshake(&record.body, &message);
    if (message.type == DECODE_TLS_CLIENT_HELLO)
        on_hello(t, f, &message, packet);
}
