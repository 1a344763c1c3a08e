/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/http.h"

static uint8_t lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte - 'A' + 'a') : byte;
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

/* Bytes up to the first one that `ends` accepts or to the end; the cursor stops before it. */
static struct cursor take_until(struct cursor *c, bool (*ends)(uint8_t byte))
{
    struct cursor scan = *c;
    size_t length = 0;

    while (cursor_left(&scan) && !ends(cursor_u8(&scan)))
        length++;
    return cursor_sub(c, length);
}

static bool is_not_blank(uint8_t byte)
{
    return !is_blank(byte);
}

static bool is_line_feed(uint8_t byte)
{
    return byte == '\n';
}

static bool is_colon(uint8_t byte)
{
    return byte == ':';
}

static bool is_bracket(uint8_t byte)
{
    return byte == ']';
}

static struct cursor take_word(struct cursor *line)
{
    (void)take_until(line, is_not_blank);
    return take_until(line, is_blank);
}

/* 0 when there is none. */
static uint8_t last_byte(struct cursor c)
{
    if (cursor_left(&c))
        cursor_skip(&c, cursor_left(&c) - 1);
    return cursor_u8(&c);
}

static void trim(struct cursor *c)
{
    while (is_blank(last_byte(*c)))
        cursor_limit(c, cursor_left(c) - 1);
    (void)take_until(c, is_not_blank);
}

/* Whether the bytes begin with `word`, in whatever case; `word` is in lower case. */
static bool begins(struct cursor c, const char *word)
{
    for (; *word; word++)
        if (lower(cursor_u8(&c)) != (uint8_t)*word)
            return false;
    return cursor_ok(&c);
}

static bool equals(struct cursor c, const char *word)
{
    return cursor_left(&c) == strlen(word) && begins(c, word);
}

/* Bytes that could go on to become `word`. */
static bool may_become(struct cursor c, const char *word)
{
    for (; *word && cursor_left(&c); word++)
        if (lower(cursor_u8(&c)) != (uint8_t)*word)
            return false;
    return true;
}

/* Takes a line off that is there with its end. */
static bool take_line(struct cursor *c, struct cursor *line)
{
    struct cursor at = *c;

    *line = take_until(&at, is_line_feed);
    cursor_skip(&at, 1);
    if (!cursor_ok(&at))
        return false;
    if (last_byte(*line) == '\r')
        cursor_limit(line, cursor_left(line) - 1);
    *c = at;
    return true;
}

static void copy_printable(struct cursor from, char *text, size_t size)
{
    size_t length = 0;

    while (cursor_left(&from) && length + 1 < size) {
        uint8_t byte = cursor_u8(&from);
        text[length++] = byte >= ' ' && byte < 0x7f ? (char)byte : '?';
    }
    text[length] = 0;
}

/* Decimal digits and nothing else, at most `max`. */
static bool read_number(struct cursor c, uint64_t max, uint64_t *out)
{
    uint64_t number = 0;

    if (!cursor_left(&c))
        return false;
    while (cursor_left(&c)) {
        uint8_t digit = (uint8_t)(cursor_u8(&c) - '0');
        if (digit > 9 || number > (max - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *out = number;
    return true;
}

/* RFC 9112, section 3.2.3: host and port, both must be there. */
static bool read_target(struct cursor target, struct decode_http_connect *out)
{
    struct cursor peek = target;
    bool bracketed = cursor_u8(&peek) == '[';
    uint64_t port = 0;

    if (bracketed)
        cursor_skip(&target, 1);
    struct cursor host = take_until(&target, bracketed ? is_bracket : is_colon);
    if (bracketed)
        cursor_skip(&target, 1);
    if (cursor_u8(&target) != ':' || !cursor_ok(&target) || !read_number(target, UINT16_MAX, &port) || port == 0)
        return false;
    if (!decode_name_host(host, out->host))
        return false;
    out->port = (uint16_t)port;
    return true;
}

static enum decode_outcome cut(const struct cursor *bytes)
{
    return cursor_left(bytes) < DECODE_HTTP_HEAD_BYTES_MAX ? DECODE_TRUNCATED : DECODE_MALFORMED;
}

/* Goes over the header fields, to the empty line. */
struct fields {
    struct cursor at;
    struct cursor name, value;
};

enum step { FIELD, LAST, CUT };

static enum step next_field(struct fields *f)
{
    struct cursor line;

    if (!take_line(&f->at, &line))
        return CUT;
    if (!cursor_left(&line))
        return LAST;
    f->name = take_until(&line, is_colon);
    cursor_skip(&line, 1);
    f->value = line;
    trim(&f->value);
    return FIELD;
}

enum decode_outcome decode_http_connect(struct cursor bytes, struct decode_http_connect *out)
{
    struct fields fields;
    struct cursor line;
    enum step step;

    *out = (struct decode_http_connect){ 0 };
    cursor_limit(&bytes, DECODE_HTTP_HEAD_BYTES_MAX);
    if (!may_become(bytes, "connect "))
        return DECODE_UNSUPPORTED;
    fields.at = bytes;
    if (!take_line(&fields.at, &line))
        return cut(&bytes);
    cursor_skip(&line, sizeof "connect " - 1);
    struct cursor target = take_word(&line);
    struct cursor version = take_word(&line);
    if (!begins(version, "http/1."))
        return DECODE_MALFORMED;
    if (!read_target(target, out))
        return DECODE_MALFORMED;
    while ((step = next_field(&fields)) == FIELD)
        continue;
    if (step == CUT)
        return cut(&bytes);
    out->head_bytes = (size_t)(fields.at.at - bytes.at);
    return DECODE_OK;
}

static void read_field(const struct fields *f, struct decode_http_answer *out)
{
    struct cursor value = f->value;

    if (equals(f->name, "content-length")) {
        uint64_t length = 0;
        if (read_number(value, INT64_MAX, &length))
            out->body_bytes = length;
    } else if (equals(f->name, "transfer-encoding")) {
        out->chunked = !equals(value, "identity");
    } else if (equals(f->name, "connection") || equals(f->name, "proxy-connection")) {
        out->closes = out->closes || begins(value, "close");
    } else if (equals(f->name, "proxy-authenticate") && !out->scheme[0]) {
        copy_printable(take_word(&value), out->scheme, sizeof out->scheme);
    }
}

static bool read_status(struct cursor line, struct decode_http_answer *out)
{
    uint64_t code = 0;

    (void)take_word(&line);
    if (!read_number(take_word(&line), 999, &code) || code < 100)
        return false;
    trim(&line);
    out->code = (uint16_t)code;
    copy_printable(line, out->reason, sizeof out->reason);
    return true;
}

enum decode_outcome decode_http_answer(struct cursor bytes, struct decode_http_answer *out)
{
    struct fields fields;
    struct cursor line;
    enum step step;

    *out = (struct decode_http_answer){ 0 };
    cursor_limit(&bytes, DECODE_HTTP_HEAD_BYTES_MAX);
    if (!may_become(bytes, "http/1."))
        return DECODE_UNSUPPORTED;
    fields.at = bytes;
    if (!take_line(&fields.at, &line))
        return cut(&bytes);
    if (!read_status(line, out))
        return DECODE_MALFORMED;
    while ((step = next_field(&fields)) == FIELD)
        read_field(&fields, out);
    if (step == CUT)
        return cut(&bytes);
    out->head_bytes = (size_t)(fields.at.at - bytes.at);
    return DECODE_OK;
}
