/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/icmp.h"

#include "decode/quote.h"

enum icmp4 { UNREACHABLE = 3, FRAGMENTATION_NEEDED = 4, SOURCE_QUENCH = 4, REDIRECT = 5, TIME_EXCEEDED = 11,
             PARAMETER_PROBLEM = 12 };
enum icmp6 { UNREACHABLE6 = 1, TOO_BIG6 = 2, PARAMETER_PROBLEM6 = 4 };

static bool is_error(uint8_t ip_version, uint8_t type)
{
    if (ip_version == 6)
        return type >= UNREACHABLE6 && type <= PARAMETER_PROBLEM6;
    return type == UNREACHABLE || type == SOURCE_QUENCH || type == REDIRECT || type == TIME_EXCEEDED ||
           type == PARAMETER_PROBLEM;
}

static uint32_t mtu_of(const struct decode_packet *out, uint32_t rest)
{
    if (out->ip_version == 6)
        return out->icmp.type == TOO_BIG6 ? rest : 0;
    return out->icmp.type == UNREACHABLE && out->icmp.code == FRAGMENTATION_NEEDED ? rest & 0xffff : 0;
}

static void read_error(struct decode_walk *w)
{
    struct decode_packet *out = w->out;
    const struct decode_ports *ports = &w->context->ports;
    struct decode_quote *quote = &out->icmp.quote;

    out->flags |= DECODE_ICMP_ERROR;
    uint32_t rest = cursor_u32be(&w->at);
    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    out->icmp.mtu = mtu_of(out, rest);
    if (decode_quote_read(w->at, out->ip_version, quote)) {
        out->flags |= DECODE_QUOTE_PRESENT;
        if (decode_ports_has(ports, quote->source_port) || decode_ports_has(ports, quote->destination_port))
            out->flags |= DECODE_FOLLOWED;
    }
    decode_walk_payload(w);
    decode_walk_end(w, DECODE_ICMP);
}

void decode_icmp_read(struct decode_walk *w)
{
    struct decode_packet *out = w->out;
    uint8_t type = cursor_u8(&w->at);
    uint8_t code = cursor_u8(&w->at);

    cursor_skip(&w->at, 2); /* checksum */
    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    out->transport = DECODE_ICMP;
    out->icmp.type = type;
    out->icmp.code = code;
    if (is_error(out->ip_version, type)) {
        read_error(w);
        return;
    }
    decode_walk_payload(w);
    decode_walk_end(w, DECODE_ICMP);
}
