/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_THRESHOLD_H
#define ENDPOINT_THRESHOLD_H

#include "endpoint/store.h"

/* Sorts the built-in thresholds and puts those that the catalogue's own table gives in their place, so that every name
 * that a rule asks for is there. STATUS_BAD_INPUT when the table gives an unknown one. */
enum status endpoint_threshold_merge(struct endpoint_catalogue *catalogue, struct endpoint_list builtin,
                                     struct error *error) MUST_USE;

#endif
