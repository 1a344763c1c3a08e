/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/draft.h"

#include <stdlib.h>
#include <string.h>

#include "base/nsec.h"
#include "rule/evidence.h"
#include "rule/rule.h"

static bool same_key(const struct draft_key *a, const struct draft_key *b)
{
    return a->rule == b->rule && a->role == b->role && a->protocol == b->protocol && a->port == b->port &&
           a->region == b->region && strcmp(a->cause, b->cause) == 0;
}

struct draft *rule_draft_of(struct draft_list *list, const struct draft_key *key, enum wspscope_severity severity,
                       enum wspscope_confidence confidence)
{
    if (key->role == ENDPOINT_ROLE_UNKNOWN) {
        severity = severity < WSPSCOPE_WARNING ? WSPSCOPE_WARNING : severity;
        confidence = WSPSCOPE_LOW;
    }
    for (struct draft *d = list->first; d; d = d->next) {
        if (!same_key(&d->key, key))
            continue;
        d->confidence = confidence < d->confidence ? confidence : d->confidence;
        d->severity = severity < d->severity ? severity : d->severity;
        return d;
    }
    struct draft *d = arena_alloc(list->arena, 1, sizeof *d);
    if (!d)
        return NULL;
    *d = (struct draft){ .key = *key, .severity = severity, .confidence = confidence, .who = WSPSCOPE_WHO_UNKNOWN,
                         .first_ns = INT64_MAX, .last_ns = INT64_MIN };
    *(list->last ? &list->last->next : &list->first) = d;
    list->last = d;
    list->count++;
    return d;
}

struct draft *rule_draft_of_path(struct draft_list *list, const struct rule *rule, const struct model_path *path,
                            const char *cause, enum wspscope_confidence confidence)
{
    struct draft_key key = { .rule = rule, .role = path->role, .protocol = path->protocol, .port = path->port,
                             .region = path->region, .cause = cause };
    return rule_draft_of(list, &key, WSPSCOPE_PROBLEM, confidence);
}

static int by_address(const void *left, const void *right)
{
    return ipaddr_compare(left, right);
}

static void sort_unique(struct draft_addresses *set)
{
    if (!set->count)
        return;
    qsort(set->items, set->count, sizeof *set->items, by_address);
    size_t kept = 1;
    for (size_t i = 1; i < set->count; i++)
        if (!ipaddr_equal(&set->items[i], &set->items[kept - 1]))
            set->items[kept++] = set->items[i];
    set->count = kept;
}

static bool make_room(struct arena *arena, struct draft_addresses *set)
{
    if (set->count < set->capacity)
        return true;
    sort_unique(set);
    if (set->count * 2 < set->capacity)
        return true;
    size_t capacity = set->capacity ? set->capacity * 2 : 8;
    struct ipaddr *items = arena_alloc(arena, capacity, sizeof *items);
    if (!items)
        return false;
    if (set->count)
        memcpy(items, set->items, set->count * sizeof *items);
    set->items = items;
    set->capacity = capacity;
    return true;
}

static void add_address(struct arena *arena, struct draft_addresses *set, const struct ipaddr *address)
{
    if (set->count && ipaddr_equal(&set->items[set->count - 1], address))
        return;
    if (make_room(arena, set))
        set->items[set->count++] = *address;
}

void rule_draft_finish(struct draft *d)
{
    sort_unique(&d->clients);
    sort_unique(&d->servers);
}

bool rule_draft_has_client(const struct draft *d, const struct ipaddr *client)
{
    return d->clients.count &&
           bsearch(client, d->clients.items, d->clients.count, sizeof *d->clients.items, by_address) != NULL;
}

void rule_draft_add_client(struct draft_list *list, struct draft *d, const struct ipaddr *client)
{
    add_address(list->arena, &d->clients, client);
}

void rule_draft_add_server(struct draft_list *list, struct draft *d, const struct ipaddr *server)
{
    add_address(list->arena, &d->servers, server);
}

void rule_draft_add_row(struct draft *d, const struct endpoint_row *row)
{
    if (!row)
        return;
    for (size_t i = 0; i < d->row_count; i++)
        if (d->rows[i] == row)
            return;
    if (d->row_count < DRAFT_PREFIXES_MAX)
        d->rows[d->row_count++] = row;
    else
        d->rows_dropped++;
}

/* The first frames are shown, each once. */
static bool has_place_for(const struct draft *d, uint64_t frame)
{
    if (!frame || (d->evidence_count == DRAFT_EVIDENCE_MAX && d->evidence[DRAFT_EVIDENCE_MAX - 1].frame < frame))
        return false;
    for (size_t i = 0; i < d->evidence_count; i++)
        if (d->evidence[i].frame == frame)
            return false;
    return true;
}

void rule_draft_show(struct draft *d, uint64_t frame, const char *text)
{
    if (!has_place_for(d, frame))
        return;
    size_t at = d->evidence_count < DRAFT_EVIDENCE_MAX ? d->evidence_count++ : DRAFT_EVIDENCE_MAX - 1;
    for (; at > 0 && d->evidence[at - 1].frame > frame; at--)
        d->evidence[at] = d->evidence[at - 1];
    d->evidence[at] = (struct wspscope_evidence){ .frame = frame, .text = text };
}

static void note_icmp_code(struct draft *d, const struct model_incident *incident)
{
    uint16_t code = (uint16_t)(incident->icmp_type << 8 | incident->icmp_code);
    if (!incident->icmp_type)
        return;
    for (size_t i = 0; i < d->icmp_code_count; i++)
        if (d->icmp_codes[i] == code)
            return;
    if (d->icmp_code_count < DRAFT_ICMP_CODES_MAX)
        d->icmp_codes[d->icmp_code_count++] = code;
}

void rule_draft_add(struct draft_list *list, struct draft *d, const struct model_path *path,
               const struct model_incident *incident)
{
    rule_draft_add_client(list, d, &path->client->address);
    rule_draft_add_server(list, d, &path->server);
    rule_draft_add_row(d, path->row);
    d->count++;
    d->first_ns = incident->first_ns < d->first_ns ? incident->first_ns : d->first_ns;
    d->last_ns = incident->last_ns > d->last_ns ? incident->last_ns : d->last_ns;
    bool worse = incident->attempts > d->worst.attempts ||
                 (incident->attempts == d->worst.attempts && incident->life_ns > d->worst.life_ns);
    if (!d->worst_path || worse) {
        d->worst = *incident;
        d->worst_path = path;
    }
    note_icmp_code(d, incident);
    for (uint8_t i = 0; i < incident->evidence_count; i++)
        if (has_place_for(d, incident->evidence[i].frame)) /* else its text would fill the arena for nothing */
            rule_draft_show(d, incident->evidence[i].frame,
                            rule_evidence_text(&incident->evidence[i], incident, list->arena));
}

void rule_draft_add_all(struct draft_list *list, struct draft *d, const struct model_path *path, enum model_fact fact)
{
    size_t kept = model_incidents_kept(path, fact);
    for (size_t i = 0; i < kept; i++)
        rule_draft_add(list, d, path, model_incident_at(path, fact, i));
    rule_draft_count_rest(d, path, fact);
}

void rule_draft_count_rest(struct draft *d, const struct model_path *path, enum model_fact fact)
{
    d->count += path->counts[fact] - model_incidents_kept(path, fact);
}

static struct wspscope_value *measured(struct draft *d, const char *name, enum wspscope_value_type type)
{
    if (d->measured_count == DRAFT_MEASURED_MAX)
        return NULL;
    struct wspscope_value *v = &d->measured[d->measured_count++];
    *v = (struct wspscope_value){ .name = name, .type = type };
    return v;
}

void rule_draft_measure_integer(struct draft *d, const char *name, int64_t value)
{
    struct wspscope_value *v = measured(d, name, WSPSCOPE_VALUE_INTEGER);
    if (v)
        v->integer = value;
}

void rule_draft_measure_ms(struct draft *d, const char *name, int64_t duration_ns)
{
    struct wspscope_value *v = measured(d, name, WSPSCOPE_VALUE_NUMBER);
    if (v)
        v->number = nsec_to_ms(duration_ns);
}

void rule_draft_measure_text(struct draft *d, const char *name, const char *value)
{
    struct wspscope_value *v = measured(d, name, WSPSCOPE_VALUE_STRING);
    if (v)
        v->string = value;
}

void rule_draft_measure_bool(struct draft *d, const char *name, bool value)
{
    struct wspscope_value *v = measured(d, name, WSPSCOPE_VALUE_BOOL);
    if (v)
        v->boolean = value;
}

void rule_draft_measure_list(struct draft *d, const char *name, const struct wspscope_value *items, size_t count)
{
    struct wspscope_value *v = measured(d, name, WSPSCOPE_VALUE_LIST);
    if (!v)
        return;
    v->children = items;
    v->child_count = count;
}

void rule_draft_limit(struct draft *d, const struct model *model, struct arena *arena, const char *name)
{
    const struct endpoint_threshold *t = endpoint_threshold_find(model_catalogue(model), name);
    if (!t || d->limit_count == DRAFT_LIMITS_MAX)
        return;
    d->limits[d->limit_count++] =
        (struct wspscope_limit_value){ .name = arena_copy(arena, t->name), .value = t->value,
                                       .unit = arena_copy(arena, t->unit), .source = arena_copy(arena, t->source) };
}

void rule_draft_rule_out(struct draft *d, const char *alternative, const char *by)
{
    if (d->ruled_out_count < DRAFT_RULED_OUT_MAX)
        d->ruled_out[d->ruled_out_count++] = (struct wspscope_alternative){ .alternative = alternative, .by = by };
}
