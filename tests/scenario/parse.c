/* SPDX-License-Identifier: Apache-2.0 */
#include "parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nsec.h"

enum { LINE_BYTES_MAX = 1000, DEFAULT_TTL = 64, DEFAULT_MSS = 1460, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };

enum status place_error(const struct place *place, struct error *error, const char *format, ...)
{
    char what[400];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return error_set(error, STATUS_BAD_INPUT, "%s:%u: %s", place->file, place->line, what);
}

enum status parse_error(struct parser *parser, const char *format, ...)
{
    char what[400];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return place_error(&parser->words.place, parser->error, "%s", what);
}

void *rows_grow(struct arena *arena, void *rows, size_t count, size_t *capacity, size_t row_bytes)
{
    if (count < *capacity)
        return rows;
    size_t wanted = *capacity ? 2 * *capacity : 64;
    void *grown = arena_alloc(arena, wanted, row_bytes);
    if (!grown)
        return NULL;
    if (count)
        memcpy(grown, rows, count * row_bytes);
    *capacity = wanted;
    return grown;
}

int parse_find_host(const struct scenario *scenario, const char *name, size_t length)
{
    for (unsigned i = 0; i < scenario->host_count; i++)
        if (strlen(scenario->hosts[i].name) == length && strncmp(scenario->hosts[i].name, name, length) == 0)
            return (int)i;
    return NOT_GIVEN;
}

int parse_find_flow(const struct scenario *scenario, const char *name)
{
    for (unsigned i = 0; i < scenario->flow_count; i++)
        if (strcmp(scenario->flows[i].name, name) == 0)
            return (int)i;
    return NOT_GIVEN;
}

enum status parse_word(struct parser *parser, const char *what, const char **out)
{
    *out = words_next(&parser->words);
    return *out ? STATUS_OK : parse_error(parser, "%s is missing", what);
}

enum status parse_number(struct parser *parser, const char *what, int64_t *out)
{
    const char *word = words_next(&parser->words);
    if (!word || !words_number(word, out))
        return parse_error(parser, "%s must be a number, not \"%s\"", what, word ? word : "");
    return STATUS_OK;
}

enum status parse_duration(struct parser *parser, const char *what, int64_t *out_ns)
{
    const char *word = words_next(&parser->words);
    if (!word || !words_duration(word, out_ns))
        return parse_error(parser, "%s must be a time such as 30ms or 5s, not \"%s\"", what, word ? word : "");
    return STATUS_OK;
}

/* host NAME ADDRESS [count N] [ttl N] [id zero] */
static enum status parse_host(struct parser *parser)
{
    struct scenario *s = parser->scenario;
    struct host host = { .count = 1, .ttl = DEFAULT_TTL };
    const char *address;
    int64_t number;
    if (parse_word(parser, "the host's name", &host.name) != STATUS_OK ||
        parse_word(parser, "the host's address", &address) != STATUS_OK)
        return STATUS_BAD_INPUT;
    if (!ipaddr_parse(address, &host.address))
        return parse_error(parser, "\"%s\" is not an address", address);
    for (const char *word = words_next(&parser->words); word; word = words_next(&parser->words)) {
        if (strcmp(word, "id") == 0 && words_accept(&parser->words, "zero")) {
            host.id_zero = true;
            continue;
        }
        bool is_count = strcmp(word, "count") == 0;
        if (!is_count && strcmp(word, "ttl") != 0)
            return parse_error(parser, "a host has no \"%s\"", word);
        if (parse_number(parser, word, &number) != STATUS_OK)
            return STATUS_BAD_INPUT;
        if (is_count)
            host.count = (unsigned)number;
        else
            host.ttl = (uint8_t)number;
    }
    int known = parse_find_host(s, host.name, strlen(host.name));
    if (known == NOT_GIVEN && s->host_count == SCENARIO_HOSTS_MAX)
        return parse_error(parser, "there are more than %d hosts", SCENARIO_HOSTS_MAX);
    s->hosts[known == NOT_GIVEN ? (int)s->host_count++ : known] = host; /* a scenario may redefine a common host */
    return STATUS_OK;
}

/* HOST:PORT */
static enum status parse_end(struct parser *parser, unsigned *host, uint16_t *port)
{
    const char *word;
    int64_t number;
    if (parse_word(parser, "HOST:PORT", &word) != STATUS_OK)
        return STATUS_BAD_INPUT;
    const char *colon = strchr(word, ':');
    if (!colon || !words_number(colon + 1, &number) || number < 0 || number > 65535)
        return parse_error(parser, "\"%s\" is not HOST:PORT", word);
    int found = parse_find_host(parser->scenario, word, (size_t)(colon - word));
    if (found == NOT_GIVEN)
        return parse_error(parser, "there is no host \"%.*s\"", (int)(colon - word), word);
    *host = (unsigned)found;
    *port = (uint16_t)number;
    return STATUS_OK;
}

static enum status parse_continues(struct parser *parser, struct flow *flow)
{
    const char *name;
    if (parse_word(parser, "the flow that goes on", &name) != STATUS_OK)
        return STATUS_BAD_INPUT;
    flow->continues = parse_find_flow(parser->scenario, name);
    return flow->continues == NOT_GIVEN ? parse_error(parser, "there is no flow \"%s\"", name) : STATUS_OK;
}

static enum status parse_flow_options(struct parser *parser, struct flow *flow)
{
    int64_t number;
    for (const char *word = words_next(&parser->words); word; word = words_next(&parser->words)) {
        if (strcmp(word, "no-timestamps") == 0) {
            flow->timestamps = false;
            continue;
        }
        if (strcmp(word, "continues") == 0) {
            if (parse_continues(parser, flow) != STATUS_OK)
                return STATUS_BAD_INPUT;
            continue;
        }
        bool is_count = strcmp(word, "count") == 0;
        if (!is_count && strcmp(word, "mss") != 0)
            return parse_error(parser, "a flow has no \"%s\"", word);
        if (parse_number(parser, word, &number) != STATUS_OK)
            return STATUS_BAD_INPUT;
        if (is_count)
            flow->count = (unsigned)number;
        else
            flow->mss = (uint16_t)number;
    }
    return STATUS_OK;
}

static unsigned larger(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

/* flow NAME HOST:PORT > HOST:PORT tcp|udp [count N] [mss N] [no-timestamps] [continues FLOW] */
static enum status parse_flow(struct parser *parser)
{
    struct scenario *s = parser->scenario;
    struct flow flow = { .mss = DEFAULT_MSS, .timestamps = true, .rtt_ns = 30 * NSEC_PER_MSEC,
                         .continues = NOT_GIVEN };
    if (parse_word(parser, "the flow's name", &flow.name) != STATUS_OK ||
        parse_end(parser, &flow.client, &flow.client_port) != STATUS_OK)
        return STATUS_BAD_INPUT;
    if (!words_accept(&parser->words, ">"))
        return parse_error(parser, "a flow is written CLIENT:PORT > SERVER:PORT");
    if (parse_end(parser, &flow.server, &flow.server_port) != STATUS_OK)
        return STATUS_BAD_INPUT;
    bool tcp = words_accept(&parser->words, "tcp");
    if (!tcp && !words_accept(&parser->words, "udp"))
        return parse_error(parser, "a flow is tcp or udp");
    flow.protocol = tcp ? PROTOCOL_TCP : PROTOCOL_UDP;
    if (parse_flow_options(parser, &flow) != STATUS_OK)
        return STATUS_BAD_INPUT;
    flow.count = larger(flow.count, larger(s->hosts[flow.client].count, s->hosts[flow.server].count));
    int known = parse_find_flow(s, flow.name);
    if (known == NOT_GIVEN && s->flow_count == SCENARIO_FLOWS_MAX)
        return parse_error(parser, "there are more than %d flows", SCENARIO_FLOWS_MAX);
    s->flows[known == NOT_GIVEN ? (int)s->flow_count++ : known] = flow;
    return STATUS_OK;
}

static enum status parse_capture_number(struct parser *parser, const char *word)
{
    struct capture_setup *capture = &parser->scenario->capture;
    int64_t number;
    if (parse_number(parser, word, &number) != STATUS_OK)
        return STATUS_BAD_INPUT;
    if (strcmp(word, "snap") == 0)
        capture->file.snap_bytes = (uint32_t)number;
    else if (strcmp(word, "cut") == 0)
        capture->cut_bytes = (unsigned)number;
    else
        capture->link.vlan = (uint16_t)number;
    return STATUS_OK;
}

static enum status parse_sees(struct parser *parser)
{
    struct capture_setup *capture = &parser->scenario->capture;
    bool client = words_accept(&parser->words, "client");
    if (!client && !words_accept(&parser->words, "server"))
        return parse_error(parser, "a capture sees \"client only\" or \"server only\"");
    capture->sees = client ? SEES_CLIENT : SEES_SERVER;
    return words_accept(&parser->words, "only") ? STATUS_OK : parse_error(parser, "\"only\" is missing");
}

/* capture pcap|pcapng|raw | vlan N | snap N | cut N | sees client|server only | twice after TIME [routed] |
 * filter TEXT */
static enum status parse_capture(struct parser *parser)
{
    struct capture_setup *capture = &parser->scenario->capture;
    const char *word;
    if (parse_word(parser, "what the capture is", &word) != STATUS_OK)
        return STATUS_BAD_INPUT;
    if (strcmp(word, "vlan") == 0 || strcmp(word, "snap") == 0 || strcmp(word, "cut") == 0)
        return parse_capture_number(parser, word);
    if (strcmp(word, "sees") == 0)
        return parse_sees(parser);
    if (strcmp(word, "filter") == 0)
        return parse_word(parser, "the filter", &capture->file.filter);
    if (strcmp(word, "pcap") == 0 || strcmp(word, "pcapng") == 0) {
        capture->file.format = strcmp(word, "pcap") == 0 ? CRAFT_PCAP_NANOSECOND : CRAFT_PCAP_NG;
    } else if (strcmp(word, "raw") == 0) {
        capture->link.none = true;
        capture->file.link_type = CRAFT_LINKTYPE_RAW;
    } else if (strcmp(word, "twice") == 0 && words_accept(&parser->words, "after")) {
        if (parse_duration(parser, "the time between the copies", &capture->copy_after_ns) != STATUS_OK)
            return STATUS_BAD_INPUT;
        capture->copy_routed = words_accept(&parser->words, "routed");
    } else {
        return parse_error(parser, "a capture cannot be \"%s\"", word);
    }
    return STATUS_OK;
}

/* analyze OPTION VALUE: as of the program's options */
static enum status parse_analyze(struct parser *parser)
{
    struct scenario *s = parser->scenario;
    struct analyze_option option;
    if (s->analyze_count == SCENARIO_ANALYZE_MAX)
        return parse_error(parser, "there are more than %d options", SCENARIO_ANALYZE_MAX);
    if (parse_word(parser, "the option", &option.name) != STATUS_OK ||
        parse_word(parser, "the option's value", &option.value) != STATUS_OK)
        return STATUS_BAD_INPUT;
    s->analyze[s->analyze_count++] = option;
    return STATUS_OK;
}

/* What stands before the first "scenario" is common to all of the file. */
static enum status begin_scenario(struct parser *parser, const struct scenario *common, struct scenario ***tail)
{
    struct scenario *s = arena_alloc(parser->arena, 1, sizeof *s);
    if (!s)
        return error_set(parser->error, STATUS_NO_MEMORY, "There is no memory for the scenarios.");
    *s = *common;
    s->event_capacity = 0;
    s->events = NULL;
    if (common->event_count) {
        s->events = arena_alloc(parser->arena, common->event_count, sizeof *s->events);
        if (!s->events)
            return error_set(parser->error, STATUS_NO_MEMORY, "There is no memory for the scenarios.");
        memcpy(s->events, common->events, common->event_count * sizeof *s->events);
        s->event_capacity = common->event_count;
    }
    s->place = parser->words.place;
    parser->scenario = s;
    **tail = s;
    *tail = &s->next;
    return parse_word(parser, "the scenario's name", &s->name);
}

static enum status parse_line(struct parser *parser, const char *word)
{
    if (strcmp(word, "host") == 0)
        return parse_host(parser);
    if (strcmp(word, "flow") == 0)
        return parse_flow(parser);
    if (strcmp(word, "capture") == 0)
        return parse_capture(parser);
    if (strcmp(word, "analyze") == 0)
        return parse_analyze(parser);
    if (strcmp(word, "pending") == 0)
        return parse_word(parser, "the reason, in quotation marks,", &parser->scenario->pending);
    if (strcmp(word, "expect") == 0)
        return parse_expect(parser);
    if (strcmp(word, "absent") == 0)
        return parse_kinds(parser, WANT_ABSENT);
    if (strcmp(word, "allow") == 0)
        return parse_kinds(parser, words_accept(&parser->words, "limit") ? WANT_ALLOWED_LIMIT : WANT_ALLOWED);
    return parse_event(parser, word);
}

static enum status parse_lines(struct parser *parser, FILE *file, struct scenario **first)
{
    struct scenario *common = parser->scenario, **tail = first;
    char line[LINE_BYTES_MAX];
    for (parser->words.place.line = 1; fgets(line, sizeof line, file); parser->words.place.line++) {
        line[strcspn(line, "\r\n")] = '\0';
        if (!words_split(parser->arena, line, &parser->words))
            return parse_error(parser, "the line is too long, or a quotation mark is missing");
        const char *word = words_next(&parser->words);
        if (!word)
            continue;
        enum status status = strcmp(word, "scenario") == 0 ? begin_scenario(parser, common, &tail)
                                                           : parse_line(parser, word);
        if (status != STATUS_OK)
            return status;
        if (words_peek(&parser->words))
            return parse_error(parser, "\"%s\" is not understood here", words_peek(&parser->words));
    }
    return *first ? STATUS_OK : parse_error(parser, "the file holds no scenario");
}

struct scenario *parse_file(struct arena *arena, const char *path, struct error *error)
{
    struct scenario *first = NULL, *common = arena_alloc(arena, 1, sizeof *common);
    struct parser parser = { .arena = arena, .scenario = common, .error = error };
    parser.words.place.file = arena_copy(arena, path);
    FILE *file = fopen(path, "r");
    if (!file || !common) {
        error_set(error, STATUS_IO, "%s cannot be read: %s", path, strerror(errno));
        if (file)
            fclose(file);
        return NULL;
    }
    enum status status = parse_lines(&parser, file, &first);
    fclose(file);
    if (status == STATUS_OK && arena_failed(arena))
        status = error_set(error, STATUS_NO_MEMORY, "%s: there is no memory for the scenarios.", path);
    return status == STATUS_OK ? first : NULL;
}
