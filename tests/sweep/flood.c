/* SPDX-License-Identifier: Apache-2.0 */
#include "flood.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nsec.h"
#include "exam.h"
#include "files.h"

/* 2026-11-22T10:00:00Z */
static const int64_t begin_ns = INT64_C(1795341600) * NSEC_PER_SEC;

static const struct flood floods[] = {
    { .name = "200,000 sources, one SYN each", .fill = flood_syns_from_everywhere, .limit = "budget-exhausted",
      .packets_least = 200000 },
    { .name = "one source to 60,000 addresses", .fill = flood_one_source_to_everywhere, .packets_least = 180000 },
    { .name = "one source to 60,000 gateways over IPv6", .fill = flood_one_source_over_ipv6, .packets_least = 120000 },
    { .name = "60,000 clients that fail over IPv6", .fill = flood_ipv6_from_everywhere, .packets_least = 120000 },
    { .name = "100,000 flows of two packets", .fill = flood_short_flows, .limit = "budget-exhausted",
      .packets_least = 200000 },
    { .name = "100,000 flows that are kept for hours", .fill = flood_kept_flows, .packets_least = 300000 },
    { .name = "60,000 connections that go dead", .fill = flood_lost_connections, .packets_least = 420000 },
    { .name = "60,000 connections that are reset", .fill = flood_resets, .packets_least = 240000 },
    { .name = "ICMP errors of 60,000 routers", .fill = flood_routers, .packets_least = 120000 },
    { .name = "60,000 clients with QUIC Initials", .fill = flood_initials, .packets_least = 240000 },
    { .name = "40,000 reconnects of one client", .fill = flood_reconnects, .packets_least = 200000 },
    { .name = "200,000 DNS questions", .fill = flood_dns, .packets_least = 200000 },
    { .name = "100,000 WorkSpaces names that do not exist", .fill = flood_dns_failures, .limit = "budget-exhausted",
      .packets_least = 200000 },
    { .name = "60,000 names of a client with 5,000 paths", .fill = flood_dns_of_one_client, .packets_least = 125000 },
    { .name = "60,000 clients whose health check fails", .fill = flood_health_checks, .packets_least = 240000 },
    { .name = "one client that checks 60,000 hosts", .fill = flood_one_health_checker, .packets_least = 240000 },
    { .name = "200,000 fragments that never complete", .fill = flood_fragments, .packets_least = 200000 },
    { .name = "nested tunnels", .fill = flood_tunnels, .packets_least = 60000 },
    { .name = "65,536 EtherTypes", .fill = flood_unsupported, .packets_least = 131072 },
    { .name = "a table of one flow", .fill = flood_short_flows, .limit = "budget-exhausted", .max_flows = 1,
      .packets_least = 200000 },
    { .name = "4,096 interfaces", .make = flood_interfaces, .packets_least = 102400 },
    { .name = "100,000 interfaces", .make = flood_many_interfaces, .packets_least = 100000 },
    { .name = "timestamps at the ends of the range", .make = flood_extreme_times, .limit = "capture-clock",
      .packets_least = 100000 },
    { .name = "100,000 steps of the clock", .make = flood_clock_steps, .limit = "capture-clock",
      .packets_least = 100000 },
    { .name = "two million empty records", .make = flood_empty_records, .packets_least = 2000000 },
    { .name = "100,000 sections", .make = flood_sections, .packets_least = 100000 },
    { .name = NULL },
};

const struct flood *flood_all(void)
{
    return floods;
}

uint32_t flood_count(const struct flood_file *file, uint32_t full)
{
    uint32_t count = (uint32_t)(full / file->scale);
    return count ? count : 1;
}

struct ipaddr flood_address(const char *text, uint32_t number)
{
    struct ipaddr a = { { 0 } };
    if (!ipaddr_parse(text, &a))
        return a;
    uint32_t last = number;
    for (int i = 0; i < 4; i++)
        last += (uint32_t)a.bytes[15 - i] << 8 * i;
    for (int i = 0; i < 4; i++)
        a.bytes[15 - i] = (uint8_t)(last >> 8 * i);
    return a;
}

void flood_raw(struct flood_file *f, const uint8_t *bytes, size_t length)
{
    if (craft_pcap_add(f->pcap, f->now_ns, (struct craft_bytes){ bytes, length }) != STATUS_OK)
        f->failed = true;
    f->now_ns += f->step_ns;
}

static struct craft_ip ip_of(const struct flood_end *from, const struct flood_end *to)
{
    return (struct craft_ip){ .source = flood_address(from->address, from->number),
                              .destination = flood_address(to->address, to->number), .ttl = 64 };
}

void flood_tcp(struct flood_file *f, const struct flood_end *from, const struct flood_end *to, uint8_t flags,
               uint32_t sequence, size_t payload_bytes)
{
    static const uint8_t zeros[1400];
    struct craft_frame frame;
    struct craft_ip ip = ip_of(from, to);
    struct craft_tcp tcp = { .source_port = from->port, .destination_port = to->port, .sequence = sequence,
                             .acknowledgment = flags & CRAFT_ACK ? 2 : 0, .flags = flags, .window = 64000 };
    if (craft_build_tcp(f->craft, &ip, &tcp, (struct craft_bytes){ zeros, payload_bytes }, &frame) == STATUS_OK)
        flood_raw(f, frame.bytes, frame.length);
    else
        f->failed = true;
}

void flood_udp(struct flood_file *f, const struct flood_end *from, const struct flood_end *to, const uint8_t *payload,
               size_t payload_bytes)
{
    struct craft_frame frame;
    struct craft_ip ip = ip_of(from, to);
    struct craft_udp udp = { .source_port = from->port, .destination_port = to->port };
    if (craft_build_udp(f->craft, &ip, &udp, (struct craft_bytes){ payload, payload_bytes }, &frame) == STATUS_OK)
        flood_raw(f, frame.bytes, frame.length);
    else
        f->failed = true;
}

void flood_icmp(struct flood_file *f, const char *reporter, uint32_t number, const struct flood_end *from,
                const struct flood_end *to)
{
    enum { QUOTED_BYTES = 40, UNREACHABLE = 3, PROHIBITED = 13 };
    uint8_t quoted[QUOTED_BYTES];
    struct craft_frame frame;
    struct craft_ip ip = ip_of(from, to);
    struct craft_tcp syn = { .source_port = from->port, .destination_port = to->port, .sequence = 1,
                             .flags = CRAFT_SYN };
    if (craft_build_tcp(f->craft, &ip, &syn, (struct craft_bytes){ NULL, 0 }, &frame) != STATUS_OK ||
        frame.length < frame.ip_offset + QUOTED_BYTES) {
        f->failed = true;
        return;
    }
    memcpy(quoted, frame.bytes + frame.ip_offset, QUOTED_BYTES);
    struct craft_icmp icmp = { .type = UNREACHABLE, .code = PROHIBITED };
    ip.destination = ip.source;
    ip.source = flood_address(reporter, number);
    if (craft_build_icmp(f->craft, &ip, &icmp, (struct craft_bytes){ quoted, QUOTED_BYTES }, &frame) == STATUS_OK)
        flood_raw(f, frame.bytes, frame.length);
    else
        f->failed = true;
}

static uint8_t *fill_file(const struct flood *flood, uint64_t scale, size_t *length)
{
    struct error error;
    struct craft_link link = { .vlan = 0 };
    struct craft_pcap_options options = { .limit_bytes = (size_t)1 << 30 };
    struct flood_file f = { .craft = craft_new(&link, &error), .pcap = craft_pcap_new(&options), .scale = scale,
                            .now_ns = begin_ns, .step_ns = 10000 };
    uint8_t *bytes = NULL;
    if (f.craft && f.pcap) {
        flood->fill(&f);
        struct craft_bytes all = craft_pcap_bytes(f.pcap);
        bytes = f.failed ? NULL : malloc(all.length);
        if (bytes)
            memcpy(bytes, all.bytes, all.length);
        *length = all.length;
    }
    craft_pcap_free(f.pcap);
    craft_free(f.craft);
    return bytes;
}

/* Counts are divided one by one and rounded down. */
static uint64_t packets_least(const struct flood *flood, uint64_t scale)
{
    uint64_t share = flood->packets_least / scale;
    return scale == 1 ? share : share - share / 8;
}

/* What the report must say. */
struct expected {
    const struct flood *flood;
    uint64_t scale, packets;
    bool limit_seen;
};

static bool look(void *context, const struct wspscope_report *report, char problem[EXAM_PROBLEM_SIZE])
{
    struct expected *e = context;
    (void)problem;
    e->packets += report->ledger.packets.read;
    for (size_t i = 0; e->flood->limit && i < report->ledger.limit_count; i++)
        e->limit_seen = e->limit_seen || strcmp(report->ledger.limits[i].kind, e->flood->limit) == 0;
    return true;
}

static bool object(const struct flood *flood, const char *problem)
{
    printf("FAIL flood \"%s\": %s\n", flood->name, problem);
    fflush(stdout);
    return false;
}

static bool examine(const struct flood *flood, const struct flood_options *options, const uint8_t *bytes,
                    size_t length)
{
    char text[EXAM_PROBLEM_SIZE];
    struct expected expected = { .flood = flood, .scale = options->scale };
    struct exam_options exam_options = { .max_flows = flood->max_flows };
    struct exam_result result = { .problem = "the analyzer cannot be made" };
    struct exam *exam = exam_new(&exam_options);
    uint64_t before_ms = crew_cpu_ms();
    bool passed = exam && exam_bytes_look(exam, bytes, length, look, &expected, &result);
    uint64_t took_ms = (crew_cpu_ms() - before_ms) / EXAM_RUNS, peak = crew_peak_mib();
    exam_free(exam);
    printf("  %-45s %8" PRIu64 " packets %6" PRIu64 " ms %5" PRIu64 " MiB\n", flood->name, expected.packets, took_ms,
           peak);
    fflush(stdout);
    if (!passed)
        return object(flood, result.problem);
    if (expected.packets < packets_least(flood, options->scale))
        return object(flood, "packets are missing");
    if (flood->limit && options->scale == 1 && !expected.limit_seen) {
        snprintf(text, sizeof text, "the ledger does not say %s", flood->limit);
        return object(flood, text);
    }
    if (took_ms > options->milliseconds) {
        snprintf(text, sizeof text, "%" PRIu64 " ms of CPU time for one run, %u are allowed", took_ms,
                 options->milliseconds);
        return object(flood, text);
    }
    if (options->mebibytes && peak > options->mebibytes) {
        snprintf(text, sizeof text, "%" PRIu64 " MiB, %u are allowed", peak, options->mebibytes);
        return object(flood, text);
    }
    return true;
}

static bool run_job(void *context, uint64_t index)
{
    const struct flood_options *options = context;
    const struct flood *flood = &floods[index];
    size_t length = 0;
    if (options->only && !strstr(flood->name, options->only))
        return true;
    uint8_t *bytes = flood->fill ? fill_file(flood, options->scale, &length) : flood->make(options->scale, &length);
    if (!bytes)
        return object(flood, "it cannot be made");
    bool passed = !options->write_to || files_write(options->write_to, bytes, length);
    passed = passed && examine(flood, options, bytes, length);
    free(bytes);
    return passed;
}

static void name_job(void *context, uint64_t index, char name[CREW_NAME_SIZE])
{
    (void)context;
    snprintf(name, CREW_NAME_SIZE, "flood \"%s\"", floods[index].name);
}

bool flood_run(const struct flood_options *options, struct crew_sum *sum)
{
    enum { SECONDS_MOST = 300 };
    struct flood_options own = *options;
    struct crew_work work = { .context = &own, .count = sizeof floods / sizeof *floods - 1, .run = run_job,
                              .name = name_job, .workers = options->workers, .seconds = SECONDS_MOST, .alone = true };
    return crew_run(&work, sum);
}
