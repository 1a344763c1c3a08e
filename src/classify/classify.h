/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLASSIFY_CLASSIFY_H
#define CLASSIFY_CLASSIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/status.h"

/* A second opinion on what a flow speaks, from its first payload packets: bytes in, name out. nDPI gives it, here and
 * nowhere else. What its bounds trade is told in README.md. */
struct classify;

/* Where a flow stands: kept by the caller with the flow, from CLASSIFY_NEW on. While it is CLASSIFY_ASKING or above it
 * must stay where it is, until classify_end(): it is set to CLASSIFY_NONE when the flow is given up for others. The
 * numbers between CLASSIFY_NONE and CLASSIFY_ASKING are names. */
enum { CLASSIFY_NEW = 0, CLASSIFY_NONE = 1, CLASSIFY_ASKING = 256 };

static inline bool classify_wants_more(uint16_t opinion)
{
    return opinion == CLASSIFY_NEW || opinion >= CLASSIFY_ASKING;
}

/* One packet with payload, as captured. */
struct classify_packet {
    struct ipaddr source, destination;
    uint16_t source_port, destination_port;
    uint8_t protocol;       /* 6 or 17 */
    bool ipv6, to_server;
    uint32_t tcp_sequence;
    int64_t time_ns;
    const uint8_t *payload; /* borrowed for the call */
    uint32_t payload_bytes;
};

/* Whether this build has nDPI. */
bool classify_is_built_in(void);

/* Sets nDPI up, which takes some hundredths of a second and may open files: once, before a sandbox closes. NULL without
 * memory, and in a build without nDPI. Serves many captures, one after the other. */
struct classify *classify_new(void) MUST_USE;
void classify_free(struct classify *c);

/* Forgets the flows and answers of the capture before; no opinion of it is touched. */
void classify_reset(struct classify *c);

/* Takes the flow's next packet with payload into account. Do not ask when classify_wants_more() says no. */
void classify_look(struct classify *c, uint16_t *opinion, const struct classify_packet *packet);

/* The flow has ended: what was kept for it is freed. */
void classify_end(struct classify *c, uint16_t *opinion);

/* nDPI's name: "TLS", "SSH"; NULL when there is none. Static. */
const char *classify_name(uint16_t opinion);

/* The flow's own bytes leave no doubt that it speaks this. False of an answer that was reused. */
bool classify_is_proof(uint16_t opinion);

/* Flows that were given up undecided because others needed the room. */
uint64_t classify_given_up(const struct classify *c);

#endif
