/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "capture/foreign.h"

#define RECORD "record again with `tcpdump -w FILE`, which keeps the packets themselves"

static const struct capture_foreign har = { "a HAR log of a browser, which holds no packets", RECORD };
static const struct capture_foreign json = { "JSON, not a capture", RECORD };
static const struct capture_foreign pdml = { "packet details as XML (PDML or PSML)", RECORD };
static const struct capture_foreign xml = { "XML or HTML, not a capture", RECORD };
static const struct capture_foreign tcpdump = { "the text that tcpdump or tshark prints", RECORD };
static const struct capture_foreign hex_dump = { "a hex dump as text", "convert it with `text2pcap IN OUT`" };
static const struct capture_foreign key_log = {
    "a TLS key log, which holds no packets", "give the capture it belongs to"
};
static const struct capture_foreign utf16 = { "text in UTF-16, as PowerShell writes it", RECORD };
static const struct capture_foreign plain = { "text, not a capture", RECORD };

static bool contains(const uint8_t *head, size_t length, const char *word)
{
    return memmem(head, length, word, strlen(word)) != NULL;
}

/* Printable UTF-8 as far as it goes: the last character may be cut. */
static bool is_text(const uint8_t *head, size_t length)
{
    enum { CUT_BYTES_MAX = 3, SHORTEST = 16 };
    for (size_t i = 0; i < length; i++)
        if (head[i] == 0 || head[i] == 0x7f || (head[i] < 0x20 && !strchr("\t\n\r\f\x1b", head[i])))
            return false;
    for (size_t cut = 0; cut <= CUT_BYTES_MAX && cut <= length; cut++)
        if (text_is_utf8(head, length - cut))
            return cut == 0 || length > SHORTEST;
    return false;
}

static size_t digits(const uint8_t *at, size_t length)
{
    size_t count = 0;
    while (count < length && isxdigit(at[count]))
        count++;
    return count;
}

/* "0000  00 1b 21 ..." or "0x0000:  4500 ...", as xxd, Wireshark and tcpdump -x print. */
static bool is_hex_line(const uint8_t *at, size_t length)
{
    enum { OFFSET_DIGITS_MIN = 4, OFFSET_DIGITS_MAX = 8, PAIR = 2, WORD = 4 };
    size_t offset = digits(at, length);
    if (offset < OFFSET_DIGITS_MIN || offset > OFFSET_DIGITS_MAX)
        return false;
    size_t i = offset;
    while (i < length && (at[i] == ' ' || at[i] == ':' || at[i] == '\t'))
        i++;
    size_t group = digits(at + i, length - i);
    return i > offset && (group == PAIR || group == WORD) && (i + group == length || isspace(at[i + group]));
}

/* "10:00:00.123456 IP 10.0.0.1 > ...", or "1 0.000000 10.0.0.1", an arrow, "10.0.0.2 TCP". */
static bool is_tcpdump_line(const uint8_t *at, size_t length)
{
    return contains(at, length, " IP ") || contains(at, length, " IP6 ") || contains(at, length, " ARP, ")
           || (contains(at, length, " \xe2\x86\x92 ") && length > 0 && isdigit(at[0]));
}

static size_t line_length(const uint8_t *at, size_t length)
{
    const uint8_t *end = memchr(at, '\n', length);
    return end ? (size_t)(end - at) : length;
}

static bool starts_with(const uint8_t *at, size_t length, const char *prefix)
{
    size_t count = strlen(prefix);
    return length >= count && memcmp(at, prefix, count) == 0;
}

static const struct capture_foreign *of_first_line(const uint8_t *at, size_t length)
{
    size_t line = line_length(at, length);
    if (starts_with(at, line, "0x0000:"))
        return &tcpdump;
    if (is_hex_line(at, line))
        return &hex_dump;
    if (is_tcpdump_line(at, line))
        return &tcpdump;
    if (starts_with(at, line, "CLIENT_RANDOM ") || starts_with(at, line, "CLIENT_HANDSHAKE_TRAFFIC_SECRET ")
        || starts_with(at, line, "# SSL/TLS secrets log"))
        return &key_log;
    return &plain;
}

const struct capture_foreign *capture_foreign_text(const uint8_t *head, size_t length)
{
    if (starts_with(head, length, "\xff\xfe") || starts_with(head, length, "\xfe\xff"))
        return &utf16;
    if (starts_with(head, length, "\xef\xbb\xbf")) {
        head += 3;
        length -= 3;
    }
    while (length > 0 && isspace(*head)) {
        head++;
        length--;
    }
    if (length == 0 || !is_text(head, length))
        return NULL;
    if (*head == '{' || *head == '[')
        return contains(head, length, "\"log\"") && contains(head, length, "\"creator\"") ? &har : &json;
    if (*head == '<')
        return contains(head, length, "<pdml") || contains(head, length, "<psml") ? &pdml : &xml;
    return of_first_line(head, length);
}
