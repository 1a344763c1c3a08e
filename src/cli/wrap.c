/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/wrap.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum { COLUMNS = 80, WORD_BYTES_MAX = 4096 };

void cli_wrap_print(FILE *out, const char *text, size_t indent, size_t column)
{
    bool first = true;
    text += strspn(text, " \n");
    while (*text) {
        struct text word;
        size_t length = strcspn(text, " \n");
        text_init(&word, WORD_BYTES_MAX);
        text_add_bytes(&word, text, length);
        size_t columns = text_columns(word.bytes);
        if (!first && column + 1 + columns > COLUMNS) {
            fputc('\n', out);
            column = 0;
            first = true;
        }
        size_t space = !first ? 1 : column < indent ? indent - column : 0;
        fprintf(out, "%*s%s", (int)space, "", word.bytes);
        column += space + columns;
        first = false;
        text_free(&word);
        text += length;
        text += strspn(text, " \n");
    }
    fputc('\n', out);
}
