/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SWEEP_SWEEP_H
#define SWEEP_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "crew.h"
#include "files.h"
#include "mutate.h"

/* Captures and what is done to them, as jobs of a crew. */

struct sweep_options {
    uint64_t one_in; /* every so many-th case; which ones follows from the seed and the names */
    uint64_t seed;
    unsigned workers;
};

bool sweep_captures(const struct files *files, const struct sweep_options *options, struct crew_sum *sum);

/* One case, in this process; its bytes go to `write_to` unless that is NULL. */
bool sweep_one(const char *path, const struct mutate_case *c, uint64_t seed, const char *write_to);

#endif
