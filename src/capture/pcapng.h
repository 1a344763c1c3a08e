/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_PCAPNG_H
#define CAPTURE_PCAPNG_H

#include <stdbool.h>
#include <stdint.h>

/* The pcapng format (draft-ietf-opsawg-pcapng): sections in either byte order, each with its interfaces. Blocks that
 * carry no packet, interface or count are passed over whatever their length. */

struct capture_walker;
extern const struct capture_walker capture_pcapng_walker;

bool capture_pcapng_magic(const uint8_t magic[4]);

#endif
