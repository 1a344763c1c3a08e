/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/fields.h"

#include <string.h>

enum {
    PORTS_MAX = 8,
    LABEL_MAX = 63,
    NAME_MAX_BYTES = 253,
    CODE_MAX = 32,
    DIGITS_MAX = 15,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-';
}

bool endpoint_fields_prefix(const char *text, struct ipaddr_prefix *out)
{
    static const struct ipaddr_prefix all_v4 = { .address = { .bytes = { [10] = 0xff, [11] = 0xff } }, .length = 96 };
    /* One as wide as that would answer for all of IPv4. */
    return ipaddr_prefix_parse(text, out) && !ipaddr_prefix_contains(out, &all_v4.address);
}

bool endpoint_fields_role(const char *text, enum endpoint_role *out)
{
    for (int role = ENDPOINT_ROLE_NONE + 1; role < ENDPOINT_ROLE_UNKNOWN; role++) {
        if (strcmp(text, endpoint_role_name((enum endpoint_role)role)) == 0) {
            *out = (enum endpoint_role)role;
            return true;
        }
    }
    return false;
}

static const char *const coverages[] = {
    [ENDPOINT_DOCUMENTED] = "documented",
    [ENDPOINT_UNDOCUMENTED] = "undocumented",
    [ENDPOINT_NO_WORKSPACES] = "none",
};

bool endpoint_fields_coverage(const char *text, enum endpoint_coverage *out)
{
    for (size_t i = 0; i < sizeof coverages / sizeof *coverages; i++) {
        if (strcmp(text, coverages[i]) == 0) {
            *out = (enum endpoint_coverage)i;
            return true;
        }
    }
    return false;
}

const char *endpoint_fields_coverage_name(enum endpoint_coverage coverage)
{
    return coverages[coverage];
}

/* One "tcp/4195"; NULL when it is not, else what follows it. */
static const char *one_port(const char *text)
{
    if (strncmp(text, "tcp/", 4) != 0 && strncmp(text, "udp/", 4) != 0)
        return NULL;
    long port = 0;
    const char *at = text + 4;
    for (; is_digit(*at) && at - text < 9; at++)
        port = port * 10 + (*at - '0');
    return text[4] != '0' && port > 0 && port <= 65535 ? at : NULL;
}

bool endpoint_fields_ports(const char *text)
{
    for (int count = 0; count < PORTS_MAX; count++) {
        text = one_port(text);
        if (!text || (*text != ',' && *text != '\0'))
            return false;
        if (*text++ == '\0')
            return true;
    }
    return false;
}

bool endpoint_fields_date(const char *text)
{
    static const char form[] = "0000-00-00";
    size_t length = strlen(text);
    if (length != 4 && length != 7 && length != 10)
        return false;
    for (size_t i = 0; i < length; i++)
        if (form[i] == '0' ? !is_digit(text[i]) : text[i] != form[i])
            return false;
    return true;
}

bool endpoint_fields_code(const char *text)
{
    size_t length = 0;
    while (is_word(text[length]))
        length++;
    return length > 0 && length <= CODE_MAX && text[length] == '\0';
}

/* The length of the label at `text`; 0 when it is none. */
static size_t label_length(const char *text)
{
    static const char placeholder[] = "<region>";
    if (strncmp(text, placeholder, sizeof placeholder - 1) == 0)
        return sizeof placeholder - 1;
    size_t length = 0;
    while (is_word(text[length]) || text[length] == '_')
        length++;
    return length <= LABEL_MAX ? length : 0;
}

bool endpoint_fields_pattern(const char *text)
{
    if (strlen(text) > NAME_MAX_BYTES)
        return false;
    if (strncmp(text, "*.", 2) == 0)
        text += 2;
    for (;;) {
        size_t length = label_length(text);
        if (length == 0)
            return false;
        text += length;
        if (*text == '\0')
            return true;
        if (*text++ != '.')
            return false;
    }
}

bool endpoint_fields_number(const char *text, double *out)
{
    double value = 0, unit = 1;
    size_t digits = 0;
    bool fraction = false;
    for (; *text; text++) {
        if (*text == '.' && !fraction && digits > 0) {
            fraction = true;
            continue;
        }
        if (!is_digit(*text) || ++digits > DIGITS_MAX)
            return false;
        value = value * 10 + (*text - '0');
        unit *= fraction ? 10 : 1;
    }
    *out = value / unit;
    return digits > 0 && text[-1] != '.';
}
