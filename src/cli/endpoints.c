/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/endpoints.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/help.h"
#include "cli/message.h"

enum takes { TAKES_REGION = 1, TAKES_FORMAT = 2, TAKES_OUTPUT = 4, TAKES_ALL = 8 };

struct command {
    const char *name;
    unsigned takes;
    int operands_min, operands_max; /* max -1: any number */
    const char *operand;            /* what a missing one is called */
    int (*run)(const struct wspscope_endpoints *endpoints, const struct cli_endpoints_request *request);
};

static const struct command commands[] = {
    { "list", TAKES_REGION | TAKES_FORMAT | TAKES_ALL, 0, 0, "", cli_endpoints_list },
    { "lookup", TAKES_FORMAT, 1, -1, "an address or a name", cli_endpoints_lookup },
    { "import", TAKES_OUTPUT, 1, 1, "AWS's ip-ranges.json", cli_endpoints_import },
    { "rules", TAKES_REGION | TAKES_FORMAT, 0, 0, "", cli_endpoints_rules },
    { "conflicts", TAKES_REGION, 1, -1, "a CIDR such as 10.20.0.0/16", cli_endpoints_conflicts },
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static const char help[] =
    "Usage: wspscope endpoints COMMAND\n"
    "  list [--region CODE] [-f text|json] [--all]\n"
    "      every address and name of WorkSpaces, with its source; --all adds the\n"
    "      ranges of Global Accelerator, which others use as well\n"
    "  lookup ADDRESS|NAME... [-f text|json]\n"
    "      what an address or a name is: role, Region, ports, source\n"
    "  rules --region CODE [--format plain|csv|nftables|iptables]\n"
    "      an allow-list for the outbound firewall of a client network\n"
    "  conflicts CIDR... --region CODE\n"
    "      which management ranges of WorkSpaces a VPC's addresses collide with\n"
    "  import ip-ranges.json -o DIR\n"
    "      tables brought up to date with AWS's list of prefixes, for --endpoints DIR,\n"
    "      and what changed; the list: https://ip-ranges.amazonaws.com/ip-ranges.json\n"
    "\n"
    "Each takes --endpoints DIR: tables of your own in place of those compiled in.\n";

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static const struct command *find_command(const char *name)
{
    const char *names[COMMANDS + 1] = { NULL };
    for (int i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
        names[i] = commands[i].name;
    }
    const char *nearest = cli_message_nearest(name, names);
    if (nearest)
        cli_message("`wspscope endpoints` has no command \"%s\"; did you mean \"%s\"?", name, nearest);
    else
        cli_message("`wspscope endpoints` has no command \"%s\"; it has list, lookup, import, rules and conflicts.",
                    name);
    return NULL;
}

struct parse {
    const struct command *command;
    struct cli_endpoints_request request;
    const char *directory;
    char **argv;
    int argc, at;
};

/* The option `argv[at]` if it is `name`: its value, from "NAME=VALUE" or the next word; steps over both. NULL when it
 * is another one, or (`*missing`) when there is no value. */
static const char *take_value(struct parse *p, const char *name, bool *missing)
{
    const char *word = p->argv[p->at];
    size_t length = strlen(name);
    if (strncmp(word, name, length) != 0)
        return NULL;
    bool is_short = length == 2;
    if (word[length] == '\0') {
        *missing = p->at + 1 >= p->argc;
        return *missing ? NULL : p->argv[++p->at];
    }
    if (is_short)
        return word + length;
    return word[length] == '=' ? word + length + 1 : NULL;
}

static bool take_option(struct parse *p)
{
    struct {
        const char *name;
        unsigned takes;
        const char **value;
    } options[] = {
        { "--region", TAKES_REGION, &p->request.region }, { "--format", TAKES_FORMAT, &p->request.format },
        { "-f", TAKES_FORMAT, &p->request.format },       { "--output", TAKES_OUTPUT, &p->request.output },
        { "-o", TAKES_OUTPUT, &p->request.output },       { "--endpoints", 0, &p->directory },
    };
    const char *word = p->argv[p->at];
    if (strcmp(word, "--all") == 0 && (p->command->takes & TAKES_ALL))
        return p->request.all = true;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        bool missing = false;
        if (options[i].takes != 0 && !(p->command->takes & options[i].takes))
            continue;
        const char *value = take_value(p, options[i].name, &missing);
        if (value && *value) {
            *options[i].value = value;
            return true;
        }
        if (value || missing) {
            cli_message("The option %s needs a value.", options[i].name);
            return false;
        }
    }
    cli_message("`wspscope endpoints %s` has no option %s; `wspscope endpoints --help` lists them.", p->command->name,
                word);
    return false;
}

static bool parse(struct parse *p)
{
    bool options = true;
    for (p->at = 1; p->at < p->argc; p->at++) {
        char *word = p->argv[p->at];
        if (options && strcmp(word, "--") == 0)
            options = false;
        else if (!options || word[0] != '-' || word[1] == '\0')
            p->argv[p->request.operand_count++] = word; /* never beyond `at`: operands move to the front */
        else if (!take_option(p))
            return false;
    }
    p->request.operands = p->argv;
    const struct command *c = p->command;
    if (p->request.operand_count < c->operands_min) {
        cli_message("`wspscope endpoints %s` needs %s.", c->name, c->operand);
        return false;
    }
    if (c->operands_max >= 0 && p->request.operand_count > c->operands_max) {
        cli_message("`wspscope endpoints %s` takes %s, so \"%s\" is too much.", c->name,
                    c->operands_max == 0 ? "no operands" : "one operand", p->argv[c->operands_max]);
        return false;
    }
    return true;
}

static int run(struct parse *p)
{
    struct wspscope_error error;
    struct wspscope_endpoints *endpoints = wspscope_endpoints_open(p->directory, &error);
    if (!endpoints) {
        cli_message("%s", error.text);
        return CLI_UNUSABLE;
    }
    int status = p->command->run(endpoints, &p->request);
    wspscope_endpoints_close(endpoints);
    int end = cli_help_end_of_stdout();
    return status > end ? status : end;
}

int cli_endpoints(int argc, char **argv)
{
    bool asked = argc < 2 || is_help(argv[1]);
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
        asked |= is_help(argv[i]);
    if (asked) {
        fputs(help, stdout);
        return cli_help_end_of_stdout();
    }
    struct parse p = { .command = find_command(argv[1]), .argc = argc - 1, .argv = argv + 1 };
    return p.command && parse(&p) ? run(&p) : CLI_UNUSABLE;
}
