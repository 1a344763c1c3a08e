/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "report/number.h"
#include "report/text_part.h"

static void add_end(struct report_page *page, const char *address, uint16_t port)
{
    bool v6 = address && strchr(address, ':');
    report_page_add(page, v6 ? "[" : "");
    report_page_add_foreign(page, address);
    text_addf(&page->words, "%s:%u", v6 ? "]" : "", port);
}

static void flow(struct report_page *page, const struct wspscope_flow *f)
{
    report_page_add_foreign(page, f->proto);
    report_page_add(page, " ");
    add_end(page, f->client, f->client_port);
    report_page_add(page, " to ");
    add_end(page, f->server, f->port);
    if (f->name) {
        report_page_add(page, " ");
        report_page_add_foreign(page, f->name);
    }
    if (f->app) {
        report_page_add(page, ", ");
        report_page_add_foreign(page, f->app);
    }
    report_page_add(page, ", ");
    report_page_add_foreign(page, f->state ? f->state : "no state");
    text_addf(&page->words, ", %" PRIu64 " out %" PRIu64 " back, ", f->packets_to_server, f->packets_to_client);
    report_number_bytes(&page->words, f->bytes_to_server + f->bytes_to_client);
    report_page_end(page, (struct report_page_style){ .indent = 4, .hang = 6 });
}

void report_text_flow_all(struct report_page *page, const struct wspscope_report *report)
{
    if (!report->flows || report->flow_count == 0)
        return;
    report_page_heading(page, "Flows (packets out to the server and back)");
    for (size_t i = 0; i < report->flow_count; i++)
        flow(page, &report->flows[i]);
}
