/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "decode/decode.h"

static const struct {
    const char *name;
    bool hex;
} kinds[DECODE_UNSUPPORTED_KINDS] = {
    [DECODE_UNSUPPORTED_LINK_TYPE] = { "link type", false },
    [DECODE_UNSUPPORTED_ETHERTYPE] = { "EtherType", true },
    [DECODE_UNSUPPORTED_IP_PROTOCOL] = { "IP protocol", false },
    [DECODE_UNSUPPORTED_PPP_PROTOCOL] = { "PPP protocol", true },
    [DECODE_UNSUPPORTED_DEPTH] = { "headers nested deeper than", false },
    [DECODE_UNSUPPORTED_WIFI] = { "encrypted or fragmented 802.11 type", true },
    [DECODE_UNSUPPORTED_FAMILY] = { "address family", false },
};

const char *decode_unsupported_format(uint8_t kind, uint16_t number, char text[DECODE_UNSUPPORTED_TEXT_SIZE])
{
    const char *name = kind < DECODE_UNSUPPORTED_KINDS ? kinds[kind].name : "type";
    bool hex = kind < DECODE_UNSUPPORTED_KINDS && kinds[kind].hex;

    snprintf(text, DECODE_UNSUPPORTED_TEXT_SIZE, hex ? "%s 0x%04x" : "%s %u", name, (unsigned)number);
    return text;
}
