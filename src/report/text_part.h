/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TEXT_PART_H
#define REPORT_TEXT_PART_H

#include "report/page.h"
#include "wspscope/report.h"

/* The sections of the text report, each in the file of its name (text_finding.c and so on), in the order of the page.
 * A section that has nothing to say writes nothing, not even its heading. */

/* `verdict` was printed above: what it says already is not said again. */
void report_text_finding(struct report_page *page, const struct wspscope_finding *finding, const char *verdict);
void report_text_evidence(struct report_page *page, const struct wspscope_finding *finding,
                          struct report_page_style style);
void report_text_session_all(struct report_page *page, const struct wspscope_report *report);
void report_text_flow_all(struct report_page *page, const struct wspscope_report *report);
void report_text_ledger(struct report_page *page, const struct wspscope_report *report);

/* Values as "name: value; name: value" into the paragraph; false when there was nothing to add. Lists of objects are
 * left to report_text_measured_rows(), which sets each object as a row of its own in `style`. */
bool report_text_measured_line(struct report_page *page, const struct wspscope_value *measured);
void report_text_measured_rows(struct report_page *page, const struct wspscope_value *measured,
                               struct report_page_style style);

/* The table over several inputs: a bounded list of what each came to. */
struct report_text_summary;
struct report_text_summary *report_text_summary_new(void); /* NULL: no memory */
void report_text_summary_free(struct report_text_summary *summary);
/* False when memory ran out. A report for which the table has no room is counted, and the table says so. */
bool report_text_summary_add(struct report_text_summary *summary, const struct wspscope_report *report);
void report_text_summary_write(struct report_page *page, const struct report_text_summary *summary);

/* Words and colour for a verdict: "no traffic" for no-workspaces-traffic. */
const char *report_text_verdict_word(enum wspscope_verdict_status status);
enum report_page_color report_text_verdict_color(enum wspscope_verdict_status status);

#endif
