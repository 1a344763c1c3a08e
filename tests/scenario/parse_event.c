/* SPDX-License-Identifier: Apache-2.0 */
#include "parse.h"

#include <stdio.h>
#include <string.h>

enum { DEFAULT_BYTES = 100, QUOTE_BYTES = 28, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };

/* The words of the language for what a flow can do. */
static const struct {
    const char *word;
    enum action action;
    bool down;
    uint8_t protocol; /* 0: either */
} actions[] = {
    { "syn", ACTION_SYN, false, PROTOCOL_TCP },
    { "syn-ack", ACTION_SYN_ACK, true, PROTOCOL_TCP },
    { "ack", ACTION_ACK, false, PROTOCOL_TCP },
    { "data", ACTION_DATA, false, PROTOCOL_TCP },
    { "keepalive", ACTION_KEEPALIVE, false, PROTOCOL_TCP },
    { "fin", ACTION_FIN, false, PROTOCOL_TCP },
    { "rst", ACTION_RST, true, PROTOCOL_TCP },
    { "rst-ack", ACTION_RST_ACK, true, PROTOCOL_TCP },
    { "hello", ACTION_HELLO, false, PROTOCOL_TCP },
    { "server-hello", ACTION_SERVER_HELLO, true, PROTOCOL_TCP },
    { "close-notify", ACTION_CLOSE_NOTIFY, false, PROTOCOL_TCP },
    { "flight", ACTION_FLIGHT, true, PROTOCOL_TCP },
    { "finished", ACTION_FINISHED, false, PROTOCOL_TCP },
    { "alert", ACTION_ALERT, false, PROTOCOL_TCP },
    { "say", ACTION_SAY, false, 0 },
    { "initial", ACTION_INITIAL, false, PROTOCOL_UDP },
    { "handshake-packet", ACTION_QUIC_HANDSHAKE, false, PROTOCOL_UDP },
    { "short", ACTION_SHORT, false, PROTOCOL_UDP },
    { "datagram", ACTION_DATAGRAM, false, PROTOCOL_UDP },
    { "query", ACTION_QUERY, false, PROTOCOL_UDP },
    { "answer", ACTION_ANSWER, true, PROTOCOL_UDP },
    { "icmp", ACTION_ICMP, true, 0 },
    { "handshake", HELPER_HANDSHAKE, false, PROTOCOL_TCP },
    { "tls", HELPER_TLS, false, PROTOCOL_TCP },
    { "tls-1.2", HELPER_TLS_1_2, false, PROTOCOL_TCP },
    { "stream", HELPER_STREAM, true, 0 },
    { "close", HELPER_CLOSE, false, PROTOCOL_TCP },
    { "quic-handshake", HELPER_QUIC_HANDSHAKE, false, PROTOCOL_UDP },
    { "quic-stream", HELPER_QUIC_STREAM, true, PROTOCOL_UDP },
    { "lookup", HELPER_LOOKUP, false, PROTOCOL_UDP },
};

/* Values that are whole numbers. */
static int *number_of(struct step *step, const char *word)
{
    const struct {
        const char *word;
        int *value;
    } numbers[] = {
        { "ttl", &step->ttl },     { "ip-id", &step->ip_id },         { "window", &step->window },
        { "mtu", &step->mtu },     { "quote-ttl", &step->quote_ttl }, { "quote", &step->quote_bytes },
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(numbers[i].word, word) == 0)
            return numbers[i].value;
    return NULL;
}

static int64_t *shift_of(struct step *step, const char *word)
{
    if (strcmp(word, "seq") == 0)
        return &step->sequence_shift;
    return strcmp(word, "quote-seq") == 0 ? &step->quote_shift : NULL;
}

/* "rtt" is the flow's, wherever it is said. */
static int64_t *duration_of(struct parser *parser, struct event *event, const char *word)
{
    const struct {
        const char *word;
        int64_t *value;
    } durations[] = { { "rtt", &parser->scenario->flows[event->step.flow].rtt_ns }, { "for", &event->for_ns },
                      { "every", &event->every_ns }, { "each", &event->each_ns } };
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++)
        if (strcmp(durations[i].word, word) == 0)
            return durations[i].value;
    return NULL;
}

/* What a DNS answer without an address says (RFC 1035, section 4.1.1). */
static bool set_rcode(struct step *step, const char *word)
{
    static const struct {
        const char *word;
        int rcode;
    } codes[] = { { "no-data", 0 }, { "servfail", 2 }, { "nxdomain", 3 }, { "refused", 5 } };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(codes[i].word, word) == 0) {
            step->rcode = codes[i].rcode;
            return true;
        }
    return false;
}

/* Words that stand alone. True when `word` was one. */
static bool set_flag(struct event *event, const char *word)
{
    struct step *step = &event->step;
    if (strcmp(word, "up") == 0 || strcmp(word, "down") == 0)
        step->down = *word == 'd';
    else if (strcmp(word, "again") == 0)
        step->again = true;
    else if (strcmp(word, "unseen") == 0)
        step->unseen = true;
    else if (strcmp(word, "lost") == 0)
        step->lost = true;
    else if (strcmp(word, "whole") == 0)
        step->quote_bytes = CRAFT_QUOTE_WHOLE;
    else if (strcmp(word, "aaaa") == 0)
        step->ipv6_record = true;
    else if (set_rcode(step, word))
        return true;
    else if (*word == '@')
        step->label = word + 1;
    else
        return false;
    return true;
}

static enum status parse_from(struct parser *parser, struct step *step)
{
    const char *name;
    if (parse_word(parser, "the sender of the error", &name) != STATUS_OK)
        return STATUS_BAD_INPUT;
    step->router = parse_find_host(parser->scenario, name, strlen(name));
    return step->router == NOT_GIVEN ? parse_error(parser, "there is no host \"%s\"", name) : STATUS_OK;
}

/* piece N/M */
static enum status parse_piece(struct parser *parser, struct step *step)
{
    const char *word;
    if (parse_word(parser, "N/M", &word) != STATUS_OK)
        return STATUS_BAD_INPUT;
    int end = 0;
    bool right = sscanf(word, "%u/%u%n", &step->piece, &step->pieces, &end) == 2 && !word[end];
    if (!right || !step->piece || step->piece > step->pieces)
        return parse_error(parser, "\"%s\" is not N/M", word);
    return STATUS_OK;
}

/* "sni NAME", "name NAME", "issuer NAME", "piece N/M", "= ADDRESS", "by server", "times N", "from HOST". */
static enum status parse_named(struct parser *parser, struct event *event, const char *word)
{
    struct step *step = &event->step;
    const char *value;
    int64_t number;
    if (strcmp(word, "from") == 0)
        return parse_from(parser, step);
    if (strcmp(word, "by") == 0 && words_accept(&parser->words, "server")) {
        event->by_server = true;
        return STATUS_OK;
    }
    if (strcmp(word, "times") == 0) {
        if (parse_number(parser, "times", &number) != STATUS_OK)
            return STATUS_BAD_INPUT;
        event->times = (unsigned)number;
        return STATUS_OK;
    }
    if (strcmp(word, "sni") == 0 || strcmp(word, "name") == 0)
        return parse_word(parser, word, &step->name);
    if (strcmp(word, "issuer") == 0)
        return parse_word(parser, word, &step->issuer);
    if (strcmp(word, "piece") == 0)
        return parse_piece(parser, step);
    if (strcmp(word, "=") != 0)
        return parse_error(parser, "\"%s\" is not understood here", word);
    if (parse_word(parser, "the address", &value) != STATUS_OK)
        return STATUS_BAD_INPUT;
    step->has_address = ipaddr_parse(value, &step->address);
    return step->has_address ? STATUS_OK : parse_error(parser, "\"%s\" is not an address", value);
}

static enum status parse_value(struct parser *parser, struct event *event, const char *word)
{
    int64_t number, *shift = shift_of(&event->step, word), *duration = duration_of(parser, event, word);
    int *value = number_of(&event->step, word);
    if (duration)
        return parse_duration(parser, word, duration);
    if (shift)
        return parse_number(parser, word, shift);
    if (value) {
        if (parse_number(parser, word, &number) != STATUS_OK)
            return STATUS_BAD_INPUT;
        *value = (int)number;
        return STATUS_OK;
    }
    if (event->step.action == ACTION_SAY && !event->step.name) {
        event->step.name = word;
        return STATUS_OK;
    }
    if (words_bytes(word, &number)) {
        event->step.bytes = (uint32_t)number;
        return STATUS_OK;
    }
    return parse_named(parser, event, word);
}

/* "3/13" */
static enum status parse_icmp_type(struct parser *parser, struct step *step)
{
    const char *word;
    int64_t type, code;
    if (parse_word(parser, "TYPE/CODE", &word) != STATUS_OK)
        return STATUS_BAD_INPUT;
    const char *slash = strchr(word, '/');
    if (!slash || !words_number(arena_format(parser->arena, "%.*s", (int)(slash - word), word), &type) ||
        !words_number(slash + 1, &code))
        return parse_error(parser, "\"%s\" is not TYPE/CODE", word);
    step->icmp_type = (int)type;
    step->icmp_code = (int)code;
    return STATUS_OK;
}

static enum status add_event(struct parser *parser, const struct event *event)
{
    struct scenario *s = parser->scenario;
    size_t capacity = s->event_capacity;
    struct event *events = rows_grow(parser->arena, s->events, s->event_count, &capacity, sizeof *events);
    if (!events)
        return error_set(parser->error, STATUS_NO_MEMORY, "There is no memory for the scenarios.");
    s->events = events;
    s->event_capacity = (unsigned)capacity;
    s->events[s->event_count++] = *event;
    return STATUS_OK;
}

/* clock back|forward TIME */
static enum status parse_clock(struct parser *parser, struct event *event)
{
    bool back = words_accept(&parser->words, "back");
    if (!back && !words_accept(&parser->words, "forward"))
        return parse_error(parser, "a clock steps \"back\" or \"forward\"");
    event->step.action = ACTION_CLOCK;
    if (parse_duration(parser, "the step", &event->step.clock_shift_ns) != STATUS_OK)
        return STATUS_BAD_INPUT;
    if (back)
        event->step.clock_shift_ns = -event->step.clock_shift_ns;
    return add_event(parser, event);
}

static enum status parse_action(struct parser *parser, struct event *event)
{
    const struct flow *flow = &parser->scenario->flows[event->step.flow];
    const char *word;
    if (parse_word(parser, "what happens", &word) != STATUS_OK)
        return STATUS_BAD_INPUT;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(actions[i].word, word) != 0)
            continue;
        if (actions[i].protocol && actions[i].protocol != flow->protocol)
            return parse_error(parser, "\"%s\" is not for a %s flow", word,
                               flow->protocol == PROTOCOL_TCP ? "tcp" : "udp");
        event->step.action = actions[i].action;
        event->step.down = actions[i].down;
        return event->step.action == ACTION_ICMP ? parse_icmp_type(parser, &event->step) : STATUS_OK;
    }
    return parse_error(parser, "a flow cannot \"%s\"", word);
}

/* What would build a packet that nobody meant. */
static enum status check_event(struct parser *parser, const struct event *event)
{
    const struct step *step = &event->step;
    if (step->action == ACTION_ICMP && step->router == NOT_GIVEN)
        return parse_error(parser, "an ICMP error comes \"from HOST\"");
    if ((step->action == HELPER_STREAM || step->action == HELPER_QUIC_STREAM) && !event->for_ns)
        return parse_error(parser, "a stream flows \"for TIME\"");
    if ((event->times > 1) != (event->every_ns > 0))
        return parse_error(parser, "\"times N\" and \"every TIME\" belong together");
    if (step->action == ACTION_SAY && !step->name)
        return parse_error(parser, "what is said stands in quotes");
    if ((step->action == HELPER_LOOKUP || step->action == ACTION_QUERY) && !step->name)
        return parse_error(parser, "a lookup has a \"name\"");
    return STATUS_OK;
}

/* TIME FLOW ACTION [...], TIME end, TIME clock back|forward TIME */
enum status parse_event(struct parser *parser, const char *time)
{
    struct event event = { .times = 1 };
    struct step *step = &event.step;
    const char *name;
    *step = (struct step){ .place = parser->words.place, .bytes = DEFAULT_BYTES, .ttl = NOT_GIVEN, .ip_id = NOT_GIVEN,
                           .window = NOT_GIVEN, .rcode = NOT_GIVEN, .router = NOT_GIVEN, .quote_ttl = NOT_GIVEN,
                           .quote_bytes = QUOTE_BYTES };
    if (!words_seconds(time, &step->at_ns))
        return parse_error(parser, "\"%s\" is neither a word of the language nor a time in seconds", time);
    if (parse_word(parser, "a flow, \"end\" or \"clock\"", &name) != STATUS_OK)
        return STATUS_BAD_INPUT;
    if (strcmp(name, "end") == 0) {
        step->action = ACTION_BACKGROUND;
        return add_event(parser, &event);
    }
    if (strcmp(name, "clock") == 0)
        return parse_clock(parser, &event);
    int flow = parse_find_flow(parser->scenario, name);
    if (flow == NOT_GIVEN)
        return parse_error(parser, "there is no flow \"%s\"", name);
    step->flow = (unsigned)flow;
    if (parse_action(parser, &event) != STATUS_OK)
        return STATUS_BAD_INPUT;
    for (const char *word = words_next(&parser->words); word; word = words_next(&parser->words))
        if (!set_flag(&event, word) && parse_value(parser, &event, word) != STATUS_OK)
            return STATUS_BAD_INPUT;
    return check_event(parser, &event) == STATUS_OK ? add_event(parser, &event) : STATUS_BAD_INPUT;
}
