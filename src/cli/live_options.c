/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/live_options.h"

#include <stdlib.h>
#include <string.h>

#include "cli/number.h"
#include "cli/wrap.h"

enum { HELP_COLUMN = 26 };

struct option {
    char letter; /* 0: none */
    const char *name;
    const char *value; /* NULL: the option takes none */
    enum status (*set)(struct cli_live_options *o, const char *value, struct error *error);
    const char *help;
};

static enum status add_interface(struct cli_live_options *o, const char *value, struct error *error)
{
    if (*value == '\0')
        return error_set(error, STATUS_BAD_USAGE, "--interface needs a name; `wspscope live --list` shows them.");
    if (o->interfaces.count == CLI_LIVE_INTERFACES_MAX)
        return error_set(error, STATUS_BAD_USAGE, "More than %d interfaces were named: that is too many.",
                         CLI_LIVE_INTERFACES_MAX);
    o->names[o->interfaces.count++] = value;
    return STATUS_OK;
}

static enum status set_list(struct cli_live_options *o, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    o->list = true;
    return STATUS_OK;
}

static enum status set_snap(struct cli_live_options *o, const char *value, struct error *error)
{
    uint64_t bytes;
    if (!cli_number_parse(value, 64, 262144, &bytes))
        return error_set(error, STATUS_BAD_USAGE, "\"%s\" is no snap length: 64 to 262144 bytes are possible.", value);
    o->interfaces.snap_bytes = (uint32_t)bytes;
    return STATUS_OK;
}

static enum status set_buffer(struct cli_live_options *o, const char *value, struct error *error)
{
    enum { LEAST_BYTES = 1 << 20, MOST_BYTES = 1 << 30 };
    if (!cli_number_parse_size(value, &o->interfaces.buffer_bytes) || o->interfaces.buffer_bytes < LEAST_BYTES ||
        o->interfaces.buffer_bytes > MOST_BYTES)
        return error_set(error, STATUS_BAD_USAGE, "\"%s\" is no buffer: 1M to 1G are possible.", value);
    return STATUS_OK;
}

static enum status set_not_promiscuous(struct cli_live_options *o, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    o->interfaces.not_promiscuous = true;
    return STATUS_OK;
}

static enum status set_whole(struct cli_live_options *o, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    o->interfaces.whole = true;
    return STATUS_OK;
}

static enum status set_packets(struct cli_live_options *o, const char *value, struct error *error)
{
    if (!cli_number_parse(value, 1, UINT64_MAX / 2, &o->interfaces.packets_max))
        return error_set(error, STATUS_BAD_USAGE, "\"%s\" is no number of packets: 1 or more is needed.", value);
    return STATUS_OK;
}

/* Seconds, or a number with s, m, h or d. */
static enum status parse_seconds(const char *value, uint64_t *seconds, struct error *error)
{
    static const struct {
        char letter;
        uint64_t seconds;
    } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
    char digits[20];
    size_t length = strspn(value, "0123456789");
    uint64_t factor = value[length] == '\0' ? 1 : 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (value[length] == units[i].letter && value[length + 1] == '\0')
            factor = units[i].seconds;
    snprintf(digits, sizeof digits, "%.*s", (int)(length < sizeof digits ? length : sizeof digits - 1), value);
    if (factor == 0 || !cli_number_parse(digits, 1, UINT32_MAX, seconds))
        return error_set(error, STATUS_BAD_USAGE, "\"%s\" is no time: write seconds, or a number with s, m, h or d, "
                         "for example 30m.", value);
    *seconds *= factor;
    return STATUS_OK;
}

static enum status set_duration(struct cli_live_options *o, const char *value, struct error *error)
{
    return parse_seconds(value, &o->duration_s, error);
}

static enum status set_every(struct cli_live_options *o, const char *value, struct error *error)
{
    return parse_seconds(value, &o->every_s, error);
}

static enum status set_metrics(struct cli_live_options *o, const char *value, struct error *error)
{
    (void)error;
    o->metrics = value;
    return STATUS_OK;
}

static enum status set_evidence(struct cli_live_options *o, const char *value, struct error *error)
{
    if (*value == '\0')
        return error_set(error, STATUS_BAD_USAGE, "--evidence needs the name of a folder.");
    o->evidence = value;
    return STATUS_OK;
}

static enum status set_evidence_size(struct cli_live_options *o, const char *value, struct error *error)
{
    enum { LEAST_BYTES = 1 << 20 };
    if (!cli_number_parse_size(value, &o->evidence_bytes) || o->evidence_bytes < LEAST_BYTES)
        return error_set(error, STATUS_BAD_USAGE, "\"%s\" is no size for the evidence: 1M is the least.", value);
    return STATUS_OK;
}

static enum status set_headless(struct cli_live_options *o, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    o->headless = true;
    return STATUS_OK;
}

static const struct option options[] = {
    { 'i', "interface", "IFACE", add_interface, "capture on this interface; \"any\" is all of them (may be repeated)" },
    { 0, "list", NULL, set_list, "show the interfaces" },
    { 0, "headless", NULL, set_headless, "no view on the terminal, only the report at the end" },
    { 0, "duration", "TIME", set_duration, "end after this time: seconds, or a number with s, m, h or d" },
    { 0, "packets", "N", set_packets, "end after N packets" },
    { 0, "every", "TIME", set_every, "with -f ndjson, a summary this often (60 s of packet time)" },
    { 0, "metrics", "ADDRESS:PORT", set_metrics,
      "serve /metrics for Prometheus and /healthz; a PORT alone is on 127.0.0.1" },
    { 0, "evidence", "DIR", set_evidence, "keep the followed packets in a ring of pcapng files in DIR" },
    { 0, "evidence-size", "SIZE", set_evidence_size, "of all these files (256M)" },
    { 0, "snaplen", "N", set_snap, "take at most N bytes of a packet (262144); fewer than 2048 hide names" },
    { 0, "buffer", "SIZE", set_buffer, "the kernel's buffer for each interface (64M)" },
    { 0, "no-promiscuous", NULL, set_not_promiscuous,
      "leave the interface as it is: packets for others may not be seen" },
    { 0, "no-kernel-filter", NULL, set_whole,
      "take every packet out of the kernel, to count also what has nothing to do with WorkSpaces" },
};

enum { OPTIONS = sizeof options / sizeof *options };

/* "-i eth0", "-ieth0", "--interface eth0", "--interface=eth0": the option, and its value if it is in the same word. */
static const struct option *find(const char *word, const char **value)
{
    *value = NULL;
    for (size_t i = 0; i < OPTIONS; i++) {
        size_t length = strlen(options[i].name);
        if (options[i].letter && word[0] == '-' && word[1] == options[i].letter) {
            *value = word[2] ? word + 2 : NULL;
            return &options[i];
        }
        if (strncmp(word, "--", 2) != 0 || strncmp(word + 2, options[i].name, length) != 0)
            continue;
        if (word[2 + length] == '=')
            *value = word + 2 + length + 1;
        if (word[2 + length] == '\0' || *value)
            return &options[i];
    }
    return NULL;
}

/* Takes out the options that `live` alone has; `left` becomes the number of words that remain. */
static enum status take_own(struct cli_live_options *o, int argc, char **argv, int *left, struct error *error)
{
    enum status status = STATUS_OK;
    *left = 1;
    for (int i = 1; i < argc && status == STATUS_OK; i++) {
        const char *value;
        const struct option *option = find(argv[i], &value);
        if (!option) {
            argv[(*left)++] = argv[i];
            continue;
        }
        if (option->value && !value) {
            if (i + 1 == argc)
                return error_set(error, STATUS_BAD_USAGE, "--%s needs a value (%s).", option->name, option->value);
            value = argv[++i];
        }
        if (!option->value && value)
            return error_set(error, STATUS_BAD_USAGE, "--%s takes no value.", option->name);
        status = option->set(o, value, error);
    }
    return status;
}

static enum status judge(const struct cli_live_options *o, struct error *error)
{
    if (o->common.help || o->common.version || o->list)
        return STATUS_OK;
    if (o->common.input_count > 0)
        return error_set(error, STATUS_BAD_USAGE, "\"%.200s\": live reads no files; `wspscope FILE` explains one, -i "
                         "names an interface.", o->common.inputs[0]);
    if (o->interfaces.count == 0)
        return error_set(error, STATUS_BAD_USAGE, "No interface was named: -i IFACE does, `wspscope live --list` shows "
                         "them.");
    if (o->common.analysis.sha256)
        return error_set(error, STATUS_BAD_USAGE, "--sha256 is of a file; live traffic is none.");
    return STATUS_OK;
}

enum status cli_live_options_parse(struct cli_live_options *o, int argc, char **argv, struct error *error)
{
    int left;
    *o = (struct cli_live_options){ .every_s = CLI_LIVE_EVERY_S, .evidence_bytes = CLI_LIVE_EVIDENCE_BYTES };
    enum status status = take_own(o, argc, argv, &left, error);
    if (status == STATUS_OK)
        status = cli_options_parse(&o->common, left, argv, error);
    if (status == STATUS_OK)
        status = cli_options_hash_key(&o->common, getenv("WSPSCOPE_HASH_KEY"), error);
    o->interfaces.names = o->names;
    return status == STATUS_OK ? judge(o, error) : status;
}

void cli_live_options_print(FILE *out)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        const struct option *p = &options[i];
        char letter[4] = "   ";
        if (p->letter)
            snprintf(letter, sizeof letter, "-%c,", p->letter);
        int column = fprintf(out, "  %s --%s%s%s", letter, p->name, p->value ? " " : "", p->value ? p->value : "");
        cli_wrap_print(out, p->help, HELP_COLUMN, column > 0 ? (size_t)column : 0);
    }
}
