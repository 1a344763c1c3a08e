/* SPDX-License-Identifier: Apache-2.0 */
#include "report/dump.h"

enum { INDENT_COLUMNS = 2, REAL_DIGITS = 15 };

struct dump {
    struct report_out *out;
    unsigned depth;
};

/* What stands for a byte, or NULL. `<` and DEL occur inside strings only, where an escape means the same; a line feed
 * occurs between values only. */
static const char *replacement(char byte)
{
    switch (byte) {
    case '<':
        return "\\u003C";
    case 0x7f:
        return "\\u007F";
    case '\n':
        return "";
    default:
        return NULL;
    }
}

static int take(const char *bytes, size_t length, void *context)
{
    const struct dump *dump = context;
    size_t from = 0;
    for (size_t i = 0; i < length; i++) {
        const char *instead = replacement(bytes[i]);
        if (!instead)
            continue;
        report_out_bytes(dump->out, bytes + from, i - from);
        report_out_text(dump->out, instead);
        if (bytes[i] == '\n')
            report_dump_newline(dump->out, dump->depth);
        from = i + 1;
    }
    report_out_bytes(dump->out, bytes + from, length - from);
    return dump->out->failed ? -1 : 0;
}

static void write_json(struct dump dump, json_t *json, size_t layout)
{
    /* JSON_ENSURE_ASCII: C1 controls and direction marks would otherwise pass as they are. */
    size_t flags = layout | JSON_ENSURE_ASCII | JSON_ENCODE_ANY | JSON_REAL_PRECISION(REAL_DIGITS);
    if (!json || json_dump_callback(json, take, &dump, flags) != 0)
        report_out_fail(dump.out);
    json_decref(json);
}

void report_dump_pretty(struct report_out *out, json_t *json, unsigned depth)
{
    write_json((struct dump){ .out = out, .depth = depth }, json, JSON_INDENT(INDENT_COLUMNS));
}

void report_dump_line(struct report_out *out, json_t *json)
{
    write_json((struct dump){ .out = out }, json, JSON_COMPACT);
}

void report_dump_newline(struct report_out *out, unsigned depth)
{
    report_out_text(out, "\n");
    report_out_spaces(out, (size_t)depth * INDENT_COLUMNS);
}
