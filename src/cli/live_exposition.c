/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/live_exposition.h"

#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>

#include "base/nsec.h"

static void head(struct text *out, const char *name, const char *type, const char *help)
{
    text_addf(out, "# HELP wspscope_%s %s\n# TYPE wspscope_%s %s\n", name, help, name, type);
}

static void write_packets(const struct wspscope_tick *tick, struct text *out)
{
    const struct wspscope_packet_counts *c = &tick->report->ledger.packets;
    const struct {
        const char *verdict;
        uint64_t packets;
    } rows[] = {
        { "followed", c->followed },   { "background", c->background }, { "filtered", c->filtered },
        { "duplicate", c->duplicate }, { "truncated", c->truncated },   { "malformed", c->malformed },
        { "unsupported", c->unsupported },
    };
    head(out, "packets_total", "counter", "Packets that came, by what became of them.");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        text_addf(out, "wspscope_packets_total{verdict=\"%s\"} %" PRIu64 "\n", rows[i].verdict, rows[i].packets);
    head(out, "captured_bytes_total", "counter", "Bytes of the packets that came.");
    text_addf(out, "wspscope_captured_bytes_total %" PRIu64 "\n", tick->report->input.bytes);
    head(out, "capture_drops_total", "counter", "Packets that were on the wire and did not come.");
    text_addf(out, "wspscope_capture_drops_total{where=\"iface\"} %" PRIu64 "\n", tick->interface_drops);
    text_addf(out, "wspscope_capture_drops_total{where=\"kernel\"} %" PRIu64 "\n", tick->kernel_drops);
}

static void write_verdict(const struct wspscope_tick *tick, struct text *out)
{
    head(out, "verdict", "gauge", "1 for the verdict that holds.");
    for (enum wspscope_verdict_status s = 0; s < WSPSCOPE_VERDICTS; s++)
        text_addf(out, "wspscope_verdict{status=\"%s\"} %d\n", wspscope_verdict_name(s),
                  tick->report->verdict.status == s);
}

/* One series for each combination that occurs. */
static void write_sessions(const struct wspscope_report *report, struct text *out)
{
    static const char *const protocols[] = { "dcv", "pcoip" }, *const transports[] = { "udp", "tcp", "none" };
    head(out, "sessions", "gauge", "Sessions seen, by streaming protocol and what carries the stream.");
    for (size_t p = 0; p < 2; p++)
        for (size_t t = 0; t < 3; t++) {
            uint64_t count = 0;
            for (size_t i = 0; i < report->session_count; i++)
                count += strcmp(report->sessions[i].protocol, protocols[p]) == 0 &&
                         strcmp(report->sessions[i].transport, transports[t]) == 0;
            text_addf(out, "wspscope_sessions{protocol=\"%s\",transport=\"%s\"} %" PRIu64 "\n", protocols[p],
                      transports[t], count);
        }
}

static void write_round_trips(const struct wspscope_report *report, struct text *out)
{
    double longest_ms = -1;
    for (size_t i = 0; i < report->session_count; i++)
        if (report->sessions[i].round_trip.p50_ms > longest_ms)
            longest_ms = report->sessions[i].round_trip.p50_ms;
    head(out, "rtt_seconds_max", "gauge", "The longest of the sessions' median round trips.");
    if (longest_ms >= 0)
        text_addf(out, "wspscope_rtt_seconds_max %.6f\n", longest_ms / 1000);
}

static void count_opened(struct cli_live_exposition *e, const char *kind)
{
    size_t i = 0;
    while (i < e->count && strcmp(e->kinds[i].kind, kind) != 0)
        i++;
    if (i == CLI_LIVE_EXPOSITION_KINDS)
        return;
    if (i == e->count) {
        const struct wspscope_kind *const *known = wspscope_kinds();
        while (*known && strcmp((*known)->kind, kind) != 0)
            known++;
        if (!*known)
            return;
        e->kinds[e->count++].kind = (*known)->kind; /* lives as long as the program, unlike the snapshot's */
    }
    e->kinds[i].opened++;
}

static void write_findings(struct cli_live_exposition *e, const struct wspscope_tick *tick, struct text *out)
{
    const struct wspscope_report *report = tick->report;
    for (size_t i = 0; i < tick->change_count; i++)
        if (tick->changes[i].kind == WSPSCOPE_OPENED)
            count_opened(e, tick->changes[i].finding->kind);
    head(out, "findings_opened_total", "counter", "Findings that opened since the start, by kind.");
    for (size_t i = 0; i < e->count; i++)
        text_addf(out, "wspscope_findings_opened_total{kind=\"%s\"} %" PRIu64 "\n", e->kinds[i].kind,
                  e->kinds[i].opened);
    head(out, "findings_open", "gauge", "Findings that hold now, by severity.");
    for (enum wspscope_severity s = 0; s < WSPSCOPE_SEVERITIES; s++) {
        uint64_t open = 0;
        for (size_t i = 0; i < tick->numbered; i++)
            open += tick->open[i] && report->findings[i].severity == s;
        text_addf(out, "wspscope_findings_open{severity=\"%s\"} %" PRIu64 "\n", wspscope_severity_name(s), open);
    }
}

void cli_live_exposition_write(struct cli_live_exposition *e, const struct wspscope_tick *tick, struct text *out)
{
    struct rusage usage;
    head(out, "build_info", "gauge", "The version.");
    text_addf(out, "wspscope_build_info{version=\"%s\",endpoints=\"%s\"} 1\n", tick->report->tool.version,
              tick->report->tool.endpoints_date);
    write_packets(tick, out);
    write_verdict(tick, out);
    write_sessions(tick->report, out);
    write_round_trips(tick->report, out);
    write_findings(e, tick, out);
    head(out, "last_tick_timestamp_seconds", "gauge", "Packet time of what is told here.");
    text_addf(out, "wspscope_last_tick_timestamp_seconds %.3f\n", nsec_to_seconds(tick->now_ns));
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        head(out, "resident_memory_max_bytes", "gauge", "The most memory the program has held.");
        text_addf(out, "wspscope_resident_memory_max_bytes %ld\n", usage.ru_maxrss * 1024L);
    }
}
