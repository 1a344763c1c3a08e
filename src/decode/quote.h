/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_QUOTE_H
#define DECODE_QUOTE_H

#include "base/cursor.h"
#include "decode/decode.h"

/* The start of a packet that an ICMP error of the same IP version quotes: the IP header with options or extension
 * headers and, of TCP or UDP, at least the ports. True when those are there; else *out, which must be zeroed, is left
 * so. A quoted TCP header may end after the ports (RFC 792 asks for eight bytes). */
bool decode_quote_read(struct cursor c, uint8_t ip_version, struct decode_quote *out);

#endif
