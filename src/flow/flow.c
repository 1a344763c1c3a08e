/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/flow.h"

#include <string.h>

static const char letters[] = "SHADFRCTIQWG";

void flow_add_history(struct flow *f, enum flow_direction direction, char letter)
{
    const char *at = strchr(letters, letter);
    if (!at)
        return;
    uint16_t bit = (uint16_t)(1u << (at - letters));
    struct flow_half *half = &f->half[direction];
    if (half->history_letters & bit)
        return;
    half->history_letters |= bit;
    size_t length = strnlen(f->history, sizeof f->history);
    if (length + 1 < sizeof f->history)
        f->history[length] = direction == FLOW_TO_SERVER ? letter : (char)(letter + 'a' - 'A');
}

static const char *udp_state(bool client, bool server)
{
    if (client && server)
        return "SF";
    return client ? "S0" : "SHR";
}

static const char *closing_state(uint8_t client, uint8_t server)
{
    bool client_fin = client & DECODE_FIN, server_fin = server & DECODE_FIN;
    if (client_fin && server_fin)
        return "SF";
    if (client_fin)
        return "S2";
    return server_fin ? "S3" : "S1";
}

/* https://docs.zeek.org: base/protocols/conn/main.zeek, conn_state. */
const char *flow_conn_state(const struct flow *f)
{
    uint8_t client = f->half[FLOW_TO_SERVER].tcp_flags, server = f->half[FLOW_TO_CLIENT].tcp_flags;
    if (f->key.protocol != 6)
        return udp_state(f->half[FLOW_TO_SERVER].packets > 0, f->half[FLOW_TO_CLIENT].packets > 0);

    bool syn = client & DECODE_SYN, syn_ack = server & DECODE_SYN;
    if (syn && syn_ack) {
        if (client & DECODE_RST)
            return "RSTO";
        return server & DECODE_RST ? "RSTR" : closing_state(client, server);
    }
    if (syn) {
        if (server & DECODE_RST)
            return "REJ";
        if (client & DECODE_RST)
            return "RSTOS0";
        if (client & DECODE_FIN)
            return "SH";
        return f->half[FLOW_TO_CLIENT].packets ? "OTH" : "S0";
    }
    if (syn_ack && server & DECODE_RST)
        return "RSTRH";
    return syn_ack && server & DECODE_FIN ? "SHR" : "OTH";
}
