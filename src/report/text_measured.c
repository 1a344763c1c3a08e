/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "report/number.h"
#include "report/text_part.h"

enum { DEPTH_MAX = 4, LIST_SHOWN = 16 };

static void add_value(struct report_page *page, const struct wspscope_value *value, unsigned depth);

static void add_ms(struct text *t, double value)
{
    report_number_ms(t, value);
}

static void add_ns(struct text *t, double value)
{
    report_number_ms(t, value / 1e6);
}

static void add_seconds(struct text *t, double value)
{
    report_number_ms(t, value * 1e3);
}

static void add_bytes(struct text *t, double value)
{
    if (value >= 0 && value < 1e18)
        report_number_bytes(t, (uint64_t)value);
    else
        report_number_decimal(t, value, 0);
}

/* The unit that a name ends in, and how its numbers are said; the words before it are the name. */
struct unit {
    const char *suffix;
    void (*add)(struct text *t, double value);
};

static const struct unit *unit_of(const char *name)
{
    static const struct unit units[] = {
        { "_ms", add_ms },       { "_ns", add_ns },           { "_seconds", add_seconds },
        { "_bytes", add_bytes }, { "_ratio", report_number_percent },
    };
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t suffix = strlen(units[i].suffix);
        if (length > suffix && strcmp(name + length - suffix, units[i].suffix) == 0)
            return &units[i];
    }
    return NULL;
}

static void add_name(struct report_page *page, const char *name, const struct unit *unit)
{
    size_t length = strlen(name) - (unit ? strlen(unit->suffix) : 0);
    for (size_t i = 0; i < length; i++) {
        char letter[] = { name[i] == '_' ? ' ' : name[i], '\0' };
        report_page_add_foreign(page, letter);
    }
}

static bool is_row(const struct wspscope_value *value)
{
    return value->type == WSPSCOPE_VALUE_OBJECT;
}

/* A list whose first element is an object is set as rows, not in the line. */
static bool has_rows(const struct wspscope_value *value)
{
    return value->type == WSPSCOPE_VALUE_LIST && value->child_count > 0 && is_row(&value->children[0]);
}

static bool worth_saying(const struct wspscope_value *value)
{
    bool holder = value->type == WSPSCOPE_VALUE_LIST || value->type == WSPSCOPE_VALUE_OBJECT;
    return value->type != WSPSCOPE_VALUE_NULL && (!holder || value->child_count > 0);
}

static void add_list(struct report_page *page, const struct wspscope_value *list, unsigned depth)
{
    for (size_t i = 0; i < list->child_count; i++) {
        report_page_add(page, i > 0 ? ", " : "");
        if (i == LIST_SHOWN) {
            text_addf(&page->words, "and %zu more", list->child_count - i);
            return;
        }
        add_value(page, &list->children[i], depth + 1);
    }
}

static bool add_members(struct report_page *page, const struct wspscope_value *object, const char *between,
                        unsigned depth)
{
    bool any = false;
    for (size_t i = 0; i < object->child_count; i++) {
        const struct wspscope_value *member = &object->children[i];
        if (!member->name || !worth_saying(member) || (depth == 0 && has_rows(member)))
            continue;
        report_page_add(page, any ? between : "");
        add_name(page, member->name, unit_of(member->name));
        report_page_add(page, depth == 0 ? ": " : " ");
        add_value(page, member, depth + 1);
        any = true;
    }
    return any;
}

static void add_number(struct report_page *page, const struct wspscope_value *value)
{
    const struct unit *unit = value->name ? unit_of(value->name) : NULL;
    bool integer = value->type == WSPSCOPE_VALUE_INTEGER;
    if (unit)
        unit->add(&page->words, integer ? (double)value->integer : value->number);
    else if (integer)
        text_addf(&page->words, "%" PRId64, value->integer);
    else
        report_number_short(&page->words, value->number);
}

static void add_value(struct report_page *page, const struct wspscope_value *value, unsigned depth)
{
    if (depth > DEPTH_MAX) {
        report_page_add(page, "...");
        return;
    }
    switch (value->type) {
    case WSPSCOPE_VALUE_NULL:
        report_page_add(page, "unknown");
        break;
    case WSPSCOPE_VALUE_BOOL:
        report_page_add(page, value->boolean ? "yes" : "no");
        break;
    case WSPSCOPE_VALUE_INTEGER:
    case WSPSCOPE_VALUE_NUMBER:
        add_number(page, value);
        break;
    case WSPSCOPE_VALUE_STRING:
        report_page_add_foreign(page, value->string);
        break;
    case WSPSCOPE_VALUE_LIST:
        add_list(page, value, depth);
        break;
    case WSPSCOPE_VALUE_OBJECT:
        (void)add_members(page, value, ", ", depth);
        break;
    }
}

bool report_text_measured_line(struct report_page *page, const struct wspscope_value *measured)
{
    return add_members(page, measured, "; ", 0);
}

void report_text_measured_rows(struct report_page *page, const struct wspscope_value *measured,
                               struct report_page_style style)
{
    style.hang += 2;
    for (size_t i = 0; i < measured->child_count; i++) {
        const struct wspscope_value *rows = &measured->children[i];
        for (size_t j = 0; has_rows(rows) && j < rows->child_count; j++) {
            report_page_add(page, "- ");
            add_value(page, &rows->children[j], 1);
            report_page_end(page, style);
        }
    }
}
