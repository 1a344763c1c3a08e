/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

const struct rule rule_one = {
    .kind = "one",
};
