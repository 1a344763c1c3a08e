/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULE_EVIDENCE_H
#define RULE_EVIDENCE_H

#include "base/arena.h"
#include "model/incident.h"

/* One line about a frame that proves an incident: "SYN, third of 5, no answer". Lives in the arena. */
const char *rule_evidence_text(const struct model_evidence *evidence, const struct model_incident *incident,
                          struct arena *arena);

/* What an ICMP error says, in words: "administratively prohibited". */
const char *rule_evidence_icmp_text(uint8_t type, uint8_t code, bool ipv6);

/* The code of a DNS answer: "NXDOMAIN" (RFC 1035, section 4.1.1). */
const char *rule_evidence_dns_code(uint32_t code);

#endif
