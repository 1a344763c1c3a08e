/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/ip_ranges.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint/fields.h"
#include "endpoint/file.h"

enum {
    FILE_LIMIT_BYTES = 64 * 1024 * 1024,
    VALUE_LIMIT_BYTES = 64 * 1024, /* an entry has about 150 */
    RANGES_MAX = 16384, /* in 2026: 292 */
};

struct walk {
    const char *path;
    const char *begin, *at, *end;
    struct endpoint_ip_ranges *out;
    struct error *error;
};

static const char *const services[ENDPOINT_IP_SERVICES] = {
    [ENDPOINT_IP_GATEWAYS] = "WORKSPACES_GATEWAYS",
    [ENDPOINT_IP_ACCELERATOR] = "GLOBALACCELERATOR",
};

const char *endpoint_ip_service_name(enum endpoint_ip_service service)
{
    return services[service];
}

static enum status bad(const struct walk *w, const char *what)
{
    return error_set(w->error, STATUS_BAD_INPUT, "%s, byte %zu: %s; is it AWS's ip-ranges.json, whole and unchanged?",
                     w->path, (size_t)(w->at - w->begin), what);
}

static char peek(struct walk *w)
{
    while (w->at < w->end && strchr(" \t\r\n", *w->at) && *w->at != '\0')
        w->at++;
    return w->at < w->end ? *w->at : '\0';
}

static bool take(struct walk *w, char c)
{
    if (peek(w) != c)
        return false;
    w->at++;
    return true;
}

/* One JSON value of bounded size; NULL when there is none. The caller owns it. */
static json_t *take_value(struct walk *w)
{
    json_error_t problem;
    (void)peek(w);
    size_t left = (size_t)(w->end - w->at);
    json_t *value = json_loadb(w->at, left < VALUE_LIMIT_BYTES ? left : VALUE_LIMIT_BYTES,
                               JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY, &problem);
    if (value)
        w->at += problem.position;
    return value;
}

static bool service_of(const char *name, enum endpoint_ip_service *out)
{
    for (int i = 0; i < ENDPOINT_IP_SERVICES; i++) {
        if (strcmp(name, services[i]) == 0) {
            *out = (enum endpoint_ip_service)i;
            return true;
        }
    }
    return false;
}

static enum status add(struct walk *w, const struct endpoint_ip_range *range)
{
    struct endpoint_ip_ranges *out = w->out;
    if (out->count == RANGES_MAX)
        return bad(w, "it lists more prefixes of WorkSpaces and Global Accelerator than can be true");
    if (out->count == out->capacity) {
        size_t capacity = out->capacity * 2 + 256;
        struct endpoint_ip_range *grown = realloc(out->ranges, capacity * sizeof *grown);
        if (!grown)
            return error_set(w->error, STATUS_NO_MEMORY, "There is not enough memory to read %s.", w->path);
        out->ranges = grown;
        out->capacity = capacity;
    }
    out->ranges[out->count++] = *range;
    return STATUS_OK;
}

static enum status read_entry(struct walk *w, const json_t *entry)
{
    struct endpoint_ip_range range = { .region = "*" };
    const char *service = json_string_value(json_object_get(entry, "service"));
    const char *region = json_string_value(json_object_get(entry, "region"));
    const char *prefix = json_string_value(json_object_get(entry, "ip_prefix"));
    if (!prefix)
        prefix = json_string_value(json_object_get(entry, "ipv6_prefix"));
    if (!service || !region || !prefix)
        return bad(w, "an entry without prefix, Region and service ends here");
    if (!service_of(service, &range.service))
        return STATUS_OK;
    if (!endpoint_fields_prefix(prefix, &range.prefix))
        return bad(w, "an entry whose prefix is none ends here");
    if (strcmp(region, "GLOBAL") != 0) {
        if (!endpoint_fields_code(region))
            return bad(w, "an entry whose Region is none ends here");
        memcpy(range.region, region, strlen(region) + 1);
    }
    return add(w, &range);
}

static enum status read_list(struct walk *w, bool prefixes)
{
    if (!take(w, '['))
        return bad(w, "a list was expected here");
    if (take(w, ']'))
        return STATUS_OK;
    do {
        json_t *entry = take_value(w);
        if (!entry)
            return bad(w, "this is no JSON");
        enum status status = prefixes ? read_entry(w, entry) : STATUS_OK;
        json_decref(entry);
        if (status != STATUS_OK)
            return status;
    } while (take(w, ','));
    return take(w, ']') ? STATUS_OK : bad(w, "the list does not go on here");
}

static void keep_text(const json_t *value, char out[33])
{
    const char *text = json_string_value(value);
    if (text && strlen(text) <= 32 && endpoint_fields_code(text))
        memcpy(out, text, strlen(text) + 1);
}

static enum status read_member(struct walk *w, const char *key)
{
    if (peek(w) == '[')
        return read_list(w, strcmp(key, "prefixes") == 0 || strcmp(key, "ipv6_prefixes") == 0);
    json_t *value = take_value(w);
    if (!value)
        return bad(w, "this is no JSON");
    if (strcmp(key, "createDate") == 0)
        keep_text(value, w->out->created);
    if (strcmp(key, "syncToken") == 0)
        keep_text(value, w->out->sync_token);
    json_decref(value);
    return STATUS_OK;
}

static enum status read_document(struct walk *w)
{
    if (!take(w, '{'))
        return bad(w, "it does not begin with {");
    do {
        json_t *key = take_value(w);
        const char *name = json_string_value(key);
        enum status status = name && take(w, ':') ? read_member(w, name) : bad(w, "a name and a colon were expected");
        json_decref(key);
        if (status != STATUS_OK)
            return status;
    } while (take(w, ','));
    return take(w, '}') && peek(w) == '\0' && w->at == w->end ? STATUS_OK : bad(w, "it does not end where it should");
}

static int compare(const void *a, const void *b)
{
    const struct endpoint_ip_range *p = a, *q = b;
    if (p->service != q->service)
        return p->service < q->service ? -1 : 1;
    int order = ipaddr_compare(&p->prefix.address, &q->prefix.address);
    if (order == 0)
        order = p->prefix.length - q->prefix.length;
    return order != 0 ? order : strcmp(p->region, q->region);
}

/* The file may list a prefix twice; the first Region by name stands. */
static void sort(struct endpoint_ip_ranges *out)
{
    size_t kept = 0;
    if (out->count > 0)
        qsort(out->ranges, out->count, sizeof *out->ranges, compare);
    for (size_t i = 0; i < out->count; i++) {
        const struct endpoint_ip_range *last = kept > 0 ? &out->ranges[kept - 1] : NULL;
        if (last && last->service == out->ranges[i].service && last->prefix.length == out->ranges[i].prefix.length &&
            ipaddr_equal(&last->prefix.address, &out->ranges[i].prefix.address))
            continue;
        out->ranges[kept++] = out->ranges[i];
    }
    out->count = kept;
}

static enum status check(struct walk *w)
{
    struct endpoint_ip_ranges *out = w->out;
    memcpy(out->date, out->created, sizeof out->date - 1);
    if (!endpoint_fields_date(out->date) || strlen(out->date) != 10)
        return error_set(w->error, STATUS_BAD_INPUT, "%s has no createDate such as 2026-08-22-21-17-05; is it AWS's "
                         "ip-ranges.json?", w->path);
    sort(out);
    if (out->count == 0 || out->ranges[0].service != ENDPOINT_IP_GATEWAYS)
        return error_set(w->error, STATUS_BAD_INPUT,
                         "%s lists no prefix of WORKSPACES_GATEWAYS; is it AWS's ip-ranges.json, whole and unchanged?",
                         w->path);
    return STATUS_OK;
}

enum status endpoint_ip_ranges_read(const char *path, struct endpoint_ip_ranges *out, struct error *error)
{
    char *bytes;
    size_t length;
    *out = (struct endpoint_ip_ranges){ 0 };
    enum status status = endpoint_file_read(path, FILE_LIMIT_BYTES, &bytes, &length, error);
    if (status != STATUS_OK)
        return status;
    struct walk w = { .path = path, .begin = bytes, .at = bytes, .end = bytes + length, .out = out, .error = error };
    status = read_document(&w);
    if (status == STATUS_OK)
        status = check(&w);
    free(bytes);
    if (status != STATUS_OK)
        endpoint_ip_ranges_free(out);
    return status;
}

void endpoint_ip_ranges_free(struct endpoint_ip_ranges *ranges)
{
    free(ranges->ranges);
    *ranges = (struct endpoint_ip_ranges){ 0 };
}
