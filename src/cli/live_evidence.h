/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LIVE_EVIDENCE_H
#define CLI_LIVE_EVIDENCE_H

#include <stdint.h>

#include "base/status.h"
#include "wspscope/live.h"

/* A ring of pcapng files in a folder: the followed packets, the oldest file removed when the ring is full. A file is
 * named by the time of its first packet, wspscope-20261123T020304.123456789Z.pcapng; those of earlier runs count too.
 * The packet that a report calls frame N has the epb_packetid N. What a killed run leaves can be read up to the last
 * whole block. */
struct cli_live_evidence;

enum { CLI_LIVE_EVIDENCE_FILES = 16 };

/* `bytes` in all the files. NULL with `error` when the folder cannot be written to. */
struct cli_live_evidence *cli_live_evidence_open(const char *folder, uint64_t bytes, struct error *error) MUST_USE;
void cli_live_evidence_add(struct cli_live_evidence *evidence, const struct wspscope_packet *packet);

/* Writes what is buffered. NULL, or, once for each time that it begins, what went wrong. */
const char *cli_live_evidence_flush(struct cli_live_evidence *evidence);

/* Packets that were not written because writing failed. */
uint64_t cli_live_evidence_lost(const struct cli_live_evidence *evidence);
void cli_live_evidence_close(struct cli_live_evidence *evidence);

#endif
