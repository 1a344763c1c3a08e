/* SPDX-License-Identifier: Apache-2.0 */
#include "expect/write.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "expect/facts.h"
#include "expect/number.h"

/* Words that YAML 1.1 or this reader take for something else than a string. */
static bool is_reserved(const char *string)
{
    static const char *const words[] = { "null", "true", "false", "yes", "no", "on", "off" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(string, words[i]) == 0)
            return true;
    return false;
}

static bool is_plain(const char *string)
{
    if (!isalnum((unsigned char)string[0]) || is_reserved(string))
        return false;
    for (const char *at = string; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("-._/", *at))
            return false;
    return true;
}

static bool has_control(const char *string)
{
    for (; *string; string++)
        if ((unsigned char)*string < 0x20 || *string == 0x7f)
            return true;
    return false;
}

static void write_single_quoted(struct text *out, const char *string)
{
    text_add(out, "'");
    for (; *string; string++) {
        if (*string == '\'')
            text_add(out, "'");
        text_add_bytes(out, string, 1);
    }
    text_add(out, "'");
}

static void write_double_quoted(struct text *out, const char *string)
{
    text_add(out, "\"");
    for (; *string; string++) {
        unsigned char c = (unsigned char)*string;
        if (c < 0x20 || c == 0x7f)
            text_addf(out, "\\x%02x", c);
        else {
            if (c == '"' || c == '\\')
                text_add(out, "\\");
            text_add_bytes(out, string, 1);
        }
    }
    text_add(out, "\"");
}

void expect_write_string(struct text *out, const char *string, enum expect_node_style style)
{
    if (style == EXPECT_PLAIN && is_plain(string))
        text_add(out, string);
    else if (style == EXPECT_SINGLE_QUOTED && !has_control(string))
        write_single_quoted(out, string);
    else
        write_double_quoted(out, string);
}

static void write_children(struct text *out, const struct wspscope_value *value)
{
    for (size_t i = 0; i < value->child_count; i++) {
        const struct wspscope_value *child = &value->children[i];
        text_add(out, i ? ", " : "");
        if (value->type == WSPSCOPE_VALUE_OBJECT && child->name) {
            expect_write_string(out, child->name, EXPECT_PLAIN);
            text_add(out, ": ");
        }
        expect_write_value(out, child);
    }
}

void expect_write_value(struct text *out, const struct wspscope_value *value)
{
    switch (value->type) {
    case WSPSCOPE_VALUE_BOOL:
        text_add(out, value->boolean ? "true" : "false");
        break;
    case WSPSCOPE_VALUE_INTEGER:
        text_addf(out, "%" PRId64, value->integer);
        break;
    case WSPSCOPE_VALUE_NUMBER:
        expect_number_add(out, value->number);
        break;
    case WSPSCOPE_VALUE_STRING:
        expect_write_string(out, value->string, EXPECT_PLAIN);
        break;
    case WSPSCOPE_VALUE_LIST:
        text_add(out, "[");
        write_children(out, value);
        text_add(out, "]");
        break;
    case WSPSCOPE_VALUE_OBJECT:
        text_add(out, "{");
        write_children(out, value);
        text_add(out, "}");
        break;
    case WSPSCOPE_VALUE_NULL:
    default:
        text_add(out, "null");
        break;
    }
}

static bool write_tolerance(struct text *out, const struct expect_node *node)
{
    if (!expect_number_is_tolerance(node))
        return false;
    const struct expect_node *min = expect_node_get(node, "min"), *max = expect_node_get(node, "max");
    const struct expect_node *value = expect_node_get(node, "value"), *within = expect_node_get(node, "within");
    if (value)
        text_addf(out, "%s%s%s", value->text, within ? " within " : "", within ? within->text : "");
    else if (min && max)
        text_addf(out, "%s to %s", min->text, max->text);
    else
        text_addf(out, "%s %s", min ? "at least" : "at most", (min ? min : max)->text);
    return true;
}

void expect_write_wanted(struct text *out, const struct expect_node *node)
{
    if (node->type == EXPECT_SCALAR)
        text_add_escaped(out, expect_node_is_null(node) ? "null" : node->text);
    if (node->type == EXPECT_SCALAR || write_tolerance(out, node))
        return;
    text_add(out, node->type == EXPECT_LIST ? "[" : "{");
    for (size_t i = 0; i < node->count; i++) {
        text_add(out, i ? ", " : "");
        if (node->type == EXPECT_MAP) {
            text_add_escaped(out, node->keys[i]->text);
            text_add(out, ": ");
        }
        expect_write_wanted(out, node->items[i]);
    }
    text_add(out, node->type == EXPECT_LIST ? "]" : "}");
}

static void write_words(struct text *out, const struct wspscope_value *object, const char *const *names, size_t count)
{
    const char *separator = "";
    for (size_t i = 0; i < count; i++) {
        const struct wspscope_value *value = expect_facts_get(object, names[i]);
        if (!value || value->type == WSPSCOPE_VALUE_NULL)
            continue;
        text_add(out, separator);
        expect_write_value(out, value);
        separator = strcmp(names[i], "proto") == 0 ? " " : ", ";
    }
}

static void write_session(struct text *out, const struct wspscope_value *object)
{
    static const char *const names[] = { "region", "protocol", "transport" };
    const char *gateway = expect_facts_string(object, "gateway");
    text_addf(out, "%s to %s (", expect_facts_string(object, "client"), gateway ? gateway : "no gateway");
    write_words(out, object, names, sizeof names / sizeof *names);
    text_add(out, ")");
}

void expect_write_thing(struct text *out, const struct wspscope_value *object)
{
    static const char *const names[] = { "severity", "confidence", "role", "region", "proto", "port" };
    const char *id = expect_facts_string(object, "id"), *kind = expect_facts_string(object, "kind");
    if (expect_facts_string(object, "client")) {
        write_session(out, object);
        return;
    }
    text_addf(out, "%s%s%s", id ? id : "", id ? " " : "", kind ? kind : "");
    if (!id)
        return;
    text_add(out, " (");
    write_words(out, object, names, sizeof names / sizeof *names);
    text_add(out, ")");
}
