/* SPDX-License-Identifier: Apache-2.0 */
#include "clean.h"

#include <string.h>

static void note(struct clean_sink *s, bool *flag)
{
    if (!s->broken && !s->control)
        s->broken_at = s->bytes;
    *flag = true;
}

static void end_character(struct clean_sink *s)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    bool surrogate = s->code >= 0xd800 && s->code <= 0xdfff;
    if (s->code < least[s->length] || s->code > 0x10ffff || surrogate)
        note(s, &s->broken);
    if ((s->code < 0x20 && s->code != '\n') || (s->code >= 0x7f && s->code < 0xa0))
        note(s, &s->control);
}

static void begin_character(struct clean_sink *s, uint8_t byte)
{
    s->length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    s->following = s->length - 1;
    s->code = s->length == 1 ? byte : byte & (0x3fU >> (s->length - 1));
    if ((byte >= 0x80 && byte < 0xc0) || byte >= 0xf8)
        note(s, &s->broken);
    if (!s->following)
        end_character(s);
}

static void take(struct clean_sink *s, uint8_t byte)
{
    s->digest = (s->digest ^ byte) * UINT64_C(0x100000001b3);
    if (!s->following) {
        begin_character(s, byte);
    } else if ((byte & 0xc0) != 0x80) {
        note(s, &s->broken);
        s->following = 0;
        begin_character(s, byte);
    } else {
        s->code = s->code << 6 | (byte & 0x3f);
        if (--s->following == 0)
            end_character(s);
    }
    s->bytes++;
}

static bool take_all(void *context, const char *bytes, size_t length)
{
    struct clean_sink *s = context;
    for (size_t i = 0; i < length; i++)
        take(s, (uint8_t)bytes[i]);
    return true;
}

struct wspscope_sink clean_sink_of(struct clean_sink *sink)
{
    *sink = (struct clean_sink){ .digest = UINT64_C(0xcbf29ce484222325) };
    return (struct wspscope_sink){ .write = take_all, .context = sink };
}

bool clean_text(const char *text)
{
    struct clean_sink s;
    struct wspscope_sink sink = clean_sink_of(&s);
    sink.write(sink.context, text, strlen(text));
    return !s.broken && !s.control && !s.following && !strchr(text, '\n');
}
