/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_STORE_H
#define ENDPOINT_STORE_H

#include "base/arena.h"
#include "endpoint/catalogue.h"
#include "endpoint/tables.h"

/* What a catalogue is made of; for the files of this folder. Everything lives in the catalogue's arena. */

enum { ENDPOINT_NO_PARENT = -1 };

struct endpoint_list {
    void *rows;
    size_t count;
};

/* Rows sorted by address, then length; parents[i] is the narrowest row that holds row i. */
struct endpoint_index {
    struct endpoint_row *rows;
    int *parents;
    size_t count;
};

/* One pattern of the names table: `key` is what follows "*.", or the whole name. */
struct endpoint_name_key {
    const char *key;
    struct endpoint_name_row row;
};

struct endpoint_name_index {
    struct endpoint_name_key *exact, *wild;
    size_t exact_count, wild_count;
};

struct endpoint_catalogue {
    struct arena *arena;
    const char *origin[ENDPOINT_TABLES]; /* the file each table came from, for messages */
    struct endpoint_tables_text texts[ENDPOINT_TABLES]; /* as read, for import */
    struct endpoint_list lists[ENDPOINT_TABLES];
    struct endpoint_index addresses, shared;
    struct endpoint_name_index names;
    const char *date;
    const char **source_addresses;
    size_t source_address_count;
};

#endif
