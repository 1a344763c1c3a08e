/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/parse.h"

#include <string.h>

#include "base/text.h"

static enum status check_line(const char *file, size_t number, const char *line, size_t length, struct error *error)
{
    if (!text_is_utf8((const uint8_t *)line, length))
        return error_set(error, STATUS_BAD_INPUT, "%s, line %zu is not valid UTF-8; save the file as UTF-8 text.", file,
                         number);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)line[i];
        if ((c < 0x20 && c != '\t' && !(c == '\r' && i + 1 == length)) || c == 0x7f)
            return error_set(error, STATUS_BAD_INPUT,
                             "%s, line %zu holds the control character 0x%02x at byte %zu; only tabs may stand between "
                             "the fields.", file, number, c, i + 1);
    }
    return STATUS_OK;
}

enum status endpoint_parse_check(const char *file, const char *bytes, size_t length, struct error *error)
{
    size_t number = 1;
    for (const char *at = bytes, *end = bytes + length; at < end; number++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t line_length = (size_t)((stop ? stop : end) - at);
        enum status status = check_line(file, number, at, line_length, error);
        if (status != STATUS_OK)
            return status;
        at += line_length + 1;
    }
    return STATUS_OK;
}

size_t endpoint_parse_lines(const char *bytes, size_t length)
{
    size_t lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += bytes[i] == '\n';
    return lines;
}

/* The next line, zero-terminated in place; NULL after the last. */
static char *next_line(struct endpoint_parse *parse)
{
    if (parse->at >= parse->end)
        return NULL;
    char *line = parse->at;
    size_t length = strcspn(line, "\n");
    parse->at = line + length + 1;
    parse->line++;
    if (length > 0 && line[length - 1] == '\r')
        length--;
    line[length] = '\0';
    return line;
}

static size_t split(char *text, struct endpoint_line *line)
{
    size_t count = 0;
    for (char *field = text; field; count++) {
        char *tab = strchr(field, '\t');
        if (tab)
            *tab = '\0';
        if (count < ENDPOINT_PARSE_COLUMNS)
            line->field[count] = *field == '\0' || strcmp(field, "-") == 0 ? NULL : field;
        field = tab ? tab + 1 : NULL;
    }
    return count;
}

enum status endpoint_parse_next(struct endpoint_parse *parse, size_t columns, struct endpoint_line *line,
                                struct error *error)
{
    char *text;
    do {
        text = next_line(parse);
        if (!text)
            return STATUS_END;
    } while (*text == '\0' || *text == '#');

    *line = (struct endpoint_line){ .file = parse->file, .number = parse->line };
    size_t found = split(text, line);
    if (found == columns)
        return STATUS_OK;
    return error_set(error, STATUS_BAD_INPUT,
                     "%s, line %zu has %zu field%s where %zu are needed; separate them by single tabs and write - for "
                     "one without a value.", parse->file, parse->line, found, found == 1 ? "" : "s", columns);
}
