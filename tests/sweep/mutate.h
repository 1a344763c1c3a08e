/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SWEEP_MUTATE_H
#define SWEEP_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* What is done to a capture before it is analysed. Everything follows from the kind and a number: the same case has
 * the same bytes in every run and on every machine. */

enum mutate_kind {
    MUTATE_NOTHING, /* the file as it is */
    MUTATE_CUT,     /* ends earlier */
    MUTATE_FLIP,    /* some bits turned, in the headers of the file, of records, of packets, or anywhere */
    MUTATE_SNAP,    /* every packet shortened to a snap length, as tcpdump -s would have (classic pcap) */
    MUTATE_KINDS
};

struct mutate_case {
    enum mutate_kind kind;
    uint32_t number; /* which cut, which flip, which snap length */
};

/* How many cases of a kind there are for a file of this size. */
uint32_t mutate_count(enum mutate_kind kind, size_t length);
const char *mutate_name(enum mutate_kind kind);

/* A number that follows from others, evenly spread. */
uint64_t mutate_mix(uint64_t a, uint64_t b);
uint64_t mutate_digest(const char *text);

/* The bytes of a case in a block of exactly their size, which the caller frees; NULL without memory. `seed` tells
 * files apart. */
uint8_t *mutate_make(const struct mutate_case *c, uint64_t seed, const uint8_t *bytes, size_t length, size_t *made);

#endif
