/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_CHECKSUM_H
#define DECODE_CHECKSUM_H

#include "decode/decode.h"

/* Whether the internet checksum (RFC 1071) of a packet with DECODE_CHECKSUM_KNOWN is wrong. It takes every byte of the
 * payload into the cache, so it is left to whoever wants to know. `frame` is what was decoded. */
bool decode_checksum_is_wrong(const struct decode_packet *packet, const uint8_t *frame);

#endif
