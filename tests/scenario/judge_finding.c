/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { VALUE_TEXT_SIZE = 64 };

/* Adds "; WHAT is FOUND, not WANTED". Returns false, for the caller to return. */
static bool differs(struct text *out, const char *what, const char *found, const char *wanted)
{
    text_addf(out, "; %s is %s, not %s", what, found ? found : "null", wanted);
    return false;
}

static bool same_word(struct text *out, const char *what, const char *found, const char *wanted)
{
    if (!wanted || strcmp(found ? found : "null", wanted) == 0)
        return true;
    return differs(out, what, found, wanted);
}

static bool same_number(struct text *out, const char *what, uint64_t found, int64_t wanted)
{
    char text[VALUE_TEXT_SIZE], expected[VALUE_TEXT_SIZE];
    if (wanted == NOT_GIVEN || found == (uint64_t)wanted)
        return true;
    snprintf(text, sizeof text, "%llu", (unsigned long long)found);
    snprintf(expected, sizeof expected, "%lld", (long long)wanted);
    return differs(out, what, text, expected);
}

static bool holds(const char *const *list, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], word) == 0)
            return true;
    return false;
}

/* All of `wanted` are there, and when all of `found` are listed, nothing else. */
static bool same_list(struct text *out, const char *what, const struct wspscope_finding *f, const struct wanted *wanted)
{
    bool clients = strcmp(what, "clients") == 0, same = true;
    const char *const *expected = clients ? wanted->clients : wanted->servers;
    size_t count = clients ? wanted->clients_listed : wanted->servers_listed;
    const char *const *found = clients ? f->clients : f->servers;
    size_t listed = clients ? f->client_listed : f->server_listed;
    if (!count)
        return true;
    for (size_t i = 0; i < count; i++) {
        if (holds(found, listed, expected[i]))
            continue;
        text_addf(out, "; %s lacks %s", what, expected[i]);
        same = false;
    }
    for (size_t i = 0; i < listed; i++) {
        if (holds(expected, count, found[i]))
            continue;
        text_addf(out, "; %s holds %s too", what, found[i]);
        same = false;
    }
    return same;
}

static const char *value_text(const struct wspscope_value *value, char text[VALUE_TEXT_SIZE])
{
    switch (value->type) {
    case WSPSCOPE_VALUE_STRING:
        return value->string;
    case WSPSCOPE_VALUE_BOOL:
        return value->boolean ? "true" : "false";
    case WSPSCOPE_VALUE_INTEGER:
        snprintf(text, VALUE_TEXT_SIZE, "%lld", (long long)value->integer);
        return text;
    case WSPSCOPE_VALUE_NUMBER:
        snprintf(text, VALUE_TEXT_SIZE, "%g", value->number);
        return text;
    default:
        return value->type == WSPSCOPE_VALUE_NULL ? "null" : "a list or object";
    }
}

/* Whether every word of "a,b" is the value of some member of an object. */
static bool row_matches(const struct wspscope_value *row, const char *words)
{
    char text[VALUE_TEXT_SIZE];
    while (*words && *words != ']') {
        size_t length = strcspn(words, ",]");
        bool found = false;
        for (size_t i = 0; i < row->child_count && !found; i++) {
            const char *value = value_text(&row->children[i], text);
            found = strlen(value) == length && strncmp(value, words, length) == 0;
        }
        if (!found)
            return false;
        words += length + (words[length] == ',');
    }
    return true;
}

/* The member `name` of an object; "[a,b]" behind it picks the row of a list that has these values. */
static const struct wspscope_value *child(const struct wspscope_value *object, const char *name, size_t length)
{
    for (size_t i = 0; i < object->child_count; i++) {
        const struct wspscope_value *value = &object->children[i];
        if (value->name && strlen(value->name) == length && strncmp(value->name, name, length) == 0)
            return value;
    }
    return NULL;
}

static const struct wspscope_value *find_value(const struct wspscope_value *at, const char *path)
{
    while (at && *path) {
        size_t length = strcspn(path, ".[");
        at = child(at, path, length);
        path += length;
        if (at && *path == '[') {
            const struct wspscope_value *row = NULL;
            for (size_t i = 0; i < at->child_count && !row; i++)
                row = row_matches(&at->children[i], path + 1) ? &at->children[i] : NULL;
            at = row;
            path += strcspn(path, "]");
            path += *path == ']';
        }
        path += *path == '.';
    }
    return at;
}

static bool same_value(struct text *out, const struct wspscope_value *measured, const struct wanted_value *wanted)
{
    char text[VALUE_TEXT_SIZE];
    const struct wspscope_value *found = find_value(measured, wanted->path);
    if (!found) {
        text_addf(out, "; measured has no %s", wanted->path);
        return false;
    }
    bool integer = found->type == WSPSCOPE_VALUE_INTEGER;
    if (wanted->is_number && (integer || found->type == WSPSCOPE_VALUE_NUMBER)) {
        double number = integer ? (double)found->integer : found->number;
        if (fabs(number - wanted->number) <= wanted->tolerance)
            return true;
    } else if (strcmp(value_text(found, text), wanted->text) == 0) {
        return true;
    }
    return differs(out, wanted->path, value_text(found, text), wanted->text);
}

static bool same_values(struct text *out, const struct wspscope_value *measured, const struct wanted *wanted)
{
    bool same = true;
    for (unsigned i = 0; i < wanted->value_count; i++)
        same = same_value(out, measured, &wanted->values[i]) && same;
    return same;
}

static uint64_t frame_of(const struct frames *frames, const char *label)
{
    for (size_t i = 0; i < frames->count; i++)
        if (frames->rows[i].label && strcmp(frames->rows[i].label, label) == 0)
            return i + 1;
    return 0;
}

static bool same_evidence(struct text *out, const struct wspscope_finding *f, const struct frames *frames,
                          const struct wanted *wanted)
{
    bool same = true;
    for (unsigned i = 0; i < wanted->frame_count; i++) {
        uint64_t frame = frame_of(frames, wanted->frames[i]);
        bool found = false;
        for (size_t j = 0; j < f->evidence_count; j++)
            found = found || f->evidence[j].frame == frame;
        if (found)
            continue;
        text_addf(out, "; evidence lacks frame %llu (@%s)", (unsigned long long)frame, wanted->frames[i]);
        same = false;
    }
    return same;
}

static bool value_says(const struct wspscope_value *value, const char *word)
{
    if (value->type == WSPSCOPE_VALUE_STRING && strcasestr(value->string, word))
        return true;
    for (size_t i = 0; i < value->child_count; i++)
        if (value_says(&value->children[i], word))
            return true;
    return false;
}

/* "says": somewhere in what a person reads of the finding, whatever the case. */
static bool finding_says(const struct wspscope_finding *f, const char *word)
{
    bool said = strcasestr(f->summary, word) || strcasestr(f->cause, word) || value_says(&f->measured, word);
    for (size_t i = 0; i < f->ruled_out_count && !said; i++)
        said = strcasestr(f->ruled_out[i].alternative, word) || strcasestr(f->ruled_out[i].by, word);
    for (size_t i = 0; i < f->evidence_count && !said; i++)
        said = strcasestr(f->evidence[i].text, word);
    return said;
}

static bool same_texts(struct text *out, const struct wspscope_finding *f, const struct wanted *wanted)
{
    bool same = true;
    for (unsigned i = 0; i < wanted->says_count; i++) {
        if (finding_says(f, wanted->says[i]))
            continue;
        text_addf(out, "; nowhere says \"%s\"", wanted->says[i]);
        same = false;
    }
    for (unsigned i = 0; i < wanted->cause_count; i++) {
        if (strcasestr(f->cause, wanted->cause[i]))
            continue;
        text_addf(out, "; the cause does not contain \"%s\"", wanted->cause[i]);
        same = false;
    }
    return same;
}

static bool same_plain(struct text *out, const struct wspscope_finding *f, const struct wanted *wanted)
{
    bool same = same_word(out, "severity", wspscope_severity_name(f->severity), wanted->severity);
    same = same_word(out, "confidence", wspscope_confidence_name(f->confidence), wanted->confidence) && same;
    same = same_word(out, "proto", f->proto, wanted->proto) && same;
    same = same_word(out, "role", f->role, wanted->role) && same;
    same = same_word(out, "region", f->region, wanted->region) && same;
    same = same_word(out, "who", wspscope_who_name(f->who), wanted->who) && same;
    same = same_number(out, "port", f->port, wanted->port) && same;
    same = same_number(out, "count", f->count, wanted->count) && same;
    same = same_number(out, "client_count", f->client_count, wanted->client_count) && same;
    return same_number(out, "server_count", f->server_count, wanted->server_count) && same;
}

bool judge_finding(const struct wanted *wanted, const struct frames *frames, const struct wspscope_finding *f,
                   struct text *out)
{
    bool same = same_plain(out, f, wanted);
    same = same_list(out, "clients", f, wanted) && same;
    same = same_list(out, "servers", f, wanted) && same;
    same = same_values(out, &f->measured, wanted) && same;
    same = same_evidence(out, f, frames, wanted) && same;
    return same_texts(out, f, wanted) && same;
}

bool judge_limit(const struct wanted *wanted, const struct wspscope_ledger_limit *limit, struct text *out)
{
    bool same = same_values(out, &limit->measured, wanted);
    for (unsigned i = 0; i < wanted->says_count; i++) {
        if (strcasestr(limit->summary, wanted->says[i]) || value_says(&limit->measured, wanted->says[i]))
            continue;
        text_addf(out, "; nowhere says \"%s\"", wanted->says[i]);
        same = false;
    }
    return same;
}
