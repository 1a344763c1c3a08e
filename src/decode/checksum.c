/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/checksum.h"

#include <string.h>

/* Ones' complement sums do not care for byte order or word size: eight bytes at a time in the machine's own order, as
 * two halves of 32 bits, can be added 2^32 times before a 64-bit sum overflows, and all ones is all ones in any order. */
static uint64_t sum_of(const uint8_t *bytes, size_t length)
{
    uint64_t even = 0, odd = 0;

    for (; length >= 16; length -= 16, bytes += 16) {
        uint64_t a, b;
        memcpy(&a, bytes, 8);
        memcpy(&b, bytes + 8, 8);
        even += (a & UINT32_MAX) + (b & UINT32_MAX);
        odd += (a >> 32) + (b >> 32);
    }
    uint64_t rest[2] = { 0, 0 };
    memcpy(rest, bytes, length);
    even += (rest[0] & UINT32_MAX) + (rest[1] & UINT32_MAX);
    odd += (rest[0] >> 32) + (rest[1] >> 32);
    return (even & UINT32_MAX) + (even >> 32) + (odd & UINT32_MAX) + (odd >> 32);
}

static bool is_all_ones(uint64_t sum)
{
    while (sum >> 16)
        sum = (sum & UINT16_MAX) + (sum >> 16);
    return sum == UINT16_MAX;
}

void decode_checksum_check(struct decode_packet *out, const uint8_t *segment, uint32_t length)
{
    /* The prefix of an IPv4-mapped address is all ones or zero: it adds nothing. */
    uint8_t pseudo[8] = { (uint8_t)(length >> 24), (uint8_t)(length >> 16), (uint8_t)(length >> 8), (uint8_t)length,
                          0, 0, 0, out->protocol };
    uint64_t sum = sum_of(out->source.bytes, 16) + sum_of(out->destination.bytes, 16) + sum_of(pseudo, sizeof pseudo) +
                   sum_of(segment, length);

    out->flags |= DECODE_CHECKSUM_KNOWN;
    if (!is_all_ones(sum))
        out->flags |= DECODE_BAD_CHECKSUM;
}
