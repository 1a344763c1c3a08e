/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ipaddr.h"

#include <arpa/inet.h>
#include <stdio.h>

enum { V4_BITS_BEFORE = 96, ADDRESS_BITS = 128 };

static const uint8_t v4_mapped[12] = { [10] = 0xff, [11] = 0xff };

bool ipaddr_is_v4(const struct ipaddr *a)
{
    return memcmp(a->bytes, v4_mapped, sizeof v4_mapped) == 0;
}

/* By hand: it is asked about every packet. */
static bool is_private_v4(const uint8_t b[4])
{
    return b[0] == 0 || b[0] == 10 || b[0] == 127 || (b[0] == 100 && (b[1] & 0xc0) == 64) ||
           (b[0] == 169 && b[1] == 254) || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168);
}

bool ipaddr_is_private(const struct ipaddr *a)
{
    static const uint8_t zeros[15];
    if (ipaddr_is_v4(a))
        return is_private_v4(a->bytes + sizeof v4_mapped);
    bool unspecified_or_loopback = memcmp(a->bytes, zeros, sizeof zeros) == 0 && a->bytes[15] <= 1;
    bool unique_local = (a->bytes[0] & 0xfe) == 0xfc; /* fc00::/7 */
    bool link_local = a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
    return unspecified_or_loopback || unique_local || link_local;
}

const char *ipaddr_format(const struct ipaddr *a, char text[IPADDR_TEXT_SIZE])
{
    bool v4 = ipaddr_is_v4(a);
    inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? a->bytes + 12 : a->bytes, text, IPADDR_TEXT_SIZE);
    return text;
}

bool ipaddr_parse(const char *text, struct ipaddr *out)
{
    uint8_t v4[4];
    if (inet_pton(AF_INET, text, v4) == 1) {
        *out = ipaddr_from_v4(v4);
        return true;
    }
    return inet_pton(AF_INET6, text, out->bytes) == 1;
}

static uint8_t byte_mask(unsigned length, unsigned byte)
{
    if (length >= (byte + 1) * 8)
        return 0xff;
    if (length <= byte * 8)
        return 0;
    return (uint8_t)(0xff << (8 - (length - byte * 8)));
}

bool ipaddr_prefix_contains(const struct ipaddr_prefix *p, const struct ipaddr *a)
{
    unsigned whole = p->length / 8;
    if (memcmp(p->address.bytes, a->bytes, whole) != 0)
        return false;
    if (whole == sizeof a->bytes)
        return true;
    return ((p->address.bytes[whole] ^ a->bytes[whole]) & byte_mask(p->length, whole)) == 0;
}

bool ipaddr_prefix_overlaps(const struct ipaddr_prefix *a, const struct ipaddr_prefix *b)
{
    const struct ipaddr_prefix *wide = a->length <= b->length ? a : b;
    const struct ipaddr_prefix *narrow = wide == a ? b : a;
    return ipaddr_prefix_contains(wide, &narrow->address);
}

/* Reads 1 to 3 digits that are the whole of `text`; -1 for anything else. */
static int parse_length(const char *text)
{
    int value = 0, digits = 0;
    for (; *text >= '0' && *text <= '9' && digits < 4; text++, digits++)
        value = value * 10 + (*text - '0');
    return *text == '\0' && digits > 0 && digits < 4 ? value : -1;
}

bool ipaddr_prefix_parse(const char *text, struct ipaddr_prefix *out)
{
    char address[IPADDR_TEXT_SIZE];
    size_t address_length = strcspn(text, "/");
    if (address_length >= sizeof address)
        return false;
    memcpy(address, text, address_length);
    address[address_length] = '\0';
    if (!ipaddr_parse(address, &out->address))
        return false;

    int before = strchr(address, ':') ? 0 : V4_BITS_BEFORE;
    int length = text[address_length] == '/' ? parse_length(text + address_length + 1) : ADDRESS_BITS - before;
    if (length < 0 || length > ADDRESS_BITS - before)
        return false;
    out->length = (uint8_t)(before + length);

    for (unsigned i = 0; i < sizeof out->address.bytes; i++)
        if (out->address.bytes[i] & (uint8_t)~byte_mask(out->length, i))
            return false;
    return true;
}

const char *ipaddr_prefix_format(const struct ipaddr_prefix *p, char text[IPADDR_PREFIX_TEXT_SIZE])
{
    char address[IPADDR_TEXT_SIZE];
    bool v4 = ipaddr_is_v4(&p->address) && p->length >= V4_BITS_BEFORE;
    ipaddr_format(&p->address, address);
    snprintf(text, IPADDR_PREFIX_TEXT_SIZE, "%s/%d", address, v4 ? p->length - V4_BITS_BEFORE : p->length);
    return text;
}
