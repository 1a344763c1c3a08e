/* SPDX-License-Identifier: Apache-2.0 */
#include "classify/ndpi.h"

#include <stdlib.h>
#include <string.h>

/* The memory of other flows lies in members that nDPI shows to itself alone. */
#define NDPI_LIB_COMPILATION
#include <ndpi/ndpi_api.h>

#if NDPI_MAJOR != 4 || NDPI_MINOR != 2
#error "written for nDPI 4.2: later versions take six arguments, and keep their memory of flows elsewhere"
#endif

enum {
    IPV4_BYTES = 20, IPV6_BYTES = 40, TCP_BYTES = 20, UDP_BYTES = 8,
    HEADERS_MAX = IPV6_BYTES + TCP_BYTES,
    ZEROS_BEHIND = 256,
    FIRST_NAME = CLASSIFY_NONE + 1,
};

enum proof { NO_PROOF, PROOF };

/* What the report can name. Proof is what tells itself by a banner or a handshake of both sides. */
static const struct {
    uint16_t id;
    const char *name;
    enum proof proof;
} protocols[] = {
    { NDPI_PROTOCOL_TLS, "TLS", NO_PROOF },
    { NDPI_PROTOCOL_DTLS, "DTLS", NO_PROOF },
    { NDPI_PROTOCOL_QUIC, "QUIC", NO_PROOF },
    { NDPI_PROTOCOL_DNS, "DNS", NO_PROOF },
    { NDPI_PROTOCOL_HTTP, "HTTP", PROOF },
    { NDPI_PROTOCOL_HTTP_CONNECT, "HTTP_Connect", PROOF },
    { NDPI_PROTOCOL_HTTP_PROXY, "HTTP_Proxy", PROOF },
    { NDPI_PROTOCOL_WEBSOCKET, "WebSocket", NO_PROOF },
    { NDPI_PROTOCOL_SSH, "SSH", PROOF },
    { NDPI_PROTOCOL_RDP, "RDP", PROOF },
    { NDPI_PROTOCOL_VNC, "VNC", PROOF },
    { NDPI_PROTOCOL_BITTORRENT, "BitTorrent", NO_PROOF },
    { NDPI_PROTOCOL_WIREGUARD, "WireGuard", PROOF },
    { NDPI_PROTOCOL_OPENVPN, "OpenVPN", NO_PROOF },
    { NDPI_PROTOCOL_MAIL_SMTP, "SMTP", PROOF },
    { NDPI_PROTOCOL_MAIL_POP, "POP3", NO_PROOF },
    { NDPI_PROTOCOL_MAIL_IMAP, "IMAP", NO_PROOF },
    { NDPI_PROTOCOL_FTP_CONTROL, "FTP_CONTROL", PROOF },
    { NDPI_PROTOCOL_SMBV1, "SMBv1", PROOF },
    { NDPI_PROTOCOL_SMBV23, "SMBv23", PROOF },
    { NDPI_PROTOCOL_RSYNC, "RSYNC", PROOF },
    { NDPI_PROTOCOL_MYSQL, "MySQL", NO_PROOF },
    { NDPI_PROTOCOL_POSTGRES, "PostgreSQL", NO_PROOF },
    { NDPI_PROTOCOL_REDIS, "Redis", NO_PROOF },
    { NDPI_PROTOCOL_MQTT, "MQTT", NO_PROOF },
    { NDPI_PROTOCOL_SOCKS, "SOCKS", NO_PROOF },
    { NDPI_PROTOCOL_SIP, "SIP", NO_PROOF },
    { NDPI_PROTOCOL_RTSP, "RTSP", NO_PROOF },
    { NDPI_PROTOCOL_TELNET, "Telnet", NO_PROOF },
    { NDPI_PROTOCOL_LDAP, "LDAP", NO_PROOF },
    { NDPI_PROTOCOL_KERBEROS, "Kerberos", NO_PROOF },
    { NDPI_PROTOCOL_CITRIX, "Citrix", NO_PROOF },
    { NDPI_PROTOCOL_TEAMVIEWER, "TeamViewer", NO_PROOF },
    { NDPI_PROTOCOL_ANYDESK, "AnyDesk", NO_PROOF },
};

enum { PROTOCOLS = sizeof protocols / sizeof *protocols };

struct classify_ndpi {
    struct ndpi_detection_module_struct *module;
    uint8_t packet[HEADERS_MAX + CLASSIFY_NDPI_PAYLOAD_MAX + ZEROS_BEHIND];
};

struct classify_ndpi *classify_ndpi_new(void)
{
    struct classify_ndpi *n = calloc(1, sizeof *n);
    /* No list of Tor's hosts: addresses are not asked about. libgcrypt, which opens files once, does it now. */
    struct ndpi_detection_module_struct *module = n ? ndpi_init_detection_module(ndpi_dont_load_tor_hosts) : NULL;
    if (!module) {
        free(n);
        return NULL;
    }
    NDPI_PROTOCOL_BITMASK wanted;
    NDPI_BITMASK_RESET(wanted);
    for (size_t i = 0; i < PROTOCOLS; i++)
        NDPI_BITMASK_ADD(wanted, protocols[i].id);
    ndpi_set_protocol_detection_bitmask2(module, &wanted);
    ndpi_finalize_initialization(module);
    n->module = module;
    return n;
}

void classify_ndpi_free(struct classify_ndpi *n)
{
    if (!n)
        return;
    ndpi_exit_detection_module(n->module);
    free(n);
}

size_t classify_ndpi_flow_bytes(void)
{
    return (sizeof(struct ndpi_flow_struct) + 15) / 16 * 16;
}

static void forget(struct ndpi_lru_cache **cache)
{
    if (*cache)
        ndpi_lru_free_cache(*cache);
    *cache = NULL;
}

/* nDPI makes these when it first needs them. */
static void forget_others(struct ndpi_detection_module_struct *module)
{
    forget(&module->ookla_cache);
    forget(&module->bittorrent_cache);
    forget(&module->zoom_cache);
    forget(&module->stun_cache);
    forget(&module->tls_cert_cache);
    forget(&module->mining_cache);
    forget(&module->msteams_cache);
}

void classify_ndpi_flow_end(struct classify_ndpi *n, void *flow)
{
    ndpi_free_flow_data(flow);
    memset(flow, 0, sizeof(struct ndpi_flow_struct));
    forget_others(n->module);
}

static uint8_t *put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
    return at + 2;
}

static uint8_t *put32(uint8_t *at, uint32_t value)
{
    return put16(put16(at, value >> 16), value & 0xffff);
}

static uint8_t *put_bytes(uint8_t *at, const uint8_t *bytes, size_t length)
{
    memcpy(at, bytes, length);
    return at + length;
}

static uint8_t *put_ip(uint8_t *at, const struct classify_packet *p, uint32_t payload_bytes)
{
    if (p->ipv6) {
        at = put32(at, UINT32_C(6) << 28);
        at = put16(at, payload_bytes);
        at = put16(at, (uint32_t)p->protocol << 8 | 64);
        at = put_bytes(at, p->source.bytes, sizeof p->source.bytes);
        return put_bytes(at, p->destination.bytes, sizeof p->destination.bytes);
    }
    at = put16(at, 0x4500);
    at = put16(at, IPV4_BYTES + payload_bytes);
    at = put32(at, 0x4000); /* one packet, don't fragment */
    at = put32(at, UINT32_C(64) << 24 | (uint32_t)p->protocol << 16);
    at = put_bytes(at, p->source.bytes + 12, 4);
    return put_bytes(at, p->destination.bytes + 12, 4);
}

static uint8_t *put_transport(uint8_t *at, const struct classify_packet *p, uint32_t payload_bytes)
{
    at = put16(at, p->source_port);
    at = put16(at, p->destination_port);
    if (p->protocol != 6)
        return put32(at, (UDP_BYTES + payload_bytes) << 16);
    at = put32(at, p->tcp_sequence);
    at = put32(at, 1);                      /* acknowledges something */
    at = put32(at, UINT32_C(0x5018) << 16 | 0xffff); /* five words; ACK and PSH; an open window */
    return put32(at, 0);
}

/* The number of bytes built. Behind them nothing but zeros. */
static uint16_t build(struct classify_ndpi *n, const struct classify_packet *p)
{
    uint32_t payload = p->payload_bytes < CLASSIFY_NDPI_PAYLOAD_MAX ? p->payload_bytes : CLASSIFY_NDPI_PAYLOAD_MAX;
    uint8_t *at = put_ip(n->packet, p, payload + (p->protocol == 6 ? TCP_BYTES : UDP_BYTES));
    at = put_transport(at, p, payload);
    at = put_bytes(at, p->payload, payload);
    memset(at, 0, (size_t)(n->packet + sizeof n->packet - at));
    return (uint16_t)(at - n->packet);
}

static uint16_t number_of(uint16_t id)
{
    for (uint16_t i = 0; i < PROTOCOLS; i++)
        if (protocols[i].id == id)
            return (uint16_t)(FIRST_NAME + i);
    return CLASSIFY_NONE;
}

uint16_t classify_ndpi_look(struct classify_ndpi *n, void *flow, const struct classify_packet *p)
{
    uint16_t length = build(n, p);
    uint64_t time_ms = p->time_ns > 0 ? (uint64_t)p->time_ns / 1000000 : 0;
    ndpi_protocol said = ndpi_detection_process_packet(n->module, flow, n->packet, length, time_ms);
    /* A name that rides on another ("TLS.Amazon") comes from tables of 2022: what carries it is what we ask for. */
    uint16_t master = number_of(said.master_protocol);
    return master != CLASSIFY_NONE ? master : number_of(said.app_protocol);
}

const char *classify_ndpi_name(uint16_t opinion)
{
    return opinion >= FIRST_NAME && opinion - FIRST_NAME < PROTOCOLS ? protocols[opinion - FIRST_NAME].name : NULL;
}

bool classify_ndpi_is_proof(uint16_t opinion)
{
    return classify_ndpi_name(opinion) && protocols[opinion - FIRST_NAME].proof == PROOF;
}
