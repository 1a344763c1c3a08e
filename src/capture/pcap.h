/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_PCAP_H
#define CAPTURE_PCAP_H

#include <stdbool.h>
#include <stdint.h>

/* The pcap format (draft-ietf-opsawg-pcap): both byte orders, micro- and nanoseconds, and Kuznetzov's records of 24
 * bytes. */

/* What the file header said. */
struct capture_pcap {
    bool big_endian, nanoseconds, modified;
    uint8_t lengths; /* enum capture_pcap_lengths */
    uint16_t link_type;
};

/* Old libpcap wrote the two lengths of a record in the other order. */
enum capture_pcap_lengths {
    CAPTURE_PCAP_LENGTHS_NORMAL,
    CAPTURE_PCAP_LENGTHS_SWAPPED, /* up to version 2.2, and 543.0 */
    CAPTURE_PCAP_LENGTHS_EITHER,  /* version 2.3: the captured length is the smaller */
};

struct capture_walker;
extern const struct capture_walker capture_pcap_walker;

/* True when the four bytes are a pcap magic number; *out then holds what it says. */
bool capture_pcap_magic(const uint8_t magic[4], struct capture_pcap *out);

#endif
