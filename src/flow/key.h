/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FLOW_KEY_H
#define FLOW_KEY_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/ipaddr.h"
#include "decode/decode.h"

/* A five-tuple without direction: the end with the smaller (address, port) is `low`. No padding: compared as bytes. */
struct flow_key {
    struct ipaddr low, high;
    uint16_t low_port, high_port;
    uint8_t protocol;
    uint8_t ip_version;
    uint8_t zero[2];
};
_Static_assert(sizeof(struct flow_key) == 40, "a key has no padding");

/* The key of a packet; *source_is_low says which end sent it. */
static inline struct flow_key flow_key_make(const struct ipaddr *source, uint16_t source_port,
                                            const struct ipaddr *destination, uint16_t destination_port,
                                            bool *source_is_low)
{
    int order = ipaddr_compare(source, destination);
    bool low = order < 0 || (order == 0 && source_port <= destination_port);
    *source_is_low = low;
    return low ? (struct flow_key){ .low = *source, .high = *destination, .low_port = source_port,
                                    .high_port = destination_port }
               : (struct flow_key){ .low = *destination, .high = *source, .low_port = destination_port,
                                    .high_port = source_port };
}

static inline bool flow_key_equal(const struct flow_key *a, const struct flow_key *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

#endif
