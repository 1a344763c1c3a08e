/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_DNS_H
#define TRACK_DNS_H

#include "track/story.h"

/* Reads DNS messages: what is at which address, and what became of look-ups of WorkSpaces names. */

enum { TRACK_DNS_PORT = 53 };

/* A followed packet to or from port 53. Over TCP only messages that begin with a segment and end within it are read. */
void track_dns(struct track *t, const struct track_packet *packet, const struct decode_packet *d);

#endif
