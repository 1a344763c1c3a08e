/* SPDX-License-Identifier: Apache-2.0 */
#include "wspscope/report.h"

static const char *name_at(const char *const *names, size_t count, unsigned index)
{
    return index < count ? names[index] : "unknown";
}

const char *wspscope_severity_name(enum wspscope_severity severity)
{
    static const char *const names[WSPSCOPE_SEVERITIES] = {
        [WSPSCOPE_PROBLEM] = "problem",
        [WSPSCOPE_WARNING] = "warning",
        [WSPSCOPE_NOTICE] = "notice",
    };
    return name_at(names, WSPSCOPE_SEVERITIES, (unsigned)severity);
}

const char *wspscope_confidence_name(enum wspscope_confidence confidence)
{
    static const char *const names[WSPSCOPE_CONFIDENCES] = {
        [WSPSCOPE_HIGH] = "high",
        [WSPSCOPE_MEDIUM] = "medium",
        [WSPSCOPE_LOW] = "low",
    };
    return name_at(names, WSPSCOPE_CONFIDENCES, (unsigned)confidence);
}

const char *wspscope_verdict_name(enum wspscope_verdict_status status)
{
    static const char *const names[WSPSCOPE_VERDICTS] = {
        [WSPSCOPE_OK] = "ok",
        [WSPSCOPE_DEGRADED] = "degraded",
        [WSPSCOPE_FAILING] = "failing",
        [WSPSCOPE_NO_TRAFFIC] = "no-workspaces-traffic",
        [WSPSCOPE_CANNOT_TELL] = "cannot-tell",
    };
    return name_at(names, WSPSCOPE_VERDICTS, (unsigned)status);
}

const char *wspscope_who_name(enum wspscope_who who)
{
    static const char *const names[WSPSCOPE_WHOS] = {
        [WSPSCOPE_WHO_CLIENT] = "client",
        [WSPSCOPE_WHO_LOCAL_NETWORK] = "local-network",
        [WSPSCOPE_WHO_INTERNET] = "internet",
        [WSPSCOPE_WHO_AWS] = "aws",
        [WSPSCOPE_WHO_UNKNOWN] = "unknown",
    };
    return name_at(names, WSPSCOPE_WHOS, (unsigned)who);
}
