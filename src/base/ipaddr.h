/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_IPADDR_H
#define BASE_IPADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* An IPv4 or IPv6 address; IPv4 in the IPv4-mapped form (RFC 4291, section 2.5.5.2), so that one comparison and one
 * table serve both. Byte order is the network's: memcmp() sorts as people expect, IPv4 first among global ones. */
struct ipaddr {
    uint8_t bytes[16];
};

/* Room for the longest text form and a zero. */
enum { IPADDR_TEXT_SIZE = 46, IPADDR_PREFIX_TEXT_SIZE = 50 };

static inline struct ipaddr ipaddr_from_v4(const uint8_t bytes[4])
{
    struct ipaddr a = { .bytes = { [10] = 0xff, [11] = 0xff } };
    memcpy(a.bytes + 12, bytes, 4);
    return a;
}

static inline struct ipaddr ipaddr_from_v6(const uint8_t bytes[16])
{
    struct ipaddr a;
    memcpy(a.bytes, bytes, 16);
    return a;
}

static inline int ipaddr_compare(const struct ipaddr *a, const struct ipaddr *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

static inline bool ipaddr_equal(const struct ipaddr *a, const struct ipaddr *b)
{
    return ipaddr_compare(a, b) == 0;
}

bool ipaddr_is_v4(const struct ipaddr *a);

/* Not routable on the internet: RFC 1918, RFC 6598, loopback, link-local, RFC 4193 and the unspecified address. */
bool ipaddr_is_private(const struct ipaddr *a);

/* Dotted quad, or RFC 5952. Returns `text`. */
const char *ipaddr_format(const struct ipaddr *a, char text[IPADDR_TEXT_SIZE]);

/* False when `text` is not an address as a whole. */
bool ipaddr_parse(const char *text, struct ipaddr *out);

/* A CIDR prefix. `length` counts bits of the 16-byte form: an IPv4 /22 is 96 + 22. Bits beyond it are zero. */
struct ipaddr_prefix {
    struct ipaddr address;
    uint8_t length;
};

/* "18.134.68.0/22", "2a05:d02c:8::/48", or an address alone (a host prefix). False for anything else, and where
 * bits beyond the length are set. */
bool ipaddr_prefix_parse(const char *text, struct ipaddr_prefix *out);
const char *ipaddr_prefix_format(const struct ipaddr_prefix *p, char text[IPADDR_PREFIX_TEXT_SIZE]);
bool ipaddr_prefix_contains(const struct ipaddr_prefix *p, const struct ipaddr *a);

/* Either contains the other. */
bool ipaddr_prefix_overlaps(const struct ipaddr_prefix *a, const struct ipaddr_prefix *b);

#endif
