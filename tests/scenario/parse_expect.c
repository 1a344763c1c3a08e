/* SPDX-License-Identifier: Apache-2.0 */
#include "parse.h"

#include <string.h>

static struct wanted *add_wanted(struct parser *parser, enum wanted_thing thing)
{
    struct scenario *s = parser->scenario;
    if (s->wanted_count == SCENARIO_EXPECTATIONS_MAX) {
        parse_error(parser, "there are more than %d expectations", SCENARIO_EXPECTATIONS_MAX);
        return NULL;
    }
    struct wanted *wanted = &s->wanted[s->wanted_count++];
    *wanted = (struct wanted){ .place = parser->words.place, .thing = thing, .port = NOT_GIVEN, .count = NOT_GIVEN,
                               .client_count = NOT_GIVEN, .server_count = NOT_GIVEN };
    return wanted;
}

/* The finding or limit that an "expect who", "expect frames" and so on says more about. */
static struct wanted *last_wanted(struct parser *parser)
{
    struct scenario *s = parser->scenario;
    for (unsigned i = s->wanted_count; i > 0; i--) {
        enum wanted_thing thing = s->wanted[i - 1].thing;
        if (thing == WANT_FINDING || thing == WANT_LIMIT)
            return &s->wanted[i - 1];
    }
    parse_error(parser, "this says more about a finding, but none is expected above it");
    return NULL;
}

enum status parse_kinds(struct parser *parser, enum wanted_thing thing)
{
    for (const char *word = words_next(&parser->words); word; word = words_next(&parser->words)) {
        struct wanted *wanted = add_wanted(parser, thing);
        if (!wanted)
            return STATUS_BAD_INPUT;
        wanted->kind = word;
    }
    return STATUS_OK;
}

static bool one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(*words, word) == 0)
            return true;
    return false;
}

/* "a,b,c" into a list. */
static enum status parse_list(struct parser *parser, const char *list[SCENARIO_VALUES_MAX], unsigned *count)
{
    const char *word;
    if (parse_word(parser, "a list", &word) != STATUS_OK)
        return STATUS_BAD_INPUT;
    while (*word) {
        size_t length = strcspn(word, ",");
        if (*count == SCENARIO_VALUES_MAX)
            return parse_error(parser, "the list has more than %d entries", SCENARIO_VALUES_MAX);
        list[(*count)++] = arena_format(parser->arena, "%.*s", (int)length, word);
        word += length + (word[length] == ',');
    }
    return STATUS_OK;
}

/* The words of a report for a finding's fields. True when `word` was one. */
static bool set_plain_word(struct wanted *wanted, const char *word)
{
    static const char *const severities[] = { "problem", "warning", "notice", NULL };
    static const char *const confidences[] = { "high", "medium", "low", NULL };
    static const char *const protos[] = { "tcp", "udp", "null", NULL };
    int64_t port;
    if (one_of(word, severities))
        wanted->severity = word;
    else if (one_of(word, confidences))
        wanted->confidence = word;
    else if (one_of(word, protos))
        wanted->proto = word;
    else if (words_number(word, &port) && port >= 0 && port <= 65535)
        wanted->port = (int)port;
    else
        return false;
    return true;
}

static enum status parse_finding_field(struct parser *parser, struct wanted *wanted, const char *word)
{
    if (set_plain_word(wanted, word))
        return STATUS_OK;
    if (strcmp(word, "clients") == 0)
        return parse_list(parser, wanted->clients, &wanted->clients_listed);
    if (strcmp(word, "servers") == 0)
        return parse_list(parser, wanted->servers, &wanted->servers_listed);
    if (strcmp(word, "role") == 0)
        return parse_word(parser, "the role", &wanted->role);
    if (strcmp(word, "region") == 0)
        return parse_word(parser, "the Region", &wanted->region);
    if (strcmp(word, "count") == 0)
        return parse_number(parser, "the count", &wanted->count);
    if (strcmp(word, "client-count") == 0)
        return parse_number(parser, "the count of clients", &wanted->client_count);
    if (strcmp(word, "server-count") == 0)
        return parse_number(parser, "the count of servers", &wanted->server_count);
    return parse_error(parser, "a finding has no \"%s\"", word);
}

static enum status parse_finding(struct parser *parser, const char *kind)
{
    struct wanted *wanted = add_wanted(parser, WANT_FINDING);
    if (!wanted)
        return STATUS_BAD_INPUT;
    wanted->kind = kind;
    for (const char *word = words_next(&parser->words); word; word = words_next(&parser->words))
        if (parse_finding_field(parser, wanted, word) != STATUS_OK)
            return STATUS_BAD_INPUT;
    return STATUS_OK;
}

/* measured PATH = VALUE [+- TOLERANCE] */
static enum status parse_measured(struct parser *parser, struct wanted *wanted)
{
    struct wanted_value value = { .tolerance = 0 };
    const char *tolerance;
    if (wanted->value_count == SCENARIO_VALUES_MAX)
        return parse_error(parser, "there are more than %d values", SCENARIO_VALUES_MAX);
    if (parse_word(parser, "the value's name", &value.path) != STATUS_OK)
        return STATUS_BAD_INPUT;
    if (!words_accept(&parser->words, "="))
        return parse_error(parser, "\"=\" is missing");
    if (parse_word(parser, "the value", &value.text) != STATUS_OK)
        return STATUS_BAD_INPUT;
    value.is_number = words_real(value.text, &value.number);
    if (words_accept(&parser->words, "+-")) {
        if (parse_word(parser, "the tolerance", &tolerance) != STATUS_OK)
            return STATUS_BAD_INPUT;
        if (!value.is_number || !words_real(tolerance, &value.tolerance))
            return parse_error(parser, "a tolerance is a number, and belongs to a number");
    }
    wanted->values[wanted->value_count++] = value;
    return STATUS_OK;
}

/* frames @a @b */
static enum status parse_frames(struct parser *parser, struct wanted *wanted)
{
    for (const char *word = words_next(&parser->words); word; word = words_next(&parser->words)) {
        if (*word != '@')
            return parse_error(parser, "\"%s\" is not a mark such as @first", word);
        if (wanted->frame_count == SCENARIO_VALUES_MAX)
            return parse_error(parser, "there are more than %d frames", SCENARIO_VALUES_MAX);
        wanted->frames[wanted->frame_count++] = word + 1;
    }
    return STATUS_OK;
}

static enum status parse_text(struct parser *parser, const char *texts[SCENARIO_VALUES_MAX], unsigned *count)
{
    if (*count == SCENARIO_VALUES_MAX)
        return parse_error(parser, "there are more than %d texts", SCENARIO_VALUES_MAX);
    return parse_word(parser, "the text", &texts[(*count)++]);
}

/* Lines that say more about the finding expected last. */
static enum status parse_more(struct parser *parser, const char *word)
{
    struct wanted *wanted = last_wanted(parser);
    if (!wanted)
        return STATUS_BAD_INPUT;
    if (strcmp(word, "frames") == 0)
        return parse_frames(parser, wanted);
    if (strcmp(word, "measured") == 0)
        return parse_measured(parser, wanted);
    if (strcmp(word, "says") == 0)
        return parse_text(parser, wanted->says, &wanted->says_count);
    if (strcmp(word, "cause-contains") == 0)
        return parse_text(parser, wanted->cause, &wanted->cause_count);
    if (strcmp(word, "consequence-of") == 0)
        return parse_word(parser, "the finding's kind", &wanted->consequence_of);
    return parse_word(parser, "who", &wanted->who);
}

/* packets NAME = N: a counter of the ledger */
static enum status parse_packets(struct parser *parser)
{
    struct wanted *wanted = add_wanted(parser, WANT_PACKETS);
    if (!wanted || parse_word(parser, "the counter", &wanted->kind) != STATUS_OK)
        return STATUS_BAD_INPUT;
    if (!words_accept(&parser->words, "="))
        return parse_error(parser, "\"=\" is missing");
    return parse_number(parser, "the count of packets", &wanted->count);
}

/* of CLIENT, contains TEXT */
static enum status parse_session_part(struct parser *parser, struct wanted *wanted)
{
    for (const char *word = words_next(&parser->words); word; word = words_next(&parser->words)) {
        enum status status = strcmp(word, "of") == 0 ? parse_list(parser, wanted->clients, &wanted->clients_listed)
                             : strcmp(word, "contains") == 0 ? parse_text(parser, wanted->says, &wanted->says_count)
                                                             : parse_error(parser, "a session has no \"%s\"", word);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* step NAME OUTCOME [of CLIENT] [contains TEXT] */
static enum status parse_step(struct parser *parser)
{
    struct wanted *wanted = add_wanted(parser, WANT_STEP);
    if (!wanted || parse_word(parser, "the step", &wanted->kind) != STATUS_OK ||
        parse_word(parser, "the step's outcome", &wanted->outcome) != STATUS_OK)
        return STATUS_BAD_INPUT;
    return parse_session_part(parser, wanted);
}

/* sessions N [of CLIENT] */
static enum status parse_sessions(struct parser *parser)
{
    struct wanted *wanted = add_wanted(parser, WANT_SESSIONS);
    if (!wanted || parse_number(parser, "the count of sessions", &wanted->count) != STATUS_OK)
        return STATUS_BAD_INPUT;
    return parse_session_part(parser, wanted);
}

enum status parse_expect(struct parser *parser)
{
    static const struct {
        const char *word;
        enum wanted_thing thing;
    } things[] = { { "limit", WANT_LIMIT }, { "unanswered", WANT_UNANSWERED }, { "verdict", WANT_VERDICT },
                   { "primary", WANT_PRIMARY }, { "verdict-says", WANT_VERDICT_TEXT } };
    static const char *const more[] = { "frames", "measured", "says", "cause-contains", "who", "consequence-of",
                                        NULL };
    const char *word;
    if (parse_word(parser, "what is expected", &word) != STATUS_OK)
        return STATUS_BAD_INPUT;
    if (one_of(word, more))
        return parse_more(parser, word);
    if (strcmp(word, "packets") == 0)
        return parse_packets(parser);
    if (strcmp(word, "step") == 0)
        return parse_step(parser);
    if (strcmp(word, "sessions") == 0)
        return parse_sessions(parser);
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        if (strcmp(things[i].word, word) != 0)
            continue;
        struct wanted *wanted = add_wanted(parser, things[i].thing);
        if (!wanted || parse_word(parser, word, &wanted->kind) != STATUS_OK)
            return STATUS_BAD_INPUT;
        return words_accept(&parser->words, "because") ? parse_word(parser, "the limit", &wanted->because) : STATUS_OK;
    }
    return parse_finding(parser, word);
}
