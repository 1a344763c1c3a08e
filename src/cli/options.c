/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <string.h>

#include "base/text.h"
#include "cli/message.h"
#include "cli/number.h"
#include "cli/wrap.h"
#include "wspscope/render.h"

enum kind {
    FLAG,    /* `offset` is a bool that becomes true */
    STRING,  /* `offset` is a const char * that becomes the value */
    PARSED,  /* `set` reads the value */
};

struct option {
    char letter; /* 0: none */
    const char *name;
    const char *value; /* what the help calls it; NULL: the option takes none */
    enum kind kind;
    size_t offset;
    enum status (*set)(struct cli_options *o, const char *value, struct error *error);
    const char *help;
};

static enum status set_format(struct cli_options *o, const char *value, struct error *error)
{
    const char *const *formats = wspscope_formats();
    char known[200] = "";
    size_t used = 0;
    for (size_t i = 0; formats[i]; i++) {
        if (strcmp(value, formats[i]) == 0) {
            o->format = formats[i];
            return STATUS_OK;
        }
        int length = snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "", formats[i]);
        used += length > 0 && (size_t)length < sizeof known - used ? (size_t)length : 0;
    }
    return error_set(error, STATUS_BAD_USAGE, "There is no format \"%s\"; the formats are: %s.", value, known);
}

static enum status set_output(struct cli_options *o, const char *value, struct error *error)
{
    if (*value == '\0')
        return error_set(error, STATUS_BAD_USAGE, "--output needs the name of a file; \"-\" is stdout.");
    o->output = strcmp(value, "-") == 0 ? NULL : value;
    return STATUS_OK;
}

static enum status add_port(uint16_t ports[CLI_OPTIONS_PORTS_MAX], size_t *count, const char *value,
                            struct error *error)
{
    uint64_t port;
    if (!cli_number_parse(value, 1, 65535, &port))
        return error_set(error, STATUS_BAD_USAGE, "\"%s\" is no port: a number from 1 to 65535 is needed.", value);
    if (*count == CLI_OPTIONS_PORTS_MAX)
        return error_set(error, STATUS_BAD_USAGE, "More than %d ports were given: that is too many.",
                         CLI_OPTIONS_PORTS_MAX);
    ports[(*count)++] = (uint16_t)port;
    return STATUS_OK;
}

static enum status set_port(struct cli_options *o, const char *value, struct error *error)
{
    return add_port(o->ports, &o->analysis.port_count, value, error);
}

static enum status set_proxy_port(struct cli_options *o, const char *value, struct error *error)
{
    return add_port(o->proxy_ports, &o->analysis.proxy_port_count, value, error);
}

static enum status set_threshold(struct cli_options *o, const char *value, struct error *error)
{
    const char *equals = strchr(value, '=');
    if (!equals || equals == value || equals[1] == '\0')
        return error_set(error, STATUS_BAD_USAGE, "\"%s\" is no threshold: write NAME=VALUE; `wspscope findings` "
                         "names them.", value);
    if (o->analysis.threshold_count == CLI_OPTIONS_THRESHOLDS_MAX)
        return error_set(error, STATUS_BAD_USAGE, "More than %d thresholds were given; put them into a table and name "
                         "its folder with --endpoints.", CLI_OPTIONS_THRESHOLDS_MAX);
    o->thresholds[o->analysis.threshold_count++] = value;
    return STATUS_OK;
}

static enum status set_max_flows(struct cli_options *o, const char *value, struct error *error)
{
    if (!cli_number_parse(value, 1, UINT32_MAX, &o->analysis.max_flows))
        return error_set(error, STATUS_BAD_USAGE, "\"%s\" is no number of flows: 1 or more is needed.", value);
    return STATUS_OK;
}

static enum status set_max_memory(struct cli_options *o, const char *value, struct error *error)
{
    if (!cli_number_parse_size(value, &o->analysis.max_memory_bytes))
        return error_set(error, STATUS_BAD_USAGE, "\"%s\" is no size: write bytes, or a number with k, M or G, for "
                         "example 512M.", value);
    return STATUS_OK;
}

static enum status parse_parallel(unsigned *out, const char *what, const char *value, struct error *error)
{
    uint64_t number;
    if (!cli_number_parse(value, 1, CLI_OPTIONS_JOBS_MAX, &number))
        return error_set(error, STATUS_BAD_USAGE, "\"%s\" is no number of %s: 1 to %d are possible.", value, what,
                         CLI_OPTIONS_JOBS_MAX);
    *out = (unsigned)number;
    return STATUS_OK;
}

static enum status set_threads(struct cli_options *o, const char *value, struct error *error)
{
    return parse_parallel(&o->analysis.threads, "threads", value, error);
}

static enum status set_jobs(struct cli_options *o, const char *value, struct error *error)
{
    return parse_parallel(&o->jobs, "jobs", value, error);
}

static enum status set_fail_on(struct cli_options *o, const char *value, struct error *error)
{
    for (enum wspscope_severity s = 0; s < WSPSCOPE_SEVERITIES; s++) {
        if (strcmp(value, wspscope_severity_name(s)) == 0) {
            o->fail_on = (int)s;
            return STATUS_OK;
        }
    }
    return error_set(error, STATUS_BAD_USAGE, "\"%s\" is no severity: write --fail-on problem, warning or notice.",
                     value);
}

static enum status set_color(struct cli_options *o, const char *value, struct error *error)
{
    static const char *const words[] = { "auto", "always", "never" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(value, words[i]) == 0) {
            o->color = (enum cli_options_color)i;
            return STATUS_OK;
        }
    }
    return error_set(error, STATUS_BAD_USAGE, "\"%s\" is not possible: write --color auto, always or never.", value);
}

#define AT(member) offsetof(struct cli_options, member)

static const struct option options[] = {
    { 'f', "format", "FORMAT", PARSED, 0, set_format, "text (the default), json or ndjson" },
    { 'o', "output", "FILE", PARSED, 0, set_output,
      "write the report to FILE, which appears only when it is complete" },
    { 0, "filter", "BPF", STRING, AT(analysis.filter), NULL, "look only at packets that this libpcap filter passes" },
    { 0, "region", "CODE", STRING, AT(analysis.region), NULL,
      "your Region, for example eu-west-2: says when sessions go elsewhere" },
    { 0, "port", "N", PARSED, 0, set_port, "follow this port too (may be repeated)" },
    { 0, "proxy-port", "N", PARSED, 0, set_proxy_port, "a web proxy listens on this port (may be repeated)" },
    { 0, "endpoints", "DIR", STRING, AT(analysis.endpoints_directory), NULL,
      "use the tables in DIR for addresses, names and thresholds" },
    { 0, "threshold", "NAME=VALUE", PARSED, 0, set_threshold,
      "judge by this value instead of the table's (may be repeated)" },
    { 0, "max-flows", "N", PARSED, 0, set_max_flows, "follow at most N flows at a time (1048576)" },
    { 0, "max-memory", "SIZE", PARSED, 0, set_max_memory,
      "stay below SIZE bytes for each input; k, M and G are known" },
    { 0, "threads", "N", PARSED, 0, set_threads, "threads for one input, at most 4 (by processors and size)" },
    { 'j', "jobs", "N", PARSED, 0, set_jobs, "inputs to analyze at the same time (one for each processor)" },
    { 0, "no-dpi", NULL, FLAG, AT(analysis.no_dpi), NULL, "do not ask nDPI what a flow carries" },
    { 0, "no-sandbox", NULL, FLAG, AT(no_sandbox), NULL,
      "let the process that reads a capture open files and sockets: a flaw in a parser then gives a stranger's capture "
      "your rights" },
    { 0, "sha256", NULL, FLAG, AT(analysis.sha256), NULL, "put the SHA-256 of each file into the report" },
    { 0, "fail-on", "SEVERITY", PARSED, 0, set_fail_on,
      "exit with 1 when there is a finding this severe: problem, warning or notice" },
    { 0, "flows", NULL, FLAG, AT(analysis.flows), NULL, "add the table of followed flows" },
    { 0, "color", "WHEN", PARSED, 0, set_color, "auto (on a terminal, unless NO_COLOR is set), always or never" },
    { 'q', "quiet", NULL, FLAG, AT(quiet), NULL, "the verdict and the findings only" },
    { 'v', "verbose", NULL, FLAG, AT(verbose), NULL, "all evidence and every session" },
    { 'h', "help", NULL, FLAG, AT(help), NULL, "this text" },
    { 0, "version", NULL, FLAG, AT(version), NULL, "the version" },
};

enum { OPTIONS = sizeof options / sizeof *options, HELP_COLUMN = 30 };

static enum status apply(struct cli_options *o, const struct option *option, const char *value, struct error *error)
{
    char *field = (char *)o + option->offset;
    switch (option->kind) {
    case FLAG:
        memcpy(field, &(bool){ true }, sizeof(bool));
        return STATUS_OK;
    case STRING:
        if (*value == '\0')
            return error_set(error, STATUS_BAD_USAGE, "--%s needs a value (%s).", option->name, option->value);
        memcpy(field, &value, sizeof value);
        return STATUS_OK;
    case PARSED:
        return option->set(o, value, error);
    }
    return STATUS_OK;
}

static enum status unknown(const char *name, size_t length, struct error *error)
{
    char word[64];
    const char *names[OPTIONS + 1] = { NULL };
    for (size_t i = 0; i < OPTIONS; i++)
        names[i] = options[i].name;
    snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word), name);
    const char *nearest = cli_message_nearest(word, names);
    if (nearest)
        return error_set(error, STATUS_BAD_USAGE, "There is no option --%s; did you mean --%s?", word, nearest);
    return error_set(error, STATUS_BAD_USAGE, "There is no option --%s; `wspscope --help` lists them.", word);
}

/* What is left of the command line. */
struct arguments {
    char **at, **end;
};

/* "--name", "--name=value", "--name value" */
static enum status parse_long(struct cli_options *o, const char *name, struct arguments *rest, struct error *error)
{
    size_t length = strcspn(name, "=");
    const struct option *option = NULL;
    for (size_t i = 0; i < OPTIONS && !option; i++)
        if (strlen(options[i].name) == length && memcmp(options[i].name, name, length) == 0)
            option = &options[i];
    if (!option)
        return unknown(name, length, error);

    const char *value = name[length] == '=' ? name + length + 1 : NULL;
    if (value && !option->value)
        return error_set(error, STATUS_BAD_USAGE, "--%s takes no value.", option->name);
    if (!value && option->value) {
        if (rest->at == rest->end)
            return error_set(error, STATUS_BAD_USAGE, "--%s needs a value (%s).", option->name, option->value);
        value = *rest->at++;
    }
    return apply(o, option, value, error);
}

/* "-q", "-qv", "-fjson", "-f json" */
static enum status parse_letters(struct cli_options *o, const char *letters, struct arguments *rest,
                                 struct error *error)
{
    for (; *letters; letters++) {
        const struct option *option = NULL;
        for (size_t i = 0; i < OPTIONS && !option; i++)
            if (options[i].letter == *letters)
                option = &options[i];
        if (!option)
            return error_set(error, STATUS_BAD_USAGE, "There is no option -%c; `wspscope --help` lists them.",
                             *letters);
        const char *value = letters[1] ? letters + 1 : NULL;
        if (option->value && !value) {
            if (rest->at == rest->end)
                return error_set(error, STATUS_BAD_USAGE, "-%c needs a value (%s).", option->letter, option->value);
            value = *rest->at++;
        }
        enum status status = apply(o, option, value, error);
        if (status != STATUS_OK || option->value)
            return status;
    }
    return STATUS_OK;
}

enum status cli_options_parse(struct cli_options *o, int argc, char **argv, struct error *error)
{
    *o = (struct cli_options){ .format = "text", .fail_on = -1 };
    struct arguments rest = { argv + 1, argv + argc };
    char **input = argv + 1;
    bool only_inputs = false;
    enum status status = STATUS_OK;

    while (rest.at < rest.end && status == STATUS_OK) {
        char *argument = *rest.at++;
        if (only_inputs || argument[0] != '-' || argument[1] == '\0')
            *input++ = argument;
        else if (strcmp(argument, "--") == 0)
            only_inputs = true;
        else if (argument[1] == '-')
            status = parse_long(o, argument + 2, &rest, error);
        else
            status = parse_letters(o, argument + 1, &rest, error);
    }
    o->inputs = (const char *const *)(argv + 1);
    o->input_count = (size_t)(input - (argv + 1));
    o->analysis.ports = o->ports;
    o->analysis.proxy_ports = o->proxy_ports;
    o->analysis.thresholds = o->thresholds;
    return status;
}

enum status cli_options_hash_key(struct cli_options *o, const char *digits, struct error *error)
{
    if (!digits || *digits == '\0')
        return STATUS_OK;
    if (!cli_number_parse_hex128(digits, o->hash_key))
        return error_set(error, STATUS_BAD_USAGE, "WSPSCOPE_HASH_KEY is \"%s\": 1 to 32 hexadecimal digits are "
                         "needed, or nothing.", digits);
    o->analysis.hash_key = o->hash_key;
    return STATUS_OK;
}

void cli_options_print(FILE *out)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        const struct option *o = &options[i];
        int column = fprintf(out, "  %c%c%c --%s%s%s", o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
                             o->letter ? ',' : ' ', o->name, o->value ? " " : "", o->value ? o->value : "");
        cli_wrap_print(out, o->help, HELP_COLUMN, column > 0 ? (size_t)column : 0);
    }
}
