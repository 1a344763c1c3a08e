/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_LOAD_H
#define MODEL_LOAD_H

#include <stdint.h>

/* Whether a round trip follows the load of the tap: seconds counted by their bytes (doublings from 2 kB) and by the
 * median round trip of that second (half doublings from 1 ms). 1.5 KiB, however long. */
enum { MODEL_LOAD_ROWS = 16, MODEL_LOAD_COLUMNS = 24 };
enum model_load_direction { MODEL_LOAD_UP, MODEL_LOAD_DOWN, MODEL_LOAD_DIRECTIONS };

struct model_load {
    uint32_t seconds;
    uint16_t cell[MODEL_LOAD_DIRECTIONS][MODEL_LOAD_ROWS][MODEL_LOAD_COLUMNS]; /* all halved when one is full */
};

/* `bytes`: of that second, in each direction. */
void model_load_add(struct model_load *load, const uint64_t bytes[MODEL_LOAD_DIRECTIONS], int64_t round_trip_ns);

/* Spearman's rank correlation, ties at their mean rank: -1 to 1; 0 when either does not vary. */
double model_load_correlation(const struct model_load *load, enum model_load_direction direction);

#endif
