/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "report/number.h"
#include "report/text_part.h"

enum { INDENT = 4, HANG = 17, ADDRESSES_USUAL = 4 };

static const struct report_page_style body = { .indent = HANG, .hang = HANG, .label_at = INDENT };

static void sentence(struct report_page *page, const char *label, const char *text)
{
    if (!text || !*text)
        return;
    report_page_label(page, label);
    report_page_add_sentence(page, text);
    report_page_end(page, body);
}

static void title(struct report_page *page, const struct wspscope_finding *f)
{
    static const enum report_page_color colors[WSPSCOPE_SEVERITIES] = {
        [WSPSCOPE_PROBLEM] = REPORT_PAGE_RED,
        [WSPSCOPE_WARNING] = REPORT_PAGE_YELLOW,
        [WSPSCOPE_NOTICE] = REPORT_PAGE_BOLD,
    };
    report_page_blank(page);
    report_page_add_foreign(page, f->id);
    report_page_add(page, "  ");
    report_page_add_foreign(page, f->kind);
    report_page_add(page, ": ");
    report_page_add(page, wspscope_severity_name(f->severity));
    report_page_add(page, ", ");
    report_page_add(page, wspscope_confidence_name(f->confidence));
    report_page_add(page, " confidence");
    if (f->consequence_of) {
        report_page_add(page, ", a consequence of ");
        report_page_add_foreign(page, f->consequence_of);
    }
    report_page_end(page, (struct report_page_style){
                              .color = f->severity < WSPSCOPE_SEVERITIES ? colors[f->severity] : REPORT_PAGE_BOLD });
}

struct addresses {
    const char *const *listed;
    size_t listed_count;
    uint64_t count;
    const char *one; /* "client" */
};

static void add_addresses(struct report_page *page, struct addresses a)
{
    size_t shown = a.listed_count;
    if (page->verbosity < 1 && shown > ADDRESSES_USUAL)
        shown = ADDRESSES_USUAL;
    for (size_t i = 0; i < shown; i++) {
        report_page_add(page, i > 0 ? ", " : "");
        report_page_add_foreign(page, a.listed[i]);
    }
    if (a.count > shown) {
        report_page_add(page, shown > 0 ? " and " : "");
        report_number_count(&page->words, a.count - shown);
        report_page_add(page, shown > 0 ? " other " : " ");
        report_page_add(page, a.one);
        report_page_add(page, a.count - shown == 1 ? "" : "s");
    }
}

static const char *role_in_words(const char *role)
{
    static const struct {
        const char *role, *words;
    } table[] = {
        { "health-check", "health check" },
        { "dcv-gateway", "DCV (WSP) gateway" },
        { "dcv-gateway-aga", "DCV (WSP) gateway by Global Accelerator" },
        { "pcoip-gateway", "PCoIP gateway" },
        { "workspaces-service", "WorkSpaces service" },
        { "aws-other", "other AWS address" },
        { "proxy", "proxy" },
        { "dns", "DNS server" },
        { "private-gateway", "private gateway (VPC endpoint)" },
        { "unknown", "not a published WorkSpaces address" },
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].role, role) == 0)
            return table[i].words;
    return role;
}

static const char *proto_in_words(const char *proto)
{
    if (strcmp(proto, "udp") == 0)
        return "UDP";
    return strcmp(proto, "tcp") == 0 ? "TCP" : proto;
}

static void add_service(struct report_page *page, const struct wspscope_finding *f)
{
    if (f->proto) {
        report_page_add(page, ", ");
        report_page_add_foreign(page, proto_in_words(f->proto));
    }
    if (f->port != 0)
        text_addf(&page->words, "%s %u", f->proto ? "" : ", port", f->port);
    if (f->role) {
        report_page_add(page, ", ");
        report_page_add_foreign(page, role_in_words(f->role));
    }
    if (f->region) {
        report_page_add(page, ", ");
        report_page_add_foreign(page, f->region);
    }
}

static void traffic(struct report_page *page, const struct wspscope_finding *f)
{
    struct addresses clients = { f->clients, f->client_listed, f->client_count, "client" };
    struct addresses servers = { f->servers, f->server_listed, f->server_count, "server" };
    if (f->client_count + f->server_count == 0)
        return;
    add_addresses(page, clients);
    if (f->client_count > 0 && f->server_count > 0)
        report_page_add(page, " to ");
    add_addresses(page, servers);
    add_service(page, f);
    if (f->count > 1) {
        report_page_add(page, "; ");
        report_number_count(&page->words, f->count);
        report_page_add(page, " times");
    }
    if (f->first_ns != WSPSCOPE_UNKNOWN_TIME) {
        report_page_add(page, f->count > 1 ? ", " : "; ");
        report_number_when(&page->words, f->first_ns, f->last_ns);
    }
    report_page_label(page, "Traffic");
    report_page_end(page, body);
}

static void add_limit(struct report_page *page, const struct wspscope_limit_value *limit, bool source)
{
    report_page_add_foreign(page, limit->name);
    report_page_add(page, " ");
    report_number_short(&page->words, limit->value);
    if (source && limit->source && *limit->source) {
        report_page_add(page, " (");
        report_page_add_foreign(page, limit->source);
        report_page_add(page, ")");
    }
}

/* One line for all: a source is named where it changes. */
static void limits(struct report_page *page, const struct wspscope_finding *f)
{
    for (size_t i = 0; i < f->limit_count; i++) {
        bool last_of_source = i + 1 == f->limit_count || strcmp(f->limits[i].source, f->limits[i + 1].source) != 0;
        report_page_add(page, i ? ", " : "judged by ");
        add_limit(page, &f->limits[i], last_of_source);
    }
    if (f->limit_count)
        report_page_end(page, body);
}

static void proof(struct report_page *page, const struct wspscope_finding *f)
{
    report_page_label(page, "Proof");
    if (report_text_measured_line(page, &f->measured))
        report_page_end(page, body);
    report_text_measured_rows(page, &f->measured, body);
    report_text_evidence(page, f, body);
    limits(page, f);
    report_page_label(page, NULL);
}

static const char *who_in_words(enum wspscope_who who)
{
    switch (who) {
    case WSPSCOPE_WHO_CLIENT:
        return "whoever looks after the client machine";
    case WSPSCOPE_WHO_LOCAL_NETWORK:
        return "the owner of the local network and its firewalls";
    case WSPSCOPE_WHO_INTERNET:
        return "the internet provider";
    case WSPSCOPE_WHO_AWS:
        return "AWS, or whoever administers the WorkSpaces";
    case WSPSCOPE_WHO_UNKNOWN:
    case WSPSCOPE_WHOS:
        break;
    }
    return "not known from this capture";
}

static void ruled_out(struct report_page *page, const struct wspscope_finding *f)
{
    for (size_t i = 0; i < f->ruled_out_count; i++) {
        if (i == 0)
            report_page_label(page, "Ruled out");
        report_page_add_foreign(page, f->ruled_out[i].alternative);
        report_page_add(page, ": ");
        report_page_add_sentence(page, f->ruled_out[i].by);
        report_page_end(page, body);
    }
}

/* What is asked of somebody is said once, with the cause. */
static void explanation(struct report_page *page, const struct wspscope_finding *f)
{
    bool brief = f->consequence_of && page->verbosity < 1;
    if (!brief)
        sentence(page, "Cause", f->cause);
    sentence(page, "What to do", f->remedy);
    if (brief)
        return;
    report_page_label(page, "Who acts");
    report_page_add(page, who_in_words(f->who));
    report_page_end(page, body);
    ruled_out(page, f);
    sentence(page, "Disproved by", f->disproved_by);
}

void report_text_finding(struct report_page *page, const struct wspscope_finding *finding, const char *verdict)
{
    title(page, finding);
    if (strcmp(finding->summary, verdict) != 0) {
        report_page_add_sentence(page, finding->summary);
        report_page_end(page, (struct report_page_style){ .indent = INDENT, .hang = INDENT });
    }
    traffic(page, finding);
    proof(page, finding);
    explanation(page, finding);
}
