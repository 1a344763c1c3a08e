/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_BRIEF_H
#define DECODE_BRIEF_H

#include "decode/decode.h"

/* The shortcut for the frames that make up nearly all of a capture: Ethernet, at most two VLAN tags, IPv4 without
 * options or IPv6 without extension headers, not a fragment, TCP or UDP that is no overlay. False for everything else,
 * with `out` (zeroed by the caller) untouched. What it fills is what decode_walk_frame() would. */
bool decode_brief_read(const struct decode_context *context, const uint8_t *bytes, uint32_t captured_bytes,
                       uint32_t wire_bytes, struct decode_packet *out);

#endif
