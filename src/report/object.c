/* SPDX-License-Identifier: Apache-2.0 */
#include "report/object.h"

#include <math.h>
#include <string.h>

#include "base/nsec.h"
#include "base/text.h"
#include "wspscope/report.h"

/* A double holds any decimal number of 15 digits so that the same 15 come out again. */
static const double EXACT_DIGITS_END = 1e15;

enum { NUMBER_DECIMALS = 3, RATIO_DECIMALS = 4 };

struct report_object report_object_new(void)
{
    /* Left alone, jansson reads a seed from /dev/urandom, which a sandbox forbids. The seed guards against chosen keys;
     * ours are chosen by nobody. */
    json_object_seed(1);
    json_t *json = json_object();
    return (struct report_object){ .json = json, .failed = !json };
}

json_t *report_object_take(struct report_object *object)
{
    json_t *json = object->json;
    object->json = NULL;
    if (!object->failed)
        return json;
    json_decref(json);
    return NULL;
}

void report_object_json(struct report_object *object, const char *key, json_t *value)
{
    if (object->failed)
        json_decref(value);
    else if (json_object_set_new_nocheck(object->json, key, value) != 0)
        object->failed = true;
}

json_t *report_object_text(const char *string)
{
    if (!string)
        return json_null();
    size_t length = strlen(string);
    const uint8_t *bytes = (const uint8_t *)string;
    if (text_is_utf8(bytes, length))
        return json_stringn_nocheck(string, length);

    struct text clean;
    text_init(&clean, 3 * length + 1); /* U+FFFD takes three bytes */
    text_add_utf8(&clean, bytes, length);
    json_t *json = text_failed(&clean) ? NULL : json_stringn_nocheck(clean.bytes, clean.length);
    text_free(&clean);
    return json;
}

json_t *report_object_real(double value, unsigned decimals)
{
    if (!isfinite(value))
        return json_null();
    double scale = 1;
    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    if (fabs(value) >= EXACT_DIGITS_END / scale)
        return json_real(value);
    int64_t scaled = (int64_t)(value * scale + (value < 0 ? -0.5 : 0.5));
    return json_real((double)scaled / scale);
}

json_t *report_object_unsigned(uint64_t value)
{
    if (value == WSPSCOPE_UNKNOWN_COUNT)
        return json_null();
    return json_integer(value < INT64_MAX ? (json_int_t)value : INT64_MAX);
}

void report_object_string(struct report_object *object, const char *key, const char *value)
{
    report_object_json(object, key, report_object_text(value));
}

void report_object_count(struct report_object *object, const char *key, uint64_t value)
{
    report_object_json(object, key, report_object_unsigned(value));
}

void report_object_port(struct report_object *object, const char *key, uint16_t port)
{
    report_object_json(object, key, port ? json_integer(port) : json_null());
}

void report_object_time(struct report_object *object, const char *key, int64_t time_ns)
{
    char text[NSEC_TEXT_SIZE];
    report_object_string(object, key, time_ns == WSPSCOPE_UNKNOWN_TIME ? NULL : nsec_format(time_ns, text));
}

void report_object_number(struct report_object *object, const char *key, double value)
{
    report_object_json(object, key, report_object_real(value, NUMBER_DECIMALS));
}

void report_object_ms(struct report_object *object, const char *key, double value_ms)
{
    report_object_json(object, key, value_ms < 0 ? json_null() : report_object_real(value_ms, NUMBER_DECIMALS));
}

void report_object_ratio(struct report_object *object, const char *key, double ratio)
{
    report_object_json(object, key, ratio < 0 ? json_null() : report_object_real(ratio, RATIO_DECIMALS));
}

void report_object_list(struct report_object *object, const char *key, struct report_items items)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < items.count; i++) {
        if (json_array_append_new(list, items.make((const char *)items.first + i * items.size_bytes)) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    report_object_json(object, key, list);
}

static json_t *make_string(const void *item)
{
    const char *const *string = item;
    return report_object_text(*string);
}

void report_object_strings(struct report_object *object, const char *key, const char *const *strings, size_t count)
{
    report_object_list(object, key, (struct report_items){ strings, count, sizeof *strings, make_string });
}
