/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_CENSUS_H
#define ENGINE_CENSUS_H

#include "base/arena.h"
#include "decode/decode.h"

/* What traffic there was, for a capture without any of WorkSpaces: packets by transport and by server port, taken as
 * the lower of the two. */
struct engine_census;

struct engine_census *engine_census_new(void) MUST_USE; /* NULL without memory */
void engine_census_free(struct engine_census *census);
void engine_census_add(struct engine_census *census, const struct decode_packet *d);

/* "TCP 12, UDP 3; busiest server ports: TCP 22 (12 packets), UDP 123 (3 packets)"; "" of no packet. */
const char *engine_census_text(const struct engine_census *census, struct arena *arena);

#endif
