/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rate.h"

#include <math.h>

#include "base/nsec.h"
#include "model/rate.h"

/* A second of fewer datagrams says nothing about a share of them; so many seconds show what happens when less is
 * offered than `below` of the ceiling; and their loss is less than a `share_left` of that at the ceiling. */
enum { UNITS_LEAST = 5, CALM_SECONDS_LEAST = 2 };
static const double below = 0.9, share_left = 0.2;

static double share(const struct model_rate_second *s)
{
    return s->units + s->lost ? (double)s->lost / (s->units + s->lost) : 0;
}

static double offered(const struct model_rate_second *s)
{
    return s->units ? (double)s->bytes * (s->units + s->lost) / s->units : 0;
}

static bool is_lossy(const struct model_rate_second *s, double least)
{
    return s->units >= UNITS_LEAST && share(s) >= least;
}

/* Delivered and offered in seconds that are lossy between lossy ones: the whole of them lies above the ceiling. */
static void measure_ceiling(const struct model_rate *rate, double least, struct rule_rate *out)
{
    double sum = 0, squares = 0, asked = 0, lost = 0;
    for (uint32_t i = 1; i + 2 < rate->count; i++) {
        const struct model_rate_second *s = &rate->seconds[i];
        if (!is_lossy(s - 1, least) || !is_lossy(s, least) || !is_lossy(s + 1, least))
            continue;
        out->lossy_seconds++;
        sum += s->bytes;
        squares += (double)s->bytes * s->bytes;
        asked += offered(s);
        lost += share(s);
    }
    if (!out->lossy_seconds)
        return;
    double n = out->lossy_seconds, mean = sum / n, variance = squares / n - mean * mean;
    out->ceiling_bytes = mean;
    out->offered_bytes = asked / n;
    out->loss_percent = lost / n * 100;
    out->variation_percent = mean > 0 && variance > 0 ? sqrt(variance) / mean * 100 : 0;
}

/* The loss in seconds that offer less than the ceiling: a policer lets them pass. */
static double calm_share(const struct model_rate *rate, struct rule_rate *out)
{
    uint64_t units = 0, lost = 0;
    for (uint32_t i = 0; i + 1 < rate->count; i++) {
        const struct model_rate_second *s = &rate->seconds[i];
        if (s->units < UNITS_LEAST || offered(s) >= below * out->ceiling_bytes)
            continue;
        out->calm_seconds++;
        units += s->units;
        lost += s->lost;
    }
    return units ? (double)lost / (double)(units + lost) : 1;
}

bool rule_rate_is_limited(const struct model *model, const struct model_path *path, int way, struct rule_rate *out)
{
    const struct endpoint_catalogue *c = model_catalogue(model);
    const struct model_rate *rate = path->rate[way];
    *out = (struct rule_rate){ 0 };
    if (!rate)
        return false;
    measure_ceiling(rate, endpoint_threshold_value(c, "rate-loss-percent") / 100, out);
    double span_s = nsec_to_seconds(endpoint_threshold_ns(c, "rate-span-ms"));
    bool steady = out->lossy_seconds && out->lossy_seconds >= span_s &&
                  out->variation_percent < endpoint_threshold_value(c, "rate-variation-percent");
    return steady && calm_share(rate, out) * 100 < share_left * out->loss_percent &&
           out->calm_seconds >= CALM_SECONDS_LEAST;
}
