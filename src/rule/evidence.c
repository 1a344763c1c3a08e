/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/evidence.h"

#include <inttypes.h>

struct icmp_name {
    uint8_t type, code;
    const char *text;
};

/* RFC 792, RFC 1122 (section 3.2.2.1), RFC 1812 (section 5.2.7.1). */
static const struct icmp_name icmp_names[] = {
    { 3, 0, "network unreachable" },
    { 3, 1, "host unreachable" },
    { 3, 2, "protocol unreachable" },
    { 3, 3, "port unreachable" },
    { 3, 5, "source route failed" },
    { 3, 6, "network unknown" },
    { 3, 7, "host unknown" },
    { 3, 9, "network administratively prohibited" },
    { 3, 10, "host administratively prohibited" },
    { 3, 11, "network unreachable for this type of service" },
    { 3, 12, "host unreachable for this type of service" },
    { 3, 13, "communication administratively prohibited" },
    { 3, 14, "host precedence violation" },
    { 3, 15, "precedence cutoff" },
    { 11, 0, "time to live exceeded in transit" },
};

/* RFC 4443, section 3. */
static const struct icmp_name icmpv6_names[] = {
    { 1, 0, "no route to destination" },
    { 1, 1, "communication administratively prohibited" },
    { 1, 2, "beyond scope of source address" },
    { 1, 3, "address unreachable" },
    { 1, 4, "port unreachable" },
    { 1, 5, "source address failed ingress or egress policy" },
    { 1, 6, "route rejected" },
    { 3, 0, "hop limit exceeded in transit" },
};

const char *rule_evidence_icmp_text(uint8_t type, uint8_t code, bool ipv6)
{
    const struct icmp_name *names = ipv6 ? icmpv6_names : icmp_names;
    size_t count = ipv6 ? sizeof icmpv6_names / sizeof *icmpv6_names : sizeof icmp_names / sizeof *icmp_names;
    for (size_t i = 0; i < count; i++)
        if (names[i].type == type && names[i].code == code)
            return names[i].text;
    return "destination unreachable";
}

static const char *icmp_line(const struct model_incident *incident, struct arena *arena)
{
    char reporter[IPADDR_TEXT_SIZE];
    ipaddr_format(&incident->reporter, reporter);
    bool ipv6 = !ipaddr_is_v4(&incident->reporter);
    return arena_format(arena, "ICMP%s %u/%u from %s: %s", ipv6 ? "v6" : "", incident->icmp_type,
                        incident->icmp_code, reporter,
                        rule_evidence_icmp_text(incident->icmp_type, incident->icmp_code, ipv6));
}

static const char *numbered(struct arena *arena, const char *what, uint32_t number, const char *first)
{
    return number <= 1 ? first : arena_format(arena, "%s again (number %" PRIu32 ")", what, number);
}

static const char *retransmission(const struct model_incident *incident, uint32_t number, struct arena *arena)
{
    return arena_format(arena, "%s sends the same data again (repeat %" PRIu32 ")",
                        incident->silent_is_client ? "gateway" : "client", number);
}

const char *rule_evidence_dns_code(uint32_t code)
{
    static const char *const names[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED" };
    return code < sizeof names / sizeof *names ? names[code] : "an error";
}

/* What is seen of a connection that works badly. */
static const char *quality_text(const struct model_evidence *e, const struct model_incident *incident,
                                struct arena *arena)
{
    switch ((enum model_shows)e->shows) {
    case MODEL_SHOWS_TOO_BIG:
        return arena_format(arena, "router says \"too big\": its next hop carries %" PRIu32 " bytes", incident->mtu);
    case MODEL_SHOWS_SMALLER:
        return arena_format(arena, "the same data in packets of %" PRIu32 " bytes, which get through", e->number);
    case MODEL_SHOWS_TAIL:
        return arena_format(arena, "only the last, smaller packet arrives (%" PRIu32 " bytes)", e->number);
    case MODEL_SHOWS_STILL_MISSING:
        return "the receiver still asks for what is missing";
    case MODEL_SHOWS_FRAGMENT:
        return "first fragment of a datagram";
    case MODEL_SHOWS_INCOMPLETE:
        return "first fragment of a datagram whose others never come";
    case MODEL_SHOWS_SHUT:
        return arena_format(arena, "the %s shuts its window", incident->of_client ? "client" : "gateway");
    case MODEL_SHOWS_STILL_SHUT:
        return "the window is still shut";
    case MODEL_SHOWS_BEFORE_STALL:
        return "the gateway's last new bytes before the pause";
    case MODEL_SHOWS_STALL_REPEAT:
        return arena_format(arena, "the %s sends data again", incident->of_client ? "client" : "gateway");
    case MODEL_SHOWS_AFTER_STALL:
        return "the stream goes on";
    default:
        return "";
    }
}

/* What is said before and at the beginning of a connection. */
static const char *opening_text(const struct model_evidence *e, const struct model_incident *incident,
                                struct arena *arena)
{
    switch ((int)e->shows) {
    case MODEL_SHOWS_CLIENT_HELLO:
        return numbered(arena, "ClientHello", e->number, "client sends its ClientHello");
    case MODEL_SHOWS_SERVER_HELLO:
        return "ServerHello";
    case MODEL_SHOWS_CERTIFICATE:
        return "certificate in the server's name";
    case MODEL_SHOWS_ALERT:
        return arena_format(arena, "TLS alert %s from the %s", incident->tls.alert ? incident->tls.alert : "",
                            incident->tls.by_client ? "client" : "server");
    case MODEL_SHOWS_TLS_CLOSE:
        return e->number ? "the client closes the connection" : "the connection is closed in the server's name";
    case MODEL_SHOWS_CONNECT:
        return numbered(arena, "client sends CONNECT", e->number, "client sends CONNECT");
    case MODEL_SHOWS_PROXY_ANSWER:
        return arena_format(arena, "the proxy answers %" PRIu32, e->number);
    case MODEL_SHOWS_DNS_QUERY:
        return numbered(arena, "client asks for the name", e->number, "client asks for the name");
    case MODEL_SHOWS_DNS_ERROR:
        return arena_format(arena, "the resolver answers %s", rule_evidence_dns_code(e->number));
    case MODEL_SHOWS_DNS_ADDRESS:
        return "the resolver answers with this address";
    case MODEL_SHOWS_GREETING:
        return arena_format(arena, "first words of the %s: %s", e->number ? "server" : "client", incident->speaks);
    default:
        return "";
    }
}

const char *rule_evidence_text(const struct model_evidence *e, const struct model_incident *incident,
                               struct arena *arena)
{
    switch ((enum model_shows)e->shows) {
    case MODEL_SHOWS_SYN:
        return numbered(arena, "client sends its SYN", e->number, "client sends a SYN");
    case MODEL_SHOWS_SYN_ACK:
        return numbered(arena, "gateway answers SYN-ACK", e->number, "gateway answers SYN-ACK");
    case MODEL_SHOWS_RST:
        return arena_format(arena, "RST in the %s's name, TTL %" PRIu32,
                            incident->in_clients_name ? "client" : "gateway", e->number);
    case MODEL_SHOWS_AFTER_RST:
        return arena_format(arena, "the %s goes on: it sent this after the reset",
                            incident->in_clients_name ? "client" : "gateway");
    case MODEL_SHOWS_ICMP:
        return icmp_line(incident, arena);
    case MODEL_SHOWS_DATAGRAM:
        return arena_format(arena, "client datagram %" PRIu32 ", no answer", e->number);
    case MODEL_SHOWS_INITIAL:
        return arena_format(arena, "client QUIC Initial %" PRIu32, e->number);
    case MODEL_SHOWS_ANSWER:
        return "datagram from the gateway";
    case MODEL_SHOWS_LAST_ANSWER:
        return "last datagram from the gateway";
    case MODEL_SHOWS_CLOSE:
        return arena_format(arena, "%s ends the QUIC handshake, error 0x%" PRIx32,
                            incident->by_client ? "client" : "gateway", e->number);
    case MODEL_SHOWS_RETRANSMISSION:
        return retransmission(incident, e->number, arena);
    case MODEL_SHOWS_DATA:
        return "data that is never acknowledged, sent for the first time";
    case MODEL_SHOWS_LAST_HEARD:
        return incident->silent_is_client ? "last packet from the client" : "last packet from the gateway";
    case MODEL_SHOWS_FAILED:
        return "the attempt on port 4195 that failed begins";
    case MODEL_SHOWS_STREAM:
        return "first packet of the connection that carries the stream";
    case MODEL_SHOWS_SETUP:
        return arena_format(arena, "client sets up the session (number %" PRIu32 ")", e->number);
    case MODEL_SHOWS_BREAK:
        return "it breaks off here";
    default:
        break;
    }
    const char *opening = opening_text(e, incident, arena);
    return *opening ? opening : quality_text(e, incident, arena);
}
