/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FLOW_COMMUNITY_H
#define FLOW_COMMUNITY_H

#include "flow/key.h"

/* Community ID version 1, seed 0 (https://github.com/corelight/community-id-spec): "1:" and the base64 of a SHA-1. */
enum { FLOW_COMMUNITY_SIZE = 32 };

/* "" when libcrypto refuses. Returns `text`. */
const char *flow_community_id(const struct flow_key *key, char text[FLOW_COMMUNITY_SIZE]);

#endif
