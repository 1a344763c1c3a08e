/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOAD_MIX_H
#define LOAD_MIX_H

#include "talk.h"

/* What a load is made of. */
struct mix {
    const char *name, *about;
    const struct talk_shape *shapes; /* up to the first without packets */
    uint32_t at_once;                /* conversations open at any time */
    uint32_t packets_per_second;
    uint64_t packets;                /* when the command line names no number */
    uint32_t clients;
    uint8_t ipv6_percent, vlan_percent;
};

extern const struct mix mix_all[];
extern const size_t mix_count;

/* NULL: there is none of that name. */
const struct mix *mix_find(const char *name);

#endif
