/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRAFT_PCAP_H
#define CRAFT_PCAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "craft/craft.h"

/* A capture file as bytes in memory: classic pcap with nanoseconds, or pcapng with one section and one interface
 * (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng), little-endian. */

enum craft_pcap_format { CRAFT_PCAP_NANOSECOND, CRAFT_PCAP_NG };
enum { CRAFT_LINKTYPE_ETHERNET = 1, CRAFT_LINKTYPE_RAW = 101 };

/* Zero-initialise; what is left zero has its default. */
struct craft_pcap_options {
    enum craft_pcap_format format;
    uint16_t link_type;   /* 0: Ethernet */
    uint32_t snap_bytes;  /* packets are cut here; 0: kept whole */
    const char *filter;   /* pcapng only: the capture filter's text (option if_filter); NULL: none */
    size_t limit_bytes;   /* of the whole file; 0: 256 MiB */
};

struct craft_pcap;

/* The header is written at once. NULL: no memory. */
struct craft_pcap *craft_pcap_new(const struct craft_pcap_options *options) MUST_USE;
void craft_pcap_free(struct craft_pcap *pcap);

/* Times before 1970 do not exist in either format and are STATUS_BAD_USAGE, as is a file beyond its limit. */
enum status craft_pcap_add(struct craft_pcap *pcap, int64_t time_ns, struct craft_bytes frame) MUST_USE;

/* Borrowed until the next craft_pcap_add() or craft_pcap_free(). */
struct craft_bytes craft_pcap_bytes(const struct craft_pcap *pcap);
uint64_t craft_pcap_packets(const struct craft_pcap *pcap);

#endif
