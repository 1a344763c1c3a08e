/* SPDX-License-Identifier: Apache-2.0 */
#include "expect/number.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Reports mean three decimals (wspscope/report.h): two numbers that print alike are equal. */
static const double half_a_thousandth = 0.0005000001;

enum { DIGITS_LIMIT = 18 };

static const char *parse_digits(const char *at, double *number, double *scale)
{
    const char *start = at;
    for (; isdigit((unsigned char)*at) && at - start < DIGITS_LIMIT; at++) {
        *number = *number * 10 + (*at - '0');
        *scale *= 10;
    }
    return at > start ? at : NULL;
}

/* What follows the number; NULL when there is none. */
static const char *parse_prefix(const char *text, double *out)
{
    bool negative = *text == '-';
    double number = 0, scale = 1, fraction_scale = 1;
    const char *at = parse_digits(text + (negative || *text == '+'), &number, &scale);
    if (at && *at == '.')
        at = parse_digits(at + 1, &number, &fraction_scale);
    number /= fraction_scale;
    *out = negative ? -number : number;
    return at;
}

bool expect_number_parse(const char *text, double *out)
{
    const char *end = parse_prefix(text, out);
    return end && *end == '\0';
}

/* strtod() and printf() follow the locale's decimal comma; YAML does not. */
void expect_number_add(struct text *out, double number)
{
    if (!(fabs(number) < 1e15)) {
        text_add(out, "null");
        return;
    }
    int64_t thousandths = (int64_t)llround(fabs(number) * 1000);
    if (number < 0 && thousandths != 0)
        text_add(out, "-");
    text_addf(out, "%" PRId64, thousandths / 1000);
    if (thousandths % 1000 == 0)
        return;
    char decimals[8];
    snprintf(decimals, sizeof decimals, ".%03d", (int)(thousandths % 1000));
    for (size_t last = strlen(decimals) - 1; decimals[last] == '0'; last--)
        decimals[last] = '\0';
    text_add(out, decimals);
}

bool expect_number_is_tolerance(const struct expect_node *node)
{
    static const char *const names[] = { "min", "max", "value", "within" };
    size_t known = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        known += expect_node_get(node, names[i]) != NULL;
    return known > 0 && known == node->count;
}

static bool read_number(const struct expect_node *node, double *out)
{
    return node->type == EXPECT_SCALAR && expect_number_parse(node->text, out);
}

/* The half width of {value, within}; negative when it cannot be read. */
static double read_within(const struct expect_node *node, double value)
{
    double within;
    const char *end = node->type == EXPECT_SCALAR ? parse_prefix(node->text, &within) : NULL;
    if (!end || (*end != '\0' && strcmp(end, "%") != 0))
        return -1;
    return *end == '%' ? fabs(value) * within / 100 : within;
}

static const char *read_value_within(const struct expect_node *node, struct expect_number_range *out,
                                     const struct expect_node **at)
{
    const struct expect_node *value = expect_node_get(node, "value"), *within = expect_node_get(node, "within");
    double center, width = 0;
    if (!value)
        return "`within` needs a `value` beside it";
    if (node->count > (within ? 2u : 1u))
        return "`value` does not go with `min` and `max`";
    *at = value;
    if (!read_number(value, &center))
        return "`value` must be a number";
    if (within)
        width = read_within(within, center);
    *at = within;
    if (width < 0)
        return "`within` must be a number or a percentage, such as 10%";
    *out = (struct expect_number_range){ .min = center - width, .max = center + width };
    return NULL;
}

static const char *read_min_max(const struct expect_node *node, struct expect_number_range *out,
                                const struct expect_node **at)
{
    const struct expect_node *min = expect_node_get(node, "min"), *max = expect_node_get(node, "max");
    *out = (struct expect_number_range){ .min = -INFINITY, .max = INFINITY };
    *at = min;
    if (min && !read_number(min, &out->min))
        return "`min` must be a number";
    *at = max;
    if (max && !read_number(max, &out->max))
        return "`max` must be a number";
    return out->min > out->max ? "`max` is less than `min`" : NULL;
}

const char *expect_number_range(const struct expect_node *node, struct expect_number_range *out,
                                const struct expect_node **at)
{
    double number;
    *at = node;
    if (read_number(node, &number)) {
        *out = (struct expect_number_range){ .min = number, .max = number };
        return NULL;
    }
    if (!expect_number_is_tolerance(node))
        return "a number is wanted, or {min: N, max: N}, or {value: N, within: N or N%}";
    if (expect_node_get(node, "value") || expect_node_get(node, "within"))
        return read_value_within(node, out, at);
    return read_min_max(node, out, at);
}

bool expect_number_holds(const struct expect_number_range *range, double number)
{
    return number >= range->min - half_a_thousandth && number <= range->max + half_a_thousandth;
}
