/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SWEEP_CREW_H
#define SWEEP_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Jobs in child processes: what a job does to its process (a crash, a sanitizer's end, time used up) fails that job
 * and no other. */

enum { CREW_NAME_SIZE = 400 };

struct crew_work {
    void *context;
    uint64_t count;
    /* Runs in a child; prints what is wrong on one line. */
    bool (*run)(void *context, uint64_t index);
    void (*name)(void *context, uint64_t index, char name[CREW_NAME_SIZE]);
    unsigned workers;
    unsigned seconds; /* CPU time of one job */
    bool alone;       /* each job in a process of its own, so that its peak of memory can be told */
};

struct crew_sum {
    uint64_t passed, failed;
    uint64_t slowest, slowest_ms; /* which job took longest, and how long */
};

/* False when no child could be started. */
bool crew_run(const struct crew_work *work, struct crew_sum *sum);

/* CPU time of this process so far, and the most memory it ever had. */
uint64_t crew_cpu_ms(void);
uint64_t crew_peak_mib(void);

#endif
