/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <string.h>

#include "base/nsec.h"
#include "flood.h"

#define GATEWAY "18.134.68.9"

enum { WSP = 4195, PCOIP = 4172, DNS = 53, MANY = 60000, FIRST_PORT = 1025 };

static uint16_t port_of(uint32_t i)
{
    return (uint16_t)(FIRST_PORT + i % 3000);
}

/* A long header of QUIC version 1 with an Initial's type, its connection ID from `i`; nothing in it decrypts. */
static size_t make_initial(uint8_t *out, uint32_t i, size_t length)
{
    static const uint8_t head[] = { 0xc3, 0, 0, 0, 1, 8 };
    memset(out, 0, length);
    memcpy(out, head, sizeof head);
    memcpy(out + sizeof head, &i, sizeof i);
    out[15] = 0; /* no source ID: 6 + 8 bytes of destination ID, length of the source's */
    out[16] = 0x40 | (uint8_t)((length - 18) >> 8);
    out[17] = (uint8_t)(length - 18);
    return length;
}

void flood_initials(struct flood_file *f)
{
    uint8_t initial[1200];
    struct flood_end to = { GATEWAY, 0, WSP };
    for (int repeat = 0; repeat < 4; repeat++, f->now_ns += NSEC_PER_SEC)
        for (uint32_t i = 0, n = flood_count(f, MANY); i < n; i++) {
            struct flood_end from = { "10.0.0.1", i, port_of(i) };
            flood_udp(f, &from, &to, initial, make_initial(initial, i, sizeof initial));
        }
}

/* One client, one gateway: each attempt fails over UDP and works over TCP. */
void flood_reconnects(struct flood_file *f)
{
    uint8_t initial[1200];
    f->step_ns = 600 * NSEC_PER_MSEC;
    for (uint32_t i = 0, n = flood_count(f, 40000); i < n; i++) {
        struct flood_end from = { "10.0.0.1", 0, (uint16_t)(FIRST_PORT + i % 3000) }, to = { GATEWAY, i % 1000, WSP };
        for (int repeat = 0; repeat < 3; repeat++)
            flood_udp(f, &from, &to, initial, make_initial(initial, i, sizeof initial));
        flood_tcp(f, &from, &to, CRAFT_SYN, i * 7 + 1, 0);
        flood_tcp(f, &to, &from, CRAFT_SYN | CRAFT_ACK, 1, 0);
    }
}

/* A question for the name whose first label is `number` in hexadecimal; with the code of an answer, its answer. */
static size_t make_dns(uint8_t *out, uint32_t number, const char *rest, uint8_t code, bool is_answer)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t head[12] = { (uint8_t)(number >> 8), (uint8_t)number, is_answer ? 0x81 : 1, code, 0, 1 };
    size_t length = sizeof head, rest_bytes = strlen(rest) + 1;
    memcpy(out, head, sizeof head);
    out[length++] = 8;
    for (int d = 0; d < 8; d++)
        out[length++] = (uint8_t)digits[number >> 4 * d & 15];
    memcpy(out + length, rest, rest_bytes);
    length += rest_bytes;
    memcpy(out + length, (const uint8_t[]){ 0, 1, 0, 1 }, 4);
    return length + 4;
}

/* Questions for names that never come twice, of many clients to many servers. */
void flood_dns(struct flood_file *f)
{
    uint8_t message[128];
    for (uint32_t i = 0, n = flood_count(f, 200000); i < n; i++) {
        struct flood_end from = { "10.0.0.1", i % 50000, port_of(i) }, to = { "10.9.0.1", i % 7, DNS };
        flood_udp(f, &from, &to, message, make_dns(message, i, "\6amazon\3com", 0, false));
    }
}

static void fail_lookup(struct flood_file *f, const struct flood_end *client, uint32_t number)
{
    enum { NO_SUCH_NAME = 3 };
    static const char gateways[] = "\4prod\12highlander\11us-west-2\4vpce\11amazonaws\3com";
    uint8_t message[128];
    struct flood_end server = { "10.9.0.1", 0, DNS };
    flood_udp(f, client, &server, message, make_dns(message, number, gateways, 0, false));
    flood_udp(f, &server, client, message, make_dns(message, number, gateways, NO_SUCH_NAME, true));
}

void flood_dns_failures(struct flood_file *f)
{
    for (uint32_t i = 0, n = flood_count(f, 100000); i < n; i++) {
        struct flood_end client = { "10.0.0.1", i % 50000, port_of(i) };
        fail_lookup(f, &client, i);
    }
}

/* Whether it went on all the same is looked for among its paths, for each name. */
void flood_dns_of_one_client(struct flood_file *f)
{
    uint32_t n = flood_count(f, MANY);
    for (uint32_t i = 0; i < n; i++) {
        struct flood_end client = { "10.0.0.1", 0, port_of(i) };
        fail_lookup(f, &client, i);
    }
    for (uint32_t i = 0; i < n / 12 + 1; i++) {
        struct flood_end client = { "10.0.0.1", 0, port_of(i) }, gateway = { "203.0.0.1", i, WSP };
        flood_tcp(f, &client, &gateway, CRAFT_SYN, 1, 0);
    }
    f->now_ns += 10 * NSEC_PER_SEC;
    struct flood_end last = { "9.0.0.1", 0, FIRST_PORT }, gateway = { GATEWAY, 0, WSP };
    flood_tcp(f, &last, &gateway, CRAFT_SYN, 1, 0);
}

static void check_from(struct flood_file *f, const struct flood_end *from, const struct flood_end *to)
{
    static const uint8_t probe[8] = "probe";
    flood_udp(f, from, to, probe, sizeof probe);
}

void flood_health_checks(struct flood_file *f)
{
    for (int repeat = 0; repeat < 4; repeat++, f->now_ns += 2 * NSEC_PER_SEC)
        for (uint32_t i = 0, n = flood_count(f, MANY); i < n; i++) {
            struct flood_end from = { "10.0.0.1", i, port_of(i) }, to = { "3.0.212.144", 0, i % 2 ? WSP : PCOIP };
            check_from(f, &from, &to);
        }
    f->now_ns += 20 * NSEC_PER_SEC;
    struct flood_end from = { "9.0.0.1", 0, FIRST_PORT }, to = { "3.0.212.144", 0, WSP };
    check_from(f, &from, &to);
}

/* The IPv6 ranges of health-check hosts are large enough for it. */
void flood_one_health_checker(struct flood_file *f)
{
    for (int repeat = 0; repeat < 4; repeat++, f->now_ns += 2 * NSEC_PER_SEC)
        for (uint32_t i = 0, n = flood_count(f, MANY); i < n; i++) {
            struct flood_end from = { "2001:db8::1", 0, port_of(i) };
            struct flood_end to = { "2406:da11:685:2400::1", i, i % 2 ? WSP : PCOIP };
            check_from(f, &from, &to);
        }
}
