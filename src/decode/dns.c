/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/dns.h"

enum header { RESPONSE = 0x8000, OPCODE_SHIFT = 11, OPCODE_MASK = 15, TRUNCATION = 0x0200, RCODE_MASK = 15,
              HEADER_BYTES = 12 };

enum label { POINTER = 0xc0, LABEL_BYTES_MAX = 63, NAME_BYTES_MAX = 255, HOPS_MAX = 64 };

enum { CLASS_IN = 1 };

#define TTL_SIGN UINT32_C(0x80000000)

static enum decode_outcome outcome_of(const struct cursor *c)
{
    return cursor_ok(c) ? DECODE_MALFORMED : DECODE_TRUNCATED;
}

/* Wire bytes count as RFC 1035 counts them: each label with its length. The final zero is not among them. */
struct name {
    char *text;
    size_t text_bytes, wire_bytes;
};

static bool add_label(struct name *name, struct cursor label)
{
    name->wire_bytes += 1 + cursor_left(&label);
    if (name->wire_bytes >= NAME_BYTES_MAX)
        return false;
    if (name->text_bytes)
        name->text[name->text_bytes++] = '.';
    while (cursor_left(&label)) {
        char character = decode_name_character(cursor_u8(&label));
        name->text[name->text_bytes++] = character;
        if (character == '.')
            name->text[name->text_bytes - 1] = '?';
    }
    return true;
}

/* Where the labels of a name are: in place first, then wherever a pointer led. */
struct labels {
    struct cursor message, away;
    size_t began; /* offset of the labels being read */
    unsigned hops;
};

/* A pointer leads to a prior occurrence (RFC 1035, section 4.1.4): to before the labels that it ends, so each leads
 * further back and none can loop. */
static bool follow(struct labels *labels, struct cursor *from, uint8_t high)
{
    size_t offset = (size_t)(high & ~POINTER) << 8 | cursor_u8(from);

    if (!cursor_ok(from) || offset >= labels->began || labels->hops++ == HOPS_MAX)
        return false;
    labels->away = labels->message;
    cursor_skip(&labels->away, offset);
    labels->began = offset;
    return true;
}

/* Reads the name at `c` and steps over it. */
static enum decode_outcome read_labels(struct cursor message, struct cursor *c, struct name *name)
{
    struct labels labels = { .message = message, .began = (size_t)(c->at - message.at) };
    struct cursor *from = c;

    for (;;) {
        uint8_t length = cursor_u8(from);
        if (length >= POINTER) {
            if (!follow(&labels, from, length))
                return outcome_of(from);
            from = &labels.away;
            continue;
        }
        if (length > LABEL_BYTES_MAX)
            return DECODE_MALFORMED;
        struct cursor label = cursor_sub(from, length);
        if (!cursor_ok(from))
            return DECODE_TRUNCATED;
        if (length == 0)
            return DECODE_OK;
        if (!add_label(name, label))
            return DECODE_MALFORMED;
    }
}

static enum decode_outcome read_name(struct cursor message, struct cursor *c, char text[DECODE_NAME_SIZE])
{
    struct name name = { .text = text };
    enum decode_outcome outcome = read_labels(message, c, &name);

    text[outcome == DECODE_OK ? name.text_bytes : 0] = 0;
    return outcome;
}

static enum decode_outcome read_header(struct cursor *c, struct decode_dns *out)
{
    uint16_t id = cursor_u16be(c);
    uint16_t flags = cursor_u16be(c);
    uint16_t question_count = cursor_u16be(c);
    uint16_t answer_count = cursor_u16be(c);

    cursor_skip(c, 4); /* counts of authority and additional records */
    if (!cursor_ok(c))
        return DECODE_TRUNCATED;
    out->id = id;
    out->response = flags & RESPONSE;
    out->opcode = flags >> OPCODE_SHIFT & OPCODE_MASK;
    out->truncated = flags & TRUNCATION;
    out->rcode = flags & RCODE_MASK;
    out->question_count = question_count;
    out->answer_count = answer_count;
    return out->opcode == 0 ? DECODE_OK : DECODE_UNSUPPORTED;
}

static enum decode_outcome read_question(struct cursor message, struct cursor *c, struct decode_dns *out)
{
    enum decode_outcome outcome = read_name(message, c, out->name);
    uint16_t type = cursor_u16be(c);
    uint16_t class = cursor_u16be(c);

    if (outcome == DECODE_OK && !cursor_ok(c))
        outcome = DECODE_TRUNCATED;
    if (outcome != DECODE_OK) {
        out->name[0] = 0;
        return outcome;
    }
    out->has_question = true;
    out->question_type = type;
    out->question_class = class;
    return DECODE_OK;
}

/* Header, first question, and over the other questions to the answers. */
static enum decode_outcome read_front(struct cursor *c, struct decode_dns *out)
{
    struct cursor message = *c;
    enum decode_outcome outcome = read_header(c, out);

    if (outcome == DECODE_OK && out->question_count)
        outcome = read_question(message, c, out);
    for (unsigned i = 1; outcome == DECODE_OK && i < out->question_count; i++) {
        char other[DECODE_NAME_SIZE];
        outcome = i < DECODE_DNS_RECORDS_MAX ? read_name(message, c, other) : DECODE_MALFORMED;
        cursor_skip(c, 4);
    }
    if (outcome == DECODE_OK && !cursor_ok(c))
        outcome = DECODE_TRUNCATED;
    return outcome;
}

enum decode_outcome decode_dns_answers(struct cursor message, struct decode_dns_answers *out)
{
    struct decode_dns front = { 0 };
    struct cursor at = message;
    enum decode_outcome outcome = read_front(&at, &front);

    *out = (struct decode_dns_answers){ .message = message, .at = at };
    if (outcome == DECODE_OK)
        out->left = front.answer_count;
    return outcome;
}

static enum decode_outcome read_address(struct decode_dns_record *record)
{
    struct cursor data = record->data;
    uint8_t bytes[16];
    size_t size = record->type == DECODE_DNS_A ? 4 : 16;

    if (cursor_left(&data) != size)
        return DECODE_MALFORMED;
    cursor_copy(&data, bytes, size);
    record->address = size == 4 ? ipaddr_from_v4(bytes) : ipaddr_from_v6(bytes);
    return DECODE_OK;
}

/* The names inside may point anywhere before, so they are read with the whole message at hand; the data's length still
 * says where the next record begins. */
static enum decode_outcome read_data(struct cursor message, struct decode_dns_record *record)
{
    struct cursor at = record->data;

    if (record->class != CLASS_IN)
        return DECODE_OK;
    if (record->type == DECODE_DNS_A || record->type == DECODE_DNS_AAAA)
        return read_address(record);
    if (record->type != DECODE_DNS_CNAME)
        return DECODE_OK;
    enum decode_outcome outcome = read_name(message, &at, record->target);
    return outcome == DECODE_TRUNCATED ? DECODE_MALFORMED : outcome;
}

enum decode_outcome decode_dns_next(struct decode_dns_answers *answers, struct decode_dns_record *out)
{
    struct cursor at = answers->at;

    if (answers->left == 0)
        return DECODE_TRUNCATED;
    enum decode_outcome outcome = read_name(answers->message, &at, out->owner);
    out->target[0] = 0;
    out->address = (struct ipaddr){ 0 };
    out->type = cursor_u16be(&at);
    out->class = cursor_u16be(&at);
    uint32_t ttl_s = cursor_u32be(&at);
    out->ttl_s = ttl_s & TTL_SIGN ? 0 : ttl_s;
    out->data = cursor_sub(&at, cursor_u16be(&at));
    if (outcome == DECODE_OK)
        outcome = cursor_ok(&at) ? read_data(answers->message, out) : DECODE_TRUNCATED;
    if (outcome != DECODE_OK)
        return outcome;
    answers->at = at;
    answers->left--;
    return DECODE_OK;
}

/* Finds the CNAME of the name where the chain stands: its place among the answers is the server's choice. */
static bool take_alias(struct decode_dns_answers answers, struct decode_dns *out, uint32_t *ttl_s)
{
    struct decode_dns_record record;

    while (decode_dns_next(&answers, &record) == DECODE_OK) {
        if (record.type != DECODE_DNS_CNAME || record.class != CLASS_IN || strcmp(record.owner, out->canonical) != 0)
            continue;
        memcpy(out->canonical, record.target, strlen(record.target) + 1);
        out->alias_count++;
        *ttl_s = record.ttl_s < *ttl_s ? record.ttl_s : *ttl_s;
        return true;
    }
    return false;
}

static bool is_wanted(const struct decode_dns *out, const struct decode_dns_record *record)
{
    bool address = record->type == DECODE_DNS_A || record->type == DECODE_DNS_AAAA;

    return address && record->class == CLASS_IN && out->has_question &&
           (strcmp(record->owner, out->canonical) == 0 || strcmp(record->owner, out->name) == 0);
}

static enum decode_outcome take_addresses(struct decode_dns_answers answers, struct decode_dns *out, uint32_t ttl_s)
{
    struct decode_dns_record record;

    while (answers.left) {
        enum decode_outcome outcome = decode_dns_next(&answers, &record);
        if (outcome != DECODE_OK)
            return outcome;
        out->records_read++;
        if (!is_wanted(out, &record))
            continue;
        if (out->address_count == DECODE_DNS_ADDRESSES_MAX) {
            out->addresses_left_out++;
            continue;
        }
        struct decode_dns_address *address = &out->addresses[out->address_count++];
        address->address = record.address;
        address->ttl_s = record.ttl_s < ttl_s ? record.ttl_s : ttl_s;
    }
    return DECODE_OK;
}

enum decode_outcome decode_dns(struct cursor message, struct decode_dns *out)
{
    struct decode_dns_answers answers = { .message = message, .at = message };
    uint32_t ttl_s = UINT32_MAX;

    *out = (struct decode_dns){ 0 };
    enum decode_outcome outcome = read_front(&answers.at, out);
    if (outcome != DECODE_OK)
        return outcome;
    answers.left = out->answer_count < DECODE_DNS_RECORDS_MAX ? out->answer_count : DECODE_DNS_RECORDS_MAX;
    memcpy(out->canonical, out->name, sizeof out->name);
    while (out->has_question && out->alias_count < DECODE_DNS_ALIASES_MAX && take_alias(answers, out, &ttl_s))
        continue;
    return take_addresses(answers, out, ttl_s);
}

enum decode_outcome decode_dns_tcp(struct cursor *stream, struct cursor *message, size_t *missing_bytes)
{
    struct cursor at = *stream;
    uint16_t length = cursor_u16be(&at);

    *missing_bytes = 0;
    *message = (struct cursor){ .at = stream->end, .end = stream->end };
    if (!cursor_ok(&at)) {
        *missing_bytes = 2 - cursor_left(stream);
        return DECODE_TRUNCATED;
    }
    if (length < HEADER_BYTES)
        return DECODE_MALFORMED;
    *message = at;
    cursor_limit(message, length);
    cursor_skip(&at, length);
    if (!cursor_ok(&at)) {
        *missing_bytes = length - cursor_left(message);
        return DECODE_TRUNCATED;
    }
    *stream = at;
    return DECODE_OK;
}

const char *decode_dns_rcode_name(uint8_t rcode)
{
    static const char *const names[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
                                         "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE" };

    return rcode < sizeof names / sizeof names[0] ? names[rcode] : NULL;
}

const char *decode_dns_type_name(uint16_t type)
{
    static const struct { uint16_t type; char name[8]; } types[] = {
        { DECODE_DNS_A, "A" },         { DECODE_DNS_NS, "NS" },     { DECODE_DNS_CNAME, "CNAME" },
        { DECODE_DNS_SOA, "SOA" },     { DECODE_DNS_PTR, "PTR" },   { DECODE_DNS_MX, "MX" },
        { DECODE_DNS_TXT, "TXT" },     { DECODE_DNS_AAAA, "AAAA" }, { DECODE_DNS_SRV, "SRV" },
        { DECODE_DNS_SVCB, "SVCB" },   { DECODE_DNS_HTTPS, "HTTPS" }, { DECODE_DNS_ANY, "ANY" },
    };

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i].type == type)
            return types[i].name;
    return NULL;
}
