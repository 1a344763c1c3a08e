/* SPDX-License-Identifier: Apache-2.0 */
#include "model/incident.h"

void model_incident_show(struct model_incident *incident, enum model_shows shows, uint64_t frame, uint32_t number)
{
    for (uint8_t i = 0; i < incident->evidence_count; i++)
        if (incident->evidence[i].frame == frame)
            return;
    uint8_t at = incident->evidence_count;
    if (at == MODEL_EVIDENCE_MAX)
        at--;
    else
        incident->evidence_count++;
    incident->evidence[at] = (struct model_evidence){ .frame = frame, .number = number, .shows = (uint32_t)shows };
}
