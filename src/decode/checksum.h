/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_CHECKSUM_H
#define DECODE_CHECKSUM_H

#include "decode/decode.h"

/* The internet checksum (RFC 1071) over `length` bytes of a TCP or UDP segment and the pseudo-header of out's
 * addresses and protocol: sets DECODE_CHECKSUM_KNOWN and, when wrong, DECODE_BAD_CHECKSUM. `segment` must hold
 * `length` bytes. */
void decode_checksum_check(struct decode_packet *out, const uint8_t *segment, uint32_t length);

#endif
