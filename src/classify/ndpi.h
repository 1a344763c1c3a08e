/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLASSIFY_NDPI_H
#define CLASSIFY_NDPI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "classify/classify.h"

/* nDPI 4.2 itself. It is given packets that are built here: a fresh IP and transport header and a copy of the payload
 * with zeros behind it. So it never sees a stranger's header, and a read past the end meets zeros of ours. What it says
 * of a flow depends on that flow's packets alone: its memory of other flows is dropped after each. */

enum { CLASSIFY_NDPI_PAYLOAD_MAX = 2048 }; /* looked at, of a packet */

struct classify_ndpi;

#if CLASSIFY_HAS_NDPI
struct classify_ndpi *classify_ndpi_new(void) MUST_USE;
void classify_ndpi_free(struct classify_ndpi *n);

/* Bytes of the memory that nDPI wants for a flow: of the caller's, zero at the beginning, 16-aligned. */
size_t classify_ndpi_flow_bytes(void);

/* Frees what hangs on the flow's memory; that itself is the caller's, and is zero again. */
void classify_ndpi_flow_end(struct classify_ndpi *n, void *flow);

/* CLASSIFY_NONE, or the number of a name. */
uint16_t classify_ndpi_look(struct classify_ndpi *n, void *flow, const struct classify_packet *packet);

const char *classify_ndpi_name(uint16_t opinion);
bool classify_ndpi_is_proof(uint16_t opinion);
#else
static inline struct classify_ndpi *classify_ndpi_new(void)
{
    return NULL;
}
static inline void classify_ndpi_free(struct classify_ndpi *n)
{
    (void)n;
}
static inline size_t classify_ndpi_flow_bytes(void)
{
    return 16;
}
static inline void classify_ndpi_flow_end(struct classify_ndpi *n, void *flow)
{
    (void)n;
    (void)flow;
}
static inline uint16_t classify_ndpi_look(struct classify_ndpi *n, void *flow, const struct classify_packet *packet)
{
    (void)n;
    (void)flow;
    (void)packet;
    return CLASSIFY_NONE;
}
static inline const char *classify_ndpi_name(uint16_t opinion)
{
    (void)opinion;
    return NULL;
}
static inline bool classify_ndpi_is_proof(uint16_t opinion)
{
    (void)opinion;
    return false;
}
#endif

#endif
