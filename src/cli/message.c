/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum { MESSAGE_BYTES_MAX = 8192, WORD_MAX = 31 };

void cli_message(const char *format, ...)
{
    int error_number = errno;
    char sentence[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);

    struct text line;
    text_init(&line, MESSAGE_BYTES_MAX);
    text_add(&line, "wspscope: ");
    text_add_escaped(&line, sentence);
    text_add(&line, "\n");
    if (write(STDERR_FILENO, line.bytes, line.length) < 0) {
        /* There is nobody left to tell. */
    }
    text_free(&line);
    errno = error_number;
}

static unsigned smallest(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;
    return least < c ? least : c;
}

/* How many letters must be changed, added, removed or swapped with their neighbour to make `b` of `a`. */
static unsigned distance(const char *a, const char *b)
{
    unsigned rows[3][WORD_MAX + 1];
    size_t a_length = strlen(a), b_length = strlen(b);
    for (unsigned j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a_length; i++) {
        unsigned *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        now[0] = i;
        for (unsigned j = 1; j <= b_length; j++) {
            unsigned changed = before[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = smallest(changed, before[j] + 1, now[j - 1] + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && earlier[j - 2] + 1 < now[j])
                now[j] = earlier[j - 2] + 1;
        }
    }
    return rows[a_length % 3][b_length];
}

const char *cli_message_nearest(const char *word, const char *const *words)
{
    size_t length = strlen(word);
    unsigned best = length < 5 ? 2 : 3; /* one wrong letter in a short word, two in a long one */
    const char *nearest = NULL;
    for (; *words; words++) {
        if (length > WORD_MAX || strlen(*words) > WORD_MAX)
            continue;
        unsigned d = distance(word, *words);
        if (d < best && d < length) {
            best = d;
            nearest = *words;
        }
    }
    return nearest;
}
