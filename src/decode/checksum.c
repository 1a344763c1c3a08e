/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/checksum.h"

#include <arpa/inet.h>
#include <string.h>

/* Ones' complement sums do not care for byte order or word size (RFC 1071, section 2): everything is added in the
 * machine's own order, as wide as it goes, and folded at the end; all ones is all ones in any order. */

/* Four lanes of 32 bits, each taking 16 at a time, hold 65,536 additions. */
typedef uint32_t lanes __attribute__((vector_size(16)));
enum { LANES_BYTES_MAX = 65536 * 16 };

static uint64_t sum_lanes(const uint8_t *bytes, size_t length)
{
    lanes low = { 0 }, high = { 0 };

    for (; length; length -= sizeof low, bytes += sizeof low) {
        lanes words;
        memcpy(&words, bytes, sizeof words);
        low += words & UINT16_MAX;
        high += words >> 16;
    }
    uint64_t sum = 0;
    for (unsigned i = 0; i < sizeof low / sizeof low[0]; i++)
        sum += (uint64_t)low[i] + high[i];
    return sum;
}

static uint64_t sum_eight(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return (word & UINT32_MAX) + (word >> 32);
}

/* Fewer than eight bytes; an odd one is the first of a pair whose second is zero. */
static uint64_t sum_rest(const uint8_t *bytes, size_t length)
{
    uint32_t four = 0;
    uint16_t two = 0, one = 0;

    if (length & 4)
        memcpy(&four, bytes, 4);
    if (length & 2)
        memcpy(&two, bytes + (length & 4), 2);
    if (length & 1)
        memcpy(&one, bytes + (length & 6), 1);
    return (uint64_t)four + two + one;
}

static uint64_t sum_of(const uint8_t *bytes, size_t length)
{
    uint64_t sum = 0;

    while (length >= sizeof(lanes)) {
        size_t part = (length < LANES_BYTES_MAX ? length : LANES_BYTES_MAX) & ~(sizeof(lanes) - 1);
        sum += sum_lanes(bytes, part);
        bytes += part;
        length -= part;
    }
    if (length >= 8) {
        sum += sum_eight(bytes);
        bytes += 8;
        length -= 8;
    }
    return sum + sum_rest(bytes, length);
}

static bool is_all_ones(uint64_t sum)
{
    sum = (sum & UINT32_MAX) + (sum >> 32);
    while (sum >> 16)
        sum = (sum & UINT16_MAX) + (sum >> 16);
    return sum == UINT16_MAX;
}

bool decode_checksum_is_wrong(const struct decode_packet *p, const uint8_t *frame)
{
    uint32_t length = p->payload_offset - p->segment_offset + p->payload_bytes;
    /* The prefix of an IPv4-mapped address is all ones or zero: it adds nothing. */
    uint64_t sum = sum_eight(p->source.bytes) + sum_eight(p->source.bytes + 8) +
                   sum_eight(p->destination.bytes) + sum_eight(p->destination.bytes + 8) + htonl(length) +
                   htonl(p->protocol) + sum_of(frame + p->segment_offset, length);

    return !is_all_ones(sum);
}
