/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_NAMES_H
#define ENDPOINT_NAMES_H

#include "endpoint/store.h"

/* Makes a row for each Region of every pattern with <region>, sorts the names and builds their index. */
enum status endpoint_names_index(struct endpoint_catalogue *catalogue, struct error *error) MUST_USE;

#endif
