/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULE_PMTU_H
#define RULE_PMTU_H

#include "model/model.h"

/* The largest IP packet that the path to this gateway carries, by the MSS that TCP's handshakes with it were left with,
 * where that is less than the QUIC Initials need which were not answered; 0 where it explains nothing. */
uint32_t rule_pmtu_passes_bytes(const struct model *model, const struct model_path *path,
                                const struct model_incident *silent);

#endif
