/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_OBJECT_H
#define REPORT_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

/* A JSON object being built, key by key, in the order of the document. A failure sticks: add everything, then ask
 * report_object_take() once. Keys are ours; strings are made valid UTF-8; what is unknown becomes null. */
struct report_object {
    json_t *json;
    bool failed;
};

/* Things of one kind that each become one JSON value, whose maker returns NULL when memory ran out. */
struct report_items {
    const void *first;
    size_t count, size_bytes;
    json_t *(*make)(const void *item);
};

struct report_object report_object_new(void);

/* The finished object, now the caller's; NULL when anything failed. */
json_t *report_object_take(struct report_object *object);

/* Takes over `value`; NULL counts as a failure. */
void report_object_json(struct report_object *object, const char *key, json_t *value);

void report_object_string(struct report_object *object, const char *key, const char *value);
void report_object_count(struct report_object *object, const char *key, uint64_t value);
void report_object_port(struct report_object *object, const char *key, uint16_t port);
void report_object_time(struct report_object *object, const char *key, int64_t time_ns);
void report_object_number(struct report_object *object, const char *key, double value); /* three decimals */

/* Null when negative, which is how the report says "not measured". */
void report_object_ms(struct report_object *object, const char *key, double value_ms);
void report_object_ratio(struct report_object *object, const char *key, double ratio);

void report_object_strings(struct report_object *object, const char *key, const char *const *strings, size_t count);
void report_object_list(struct report_object *object, const char *key, struct report_items items);

/* Single values: NULL when memory ran out. report_object_real() rounds and takes infinities for null. */
json_t *report_object_text(const char *string);
json_t *report_object_real(double value, unsigned decimals);
json_t *report_object_unsigned(uint64_t value);

#endif
