/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FLOW_KEY_H
#define FLOW_KEY_H

#include <endian.h>
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

/* Eight bytes as a number: numbers sort as the bytes do. In place of memcmp(), whose calls cost more than all the
 * comparing. */
static inline uint64_t flow_key_word(const uint8_t bytes[8])
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return be64toh(word);
}

/* The key of a packet; *source_is_low says which end sent it. */
static inline struct flow_key flow_key_make(const struct ipaddr *source, uint16_t source_port,
                                            const struct ipaddr *destination, uint16_t destination_port,
                                            bool *source_is_low)
{
    uint64_t source_word = flow_key_word(source->bytes), destination_word = flow_key_word(destination->bytes);
    if (source_word == destination_word) { /* always so between IPv4 addresses */
        source_word = flow_key_word(source->bytes + 8);
        destination_word = flow_key_word(destination->bytes + 8);
    }
    bool low = source_word < destination_word || (source_word == destination_word && source_port <= destination_port);
    *source_is_low = low;
    return low ? (struct flow_key){ .low = *source, .high = *destination, .low_port = source_port,
                                    .high_port = destination_port }
               : (struct flow_key){ .low = *destination, .high = *source, .low_port = destination_port,
                                    .high_port = source_port };
}

static inline bool flow_key_equal(const struct flow_key *a, const struct flow_key *b)
{
    uint64_t x[sizeof *a / sizeof(uint64_t)], y[sizeof *b / sizeof(uint64_t)];
    memcpy(x, a, sizeof x);
    memcpy(y, b, sizeof y);
    return ((x[1] ^ y[1]) | (x[3] ^ y[3]) | (x[4] ^ y[4]) | (x[0] ^ y[0]) | (x[2] ^ y[2])) == 0;
}

#endif
