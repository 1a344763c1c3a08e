/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/decode.h"

/* Folded multiplication (as wyhash and foldhash do) rather than SipHash: three multiplications, a few nanoseconds a
 * packet, where SipHash-1-3 over the same 37 bytes takes several times that. Against hash-flooding it suffices here:
 * both factors of every multiplication are masked with secret key bits, so that nobody can force a factor to zero or
 * solve for collisions without the key; the key is drawn anew for each run; and nothing a stranger can observe, not
 * even the order of a report, follows from the hash. The table must still bound its probes. */

/* Makes six masks of two keys: odd, and without a pattern in its bits. */
#define STEP UINT64_C(0xa0761d6478bd642f)

static uint64_t fold(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

struct half {
    uint64_t high, low;
};

static struct half load(const struct ipaddr *a)
{
    struct half h;
    memcpy(&h.high, a->bytes, 8);
    memcpy(&h.low, a->bytes + 8, 8);
    return h;
}

/* Any total order does, as long as both directions agree. */
static bool is_before(struct half a, uint16_t a_port, struct half b, uint16_t b_port)
{
    bool low_before = (a.low < b.low) | ((a.low == b.low) & (a_port < b_port));
    return (a.high < b.high) | ((a.high == b.high) & low_before);
}

static void swap_if(uint64_t mask, uint64_t *a, uint64_t *b)
{
    uint64_t difference = (*a ^ *b) & mask;
    *a ^= difference;
    *b ^= difference;
}

/* lint: long because a five-tuple has five parts */
uint32_t decode_hash(const uint64_t key[2], const struct ipaddr *a, uint16_t a_port, const struct ipaddr *b,
                     uint16_t b_port, uint8_t protocol)
{
    struct half first = load(a), second = load(b);
    uint64_t first_port = a_port, second_port = b_port;
    /* Without a branch: which end comes first is a coin toss to the predictor. */
    uint64_t mask = (uint64_t)0 - (uint64_t)is_before(second, b_port, first, a_port);

    swap_if(mask, &first.high, &second.high);
    swap_if(mask, &first.low, &second.low);
    swap_if(mask, &first_port, &second_port);

    uint64_t k0 = key[0], k1 = key[1];
    uint64_t ports = first_port << 24 | second_port << 8 | protocol;
    uint64_t x = fold(first.high ^ k0, first.low ^ k1);
    uint64_t y = fold(second.high ^ (k0 + STEP), second.low ^ (k1 + STEP));
    uint64_t z = fold(x ^ ports ^ (k1 + 2 * STEP), y ^ (k0 + 2 * STEP));
    return (uint32_t)(z ^ z >> 32);
}
