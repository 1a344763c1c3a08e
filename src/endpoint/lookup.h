/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_LOOKUP_H
#define ENDPOINT_LOOKUP_H

#include "endpoint/store.h"

/* Sorts the rows of `table` and finds for each the row that holds it. STATUS_BAD_INPUT when a prefix stands twice. */
enum status endpoint_lookup_index(struct endpoint_catalogue *catalogue, enum endpoint_table table,
                                  struct endpoint_index *out, struct error *error) MUST_USE;

#endif
