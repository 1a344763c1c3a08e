/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_show.h"

#include <string.h>

enum { LINE_LIMIT_BYTES = 8 * 1024 * 1024, ORPHANS_NAMED = 5 };

/* Names of files need not be UTF-8, and may hold anything. */
static void add_harmless(struct text *out, const char *string)
{
    struct text valid;
    text_init(&valid, LINE_LIMIT_BYTES);
    text_add_utf8(&valid, (const uint8_t *)string, strlen(string));
    text_add_escaped(out, valid.bytes);
    text_free(&valid);
}

static void put(FILE *out, const struct text *line)
{
    fwrite(line->bytes, 1, line->length, out);
}

static void show_details(FILE *out, const struct text *details, const char *prefix)
{
    for (const char *at = details->bytes; *at;) {
        size_t length = strcspn(at, "\n");
        fprintf(out, "%s%.*s\n", prefix, (int)length, at);
        at += length + (at[length] == '\n');
    }
}

static const char *word_of(const struct cli_check_case *c)
{
    if (c->state == CLI_CHECK_ERROR)
        return "ERROR";
    if (c->state == CLI_CHECK_FAILED)
        return "FAIL";
    if (c->created)
        return "created";
    return c->changes > 0 ? "blessed" : "ok";
}

static void show_line(const struct cli_check_show *show, const struct cli_check_case *c)
{
    struct text line;
    if (show->quiet && c->state == CLI_CHECK_PASSED)
        return;
    text_init(&line, LINE_LIMIT_BYTES);
    text_addf(&line, "%-8s ", word_of(c));
    add_harmless(&line, c->created ? c->expectation : c->name);
    if (c->changes > 0 && !c->created)
        text_addf(&line, " (%zu change%s)", c->changes, c->changes > 1 ? "s" : "");
    if (c->pending > 0)
        text_addf(&line, " (%zu pending)", c->pending);
    text_add(&line, "\n");
    put(show->out, &line);
    show_details(show->out, &c->details, "         ");
    text_free(&line);
}

/* A "#" in a description would begin a directive. */
static void show_tap(const struct cli_check_show *show, const struct cli_check_case *c, size_t number)
{
    struct text name, line;
    text_init(&name, LINE_LIMIT_BYTES);
    text_init(&line, LINE_LIMIT_BYTES);
    add_harmless(&name, c->name);
    text_addf(&line, "%s %zu - ", c->state == CLI_CHECK_PASSED ? "ok" : "not ok", number);
    for (const char *at = name.bytes; *at; at++) {
        text_add(&line, *at == '#' ? "\\" : "");
        text_add_bytes(&line, at, 1);
    }
    text_add(&line, "\n");
    put(show->out, &line);
    show_details(show->out, &c->details, "# ");
    text_free(&line);
    text_free(&name);
}

void cli_check_show_decided(struct cli_check_show *show)
{
    if (show->tap && show->next == 0 && show->list->count > 0 && show->list->cases[0].state != CLI_CHECK_OPEN)
        fprintf(show->out, "TAP version 13\n1..%zu\n", show->list->count);
    for (; show->next < show->list->count; show->next++) {
        const struct cli_check_case *c = &show->list->cases[show->next];
        if (c->state == CLI_CHECK_OPEN)
            break;
        if (show->tap)
            show_tap(show, c, show->next + 1);
        else
            show_line(show, c);
    }
    fflush(show->out);
}

struct cli_check_sum cli_check_show_count(const struct cli_check_list *list)
{
    struct cli_check_sum sum = { 0 };
    for (size_t i = 0; i < list->count; i++) {
        const struct cli_check_case *c = &list->cases[i];
        sum.passed += c->state == CLI_CHECK_PASSED;
        sum.failed += c->state != CLI_CHECK_PASSED;
        sum.errors += c->state == CLI_CHECK_ERROR || c->state == CLI_CHECK_OPEN;
        sum.pending += c->pending;
    }
    return sum;
}

static bool is_used(const struct cli_check_list *list, const char *capture)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->cases[i].capture && strcmp(list->cases[i].capture, capture) == 0)
            return true;
    return false;
}

static void show_orphans(const struct cli_check_show *show, const char *prefix)
{
    const struct cli_check_list *list = show->list;
    struct text names;
    size_t count = 0;
    text_init(&names, LINE_LIMIT_BYTES);
    for (size_t i = 0; i < list->orphan_count; i++) {
        if (is_used(list, list->orphans[i]))
            continue;
        if (count < ORPHANS_NAMED) {
            text_add(&names, count ? ", " : "");
            add_harmless(&names, list->orphans[i]);
        }
        count++;
    }
    if (count > ORPHANS_NAMED)
        text_add(&names, ", ...");
    if (count > 0)
        fprintf(show->out, "%s%zu capture%s without an expectation: %s\n", prefix, count, count > 1 ? "s" : "",
                names.bytes);
    text_free(&names);
}

void cli_check_show_sum(const struct cli_check_show *show, const struct cli_check_sum *sum)
{
    const char *prefix = show->tap ? "# " : "";
    if (!show->quiet)
        show_orphans(show, prefix);
    if (sum->pending > 0)
        fprintf(show->out, "%s%zu pending\n", prefix, sum->pending);
    fprintf(show->out, "%s%zu passed, %zu failed\n", prefix, sum->passed, sum->failed);
}

static void add_xml(struct text *out, const char *string)
{
    struct text safe;
    text_init(&safe, LINE_LIMIT_BYTES);
    add_harmless(&safe, string);
    for (const char *at = safe.bytes; *at; at++) {
        if (*at == '<')
            text_add(out, "&lt;");
        else if (*at == '>')
            text_add(out, "&gt;");
        else if (*at == '&')
            text_add(out, "&amp;");
        else if (*at == '"')
            text_add(out, "&quot;");
        else
            text_add_bytes(out, at, 1);
    }
    text_free(&safe);
}

static void add_xml_lines(struct text *out, const char *lines)
{
    while (*lines) {
        struct text line;
        size_t length = strcspn(lines, "\n");
        text_init(&line, LINE_LIMIT_BYTES);
        text_add_bytes(&line, lines, length);
        add_xml(out, line.bytes);
        text_add(out, "\n");
        text_free(&line);
        lines += length + (lines[length] == '\n');
    }
}

static void add_test_case(struct text *out, const struct cli_check_case *c)
{
    const char *element = c->state == CLI_CHECK_FAILED ? "failure" : "error";
    text_add(out, "    <testcase classname=\"wspscope.check\" name=\"");
    add_xml(out, c->name);
    if (c->state == CLI_CHECK_PASSED && c->details.length == 0) {
        text_add(out, "\"/>\n");
        return;
    }
    text_add(out, "\">\n");
    if (c->state == CLI_CHECK_PASSED)
        text_add(out, "      <system-out>");
    else
        text_addf(out, "      <%s message=\"%s\">", element, c->state == CLI_CHECK_FAILED
                                                                 ? "the report is not as expected"
                                                                 : "could not be checked");
    add_xml_lines(out, c->details.bytes);
    text_addf(out, "</%s>\n    </testcase>\n", c->state == CLI_CHECK_PASSED ? "system-out" : element);
}

void cli_check_show_junit(const struct cli_check_list *list, struct text *out)
{
    struct cli_check_sum sum = cli_check_show_count(list);
    text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    text_addf(out, "  <testsuite name=\"wspscope check\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n", list->count,
              sum.failed - sum.errors, sum.errors);
    for (size_t i = 0; i < list->count; i++)
        add_test_case(out, &list->cases[i]);
    text_add(out, "  </testsuite>\n</testsuites>\n");
}
