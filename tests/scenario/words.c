/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/nsec.h"

static const char *skip_spaces(const char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

bool words_split(struct arena *arena, const char *line, struct words *out)
{
    out->count = out->at = 0;
    for (const char *at = skip_spaces(line); *at && *at != '#'; at = skip_spaces(at)) {
        bool quoted = *at == '"';
        at += quoted;
        size_t length = strcspn(at, quoted ? "\"" : " \t");
        if (out->count == WORDS_MAX || (quoted && !at[length]))
            return false;
        out->word[out->count++] = arena_format(arena, "%.*s", (int)length, at);
        at += length + quoted;
    }
    return true;
}

const char *words_next(struct words *words)
{
    return words->at < words->count ? words->word[words->at++] : NULL;
}

const char *words_peek(const struct words *words)
{
    return words->at < words->count ? words->word[words->at] : NULL;
}

bool words_accept(struct words *words, const char *word)
{
    const char *next = words_peek(words);
    if (!next || strcmp(next, word) != 0)
        return false;
    words->at++;
    return true;
}

bool words_number(const char *word, int64_t *out)
{
    char *end;
    errno = 0;
    long long value = strtoll(word, &end, 0);
    *out = value;
    return end != word && !*end && !errno;
}

/* A number and what stands after it. */
static bool real_with_unit(const char *word, double *out, const char **unit)
{
    char *end;
    if (*word < '0' || *word > '9')
        return false;
    *out = strtod(word, &end);
    *unit = end;
    return end != word;
}

bool words_real(const char *word, double *out)
{
    const char *unit;
    bool negative = *word == '-';
    if (!real_with_unit(word + negative, out, &unit) || *unit)
        return false;
    if (negative)
        *out = -*out;
    return true;
}

bool words_seconds(const char *word, int64_t *out_ns)
{
    double seconds;
    if (!words_real(word, &seconds) || seconds < 0 || seconds > 1e6)
        return false;
    *out_ns = (int64_t)(seconds * 1e6 + 0.5) * 1000; /* whole microseconds */
    return true;
}

bool words_duration(const char *word, int64_t *out_ns)
{
    static const struct {
        const char *unit;
        double ns;
    } units[] = { { "s", 1e9 }, { "ms", 1e6 }, { "us", 1e3 }, { "min", 60e9 } };
    double value;
    const char *unit;
    if (!real_with_unit(word, &value, &unit))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(unit, units[i].unit) != 0)
            continue;
        *out_ns = (int64_t)(value * units[i].ns + 0.5);
        return true;
    }
    return false;
}

bool words_bytes(const char *word, int64_t *out)
{
    double value;
    const char *unit;
    if (!real_with_unit(word, &value, &unit))
        return false;
    double scale = !*unit ? 1 : strcmp(unit, "kB") == 0 ? 1e3 : strcmp(unit, "MB") == 0 ? 1e6 : 0;
    *out = (int64_t)(value * scale + 0.5);
    return scale > 0;
}
