/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_VALUE_H
#define REPORT_VALUE_H

#include <jansson.h>

#include "wspscope/report.h"

/* What was measured, as a JSON object, whatever the type of its root says. Deeper than eight levels it is cut to
 * null. NULL when memory ran out. */
json_t *report_value_measured(const struct wspscope_value *measured);

#endif
