/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_WRITER_H
#define CAPTURE_WRITER_H

#include <stdint.h>

#include "base/text.h"
#include "capture/capture.h"

/* pcapng (draft-ietf-opsawg-pcapng), little-endian, block by block into a growable buffer: whoever writes the buffer to
 * a file after any block leaves a file that can be read up to there. */

void capture_writer_section(struct text *out);

/* Interfaces are numbered from 0 in the order of these blocks. Times are in nanoseconds. */
void capture_writer_interface(struct text *out, uint16_t link_type, uint32_t snap_bytes);

/* `frame` becomes the packet's epb_packetid, so that what a report names is found again. */
void capture_writer_packet(struct text *out, uint32_t interface, const struct capture_packet *packet);

#endif
