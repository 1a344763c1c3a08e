/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WSPSCOPE_PCAPNG_H
#define WSPSCOPE_PCAPNG_H

#include "wspscope/live.h"

/* Packets as a pcapng file, block by block: a file that ends after any block can be read up to there. The packet's
 * frame becomes its epb_packetid, so that what a report names is found again. */
struct wspscope_pcapng;

struct wspscope_pcapng *wspscope_pcapng_new(void);
void wspscope_pcapng_free(struct wspscope_pcapng *pcapng);

/* What follows belongs to a new file. */
void wspscope_pcapng_begin(struct wspscope_pcapng *pcapng);

/* Interfaces are described when their first packet comes; those past 64 in a file share the last description. */
void wspscope_pcapng_add(struct wspscope_pcapng *pcapng, const struct wspscope_packet *packet);

/* The whole blocks that were added since wspscope_pcapng_clear(); NULL when memory ran out and some are missing. */
const char *wspscope_pcapng_bytes(const struct wspscope_pcapng *pcapng, size_t *length);
void wspscope_pcapng_clear(struct wspscope_pcapng *pcapng);

#endif
