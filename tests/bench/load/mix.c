/* SPDX-License-Identifier: Apache-2.0 */
#include "mix.h"

#include <string.h>

/* An office at the perimeter: WorkSpaces streams, the web, calls and back-ups beside them; half of it background. */
static const struct talk_shape realistic[] = {
    { 30, TALK_QUIC, TALK_DCV, 4195, 200, 1200, 90, 300, 1250, 75, "DCV over UDP" },
    { 12, TALK_TCP, TALK_DCV, 4195, 60, 500, 180, 1448, 1448, 70, "DCV over TCP" },
    { 12, TALK_TCP, TALK_DCV, 443, 40, 200, 180, 1448, 1448, 70, "DCV over TCP 443" },
    { 12, TALK_ESP, TALK_PCOIP, 4172, 200, 1000, 120, 600, 1300, 75, "PCoIP over UDP" },
    { 8, TALK_TCP, TALK_PCOIP, 4172, 15, 80, 180, 100, 1448, 50, "PCoIP over TCP" },
    { 8, TALK_TCP_BARE, TALK_HEALTH_CHECK, 4172, 6, 8, 40, 20, 40, 50, "health check" },
    { 200, TALK_TCP, TALK_ELSEWHERE, 443, 10, 60, 400, 1448, 1448, 70, "the web" },
    { 50, TALK_QUIC, TALK_ELSEWHERE, 443, 10, 80, 300, 600, 1250, 70, "the web over QUIC" },
    { 150, TALK_DNS, TALK_RESOLVER, 53, 2, 2, 0, 0, 0, 0, "DNS" },
    { 6, TALK_SYN_BLOCKED, TALK_DCV, 4195, 4, 6, 0, 0, 0, 0, "blocked SYN" },
    { 4, TALK_SYN_REJECTED, TALK_PCOIP, 4172, 2, 2, 0, 0, 0, 0, "rejected SYN" },
    { 20, TALK_PING, TALK_ELSEWHERE, 0, 4, 20, 0, 0, 0, 0, "ping" },
    { 400, TALK_TCP_BARE, TALK_ELSEWHERE, 22, 10, 60, 200, 900, 1448, 60, "elsewhere over TCP" },
    { 500, TALK_QUIC, TALK_ELSEWHERE, 3478, 10, 60, 200, 200, 1200, 60, "elsewhere over UDP" },
    { 0 },
};

/* Nothing but small packets: acknowledgments, keystrokes, sound. Two thirds belong to WorkSpaces sessions. */
static const struct talk_shape small[] = {
    { 20, TALK_TCP_BARE, TALK_DCV, 4195, 10, 70, 24, 8, 24, 50, "DCV over TCP" },
    { 10, TALK_TCP_BARE, TALK_PCOIP, 4172, 10, 70, 24, 8, 24, 50, "PCoIP over TCP" },
    { 25, TALK_ESP, TALK_PCOIP, 4172, 10, 70, 48, 22, 48, 50, "PCoIP over UDP" },
    { 15, TALK_ESP, TALK_DCV, 4195, 10, 70, 48, 22, 48, 50, "DCV over UDP" },
    { 20, TALK_TCP_BARE, TALK_ELSEWHERE, 443, 10, 70, 24, 8, 24, 50, "the web" },
    { 10, TALK_ESP, TALK_ELSEWHERE, 5004, 10, 70, 48, 22, 48, 50, "sound" },
    { 0 },
};

/* Very many long conversations at once: every packet finds its flow cold. */
static const struct talk_shape wide[] = {
    { 12, TALK_TCP_BARE, TALK_DCV, 443, 20, 60, 200, 100, 600, 60, "DCV over TCP 443" },
    { 4, TALK_ESP, TALK_PCOIP, 4172, 20, 60, 120, 100, 600, 60, "PCoIP over UDP" },
    { 50, TALK_TCP_BARE, TALK_ELSEWHERE, 443, 20, 60, 200, 100, 600, 60, "the web" },
    { 10, TALK_QUIC, TALK_ELSEWHERE, 443, 20, 60, 200, 100, 600, 60, "the web over QUIC" },
    { 0 },
};

/* Five packets each. */
static const struct talk_shape mice[] = {
    { 80, TALK_TCP_BARE, TALK_ELSEWHERE, 443, 5, 5, 24, 8, 24, 50, "the web" },
    { 15, TALK_QUIC, TALK_ELSEWHERE, 443, 5, 5, 60, 30, 60, 50, "the web over QUIC" },
    { 3, TALK_TCP_BARE, TALK_HEALTH_CHECK, 4172, 5, 5, 24, 8, 24, 50, "health check" },
    { 2, TALK_SYN_REJECTED, TALK_DCV, 4195, 2, 2, 0, 0, 0, 0, "rejected SYN" },
    { 0 },
};

const struct mix mix_all[] = {
    { "realistic", "an office with WorkSpaces users; half of it background", realistic, 4000, 20000, 1500000, 400, 8,
      10 },
    { "small", "packets of 64 to 90 bytes", small, 1000, 100000, 10000000, 400, 5, 5 },
    { "wide", "200,000 conversations at once", wide, 200000, 200000, 8000000, 5000, 10, 0 },
    { "mice", "conversations of five packets", mice, 20000, 200000, 10000000, 20000, 5, 0 },
};
const size_t mix_count = sizeof mix_all / sizeof *mix_all;

const struct mix *mix_find(const char *name)
{
    for (size_t i = 0; i < mix_count; i++)
        if (strcmp(mix_all[i].name, name) == 0)
            return &mix_all[i];
    return NULL;
}
