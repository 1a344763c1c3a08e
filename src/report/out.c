/* SPDX-License-Identifier: Apache-2.0 */
#include "report/out.h"

#include <string.h>

void report_out_bytes(struct report_out *out, const char *bytes, size_t length)
{
    while (length > 0 && !out->failed) {
        size_t room = sizeof out->bytes - out->length;
        size_t part = length < room ? length : room;
        memcpy(out->bytes + out->length, bytes, part);
        out->length += part;
        bytes += part;
        length -= part;
        if (out->length == sizeof out->bytes)
            (void)report_out_flush(out);
    }
}

void report_out_text(struct report_out *out, const char *text)
{
    report_out_bytes(out, text, strlen(text));
}

void report_out_spaces(struct report_out *out, size_t count)
{
    while (count-- > 0)
        report_out_bytes(out, " ", 1);
}

void report_out_fail(struct report_out *out)
{
    out->failed = true;
    out->length = 0;
}

bool report_out_flush(struct report_out *out)
{
    if (!out->failed && out->length > 0 && !out->sink.write(out->sink.context, out->bytes, out->length))
        out->failed = true;
    out->length = 0;
    return !out->failed;
}
