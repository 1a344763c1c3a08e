/* SPDX-License-Identifier: Apache-2.0 */
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

/* Questions for names that never come twice, of many clients to many servers. */
void flood_dns(struct flood_file *f)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t question[] = { 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0,
                           6, 'a', 'm', 'a', 'z', 'o', 'n', 3, 'c', 'o', 'm', 0, 0, 1, 0, 1 };
    for (uint32_t i = 0, n = flood_count(f, 200000); i < n; i++) {
        struct flood_end from = { "10.0.0.1", i % 50000, port_of(i) }, to = { "10.9.0.1", i % 7, DNS };
        memcpy(question, &i, 2);
        for (int d = 0; d < 8; d++)
            question[13 + d] = (uint8_t)digits[i >> 4 * d & 15];
        flood_udp(f, &from, &to, question, sizeof question);
    }
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
