/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/pmtu.h"

enum { IP4_TCP_BYTES = 40, IP6_TCP_BYTES = 60 };

uint32_t rule_pmtu_passes_bytes(const struct model *model, const struct model_path *path,
                                const struct model_incident *silent)
{
    static const uint16_t ports[] = { 443, 4172, 4195 };
    uint32_t least = 0;
    if (path->protocol != 17 || !silent->quic)
        return 0;
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        const struct model_path *tcp = model_path_find(model, &path->client->address, &path->server, ports[i], 6);
        if (tcp && tcp->least_mss && tcp->counts[MODEL_TCP_ACCEPTED] && (!least || tcp->least_mss < least))
            least = tcp->least_mss;
    }
    uint32_t passes = least ? least + (path->ipv6 ? IP6_TCP_BYTES : IP4_TCP_BYTES) : 0;
    return passes < silent->size_bytes ? passes : 0;
}
