/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_FIELDS_H
#define ENDPOINT_FIELDS_H

#include <stdbool.h>

#include "base/ipaddr.h"
#include "endpoint/catalogue.h"

/* What a field of a table may be. Each returns false when the text is not of that form. */

bool endpoint_fields_prefix(const char *text, struct ipaddr_prefix *out);

/* A role that a table may give: neither none nor unknown. */
bool endpoint_fields_role(const char *text, enum endpoint_role *out);

bool endpoint_fields_coverage(const char *text, enum endpoint_coverage *out);
const char *endpoint_fields_coverage_name(enum endpoint_coverage coverage);

/* "tcp/4195,udp/4195": at most 8. */
bool endpoint_fields_ports(const char *text);

/* "2026", "2026-07" or "2026-07-15". */
bool endpoint_fields_date(const char *text);

/* A Region's code: lower-case letters, digits and hyphens. */
bool endpoint_fields_code(const char *text);

/* A host name in lower case; a first label "*" and labels "<region>" may stand in it. */
bool endpoint_fields_pattern(const char *text);

/* Decimal digits, with a fraction or without; no sign, no exponent; whatever the locale. */
bool endpoint_fields_number(const char *text, double *out);

#endif
