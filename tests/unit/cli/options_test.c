/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/options.h"

enum { WORDS_MAX = 16 };

/* Splits `line` at its spaces; "''" is an empty argument. */
static int split(char *line, char **argv)
{
    int argc = 0;
    argv[argc++] = line + strlen(line);
    for (char *word = line; *word && argc < WORDS_MAX;) {
        char *end = word + strcspn(word, " ");
        char *next = *end ? end + 1 : end;
        *end = '\0';
        argv[argc++] = strcmp(word, "''") == 0 ? end : word;
        word = next;
    }
    return argc;
}

static enum status parse(const char *line, struct cli_options *options, struct error *error)
{
    static char copy[512]; /* what the options point into */
    static char *argv[WORDS_MAX];
    snprintf(copy, sizeof copy, "%s", line);
    error->text[0] = '\0';
    return cli_options_parse(options, split(copy, argv), argv, error);
}

static const struct {
    const char *line, *error; /* a piece of the sentence */
} wrong_rows[] = {
    { "--formt json a", "did you mean --format?" },
    { "--zzzz a", "There is no option --zzzz" },
    { "-z a", "There is no option -z" },
    { "-qz a", "There is no option -z" },
    { "a --format", "--format needs a value" },
    { "a -f", "-f needs a value" },
    { "--format xml a", "no format \"xml\"; the formats are: text, json, ndjson" },
    { "--quiet=1 a", "--quiet takes no value" },
    { "--port 0 a", "\"0\" is no port" },
    { "--port 65536 a", "\"65536\" is no port" },
    { "--proxy-port x a", "\"x\" is no port" },
    { "--threshold x a", "\"x\" is no threshold" },
    { "--threshold =5 a", "\"=5\" is no threshold" },
    { "--threshold x= a", "\"x=\" is no threshold" },
    { "--max-flows 0 a", "\"0\" is no number of flows" },
    { "--max-memory 5X a", "\"5X\" is no size" },
    { "-j 0 a", "\"0\" is no number of jobs" },
    { "--threads 65 a", "\"65\" is no number of threads" },
    { "--fail-on limit a", "\"limit\" is no severity" },
    { "--color blue a", "\"blue\" is not possible" },
    { "--filter '' a", "--filter needs a value" },
    { "-o '' a", "--output needs the name" },
};

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong_rows / sizeof *wrong_rows; i++) {
        struct cli_options options;
        struct error error;
        enum status status = parse(wrong_rows[i].line, &options, &error);
        if (status != STATUS_BAD_USAGE || !strstr(error.text, wrong_rows[i].error))
            fail_msg("%s: \"%s\"", wrong_rows[i].line, error.text);
    }
}

static void nothing_given_is_the_defaults(void **state)
{
    struct cli_options o;
    struct error error;
    (void)state;
    assert_int_equal(parse("", &o, &error), STATUS_OK);
    assert_string_equal(o.format, "text");
    assert_null(o.output);
    assert_int_equal(o.fail_on, -1);
    assert_int_equal(o.jobs, 0);
    assert_int_equal(o.input_count, 0);
    assert_null(o.analysis.hash_key);
    assert_int_equal(o.analysis.max_flows, 0);
}

static void every_option_arrives(void **state)
{
    struct cli_options o;
    struct error error;
    (void)state;
    assert_int_equal(parse("a -f json -o out --filter=udp --region eu-west-2 --max-flows 7 --max-memory 2k -j3 b",
                           &o, &error), STATUS_OK);
    assert_string_equal(o.format, "json");
    assert_string_equal(o.output, "out");
    assert_string_equal(o.analysis.filter, "udp");
    assert_string_equal(o.analysis.region, "eu-west-2");
    assert_int_equal(o.analysis.max_flows, 7);
    assert_int_equal(o.analysis.max_memory_bytes, 2048);
    assert_int_equal(o.jobs, 3);
    assert_int_equal(o.input_count, 2);
    assert_string_equal(o.inputs[0], "a");
    assert_string_equal(o.inputs[1], "b");

    assert_int_equal(parse("--port 1 --port=2 --proxy-port 3 --threshold x=1 --threshold y=2 --endpoints d a",
                           &o, &error), STATUS_OK);
    assert_int_equal(o.analysis.port_count, 2);
    assert_int_equal(o.analysis.ports[1], 2);
    assert_int_equal(o.analysis.proxy_ports[0], 3);
    assert_int_equal(o.analysis.threshold_count, 2);
    assert_string_equal(o.analysis.thresholds[1], "y=2");
    assert_string_equal(o.analysis.endpoints_directory, "d");

    assert_int_equal(parse("-qv --sha256 --flows --no-dpi --no-sandbox --fail-on notice --color never --threads 2",
                           &o, &error), STATUS_OK);
    assert_true(o.quiet && o.verbose && o.no_sandbox && o.analysis.sha256 && o.analysis.flows && !o.help && !o.version);
    assert_int_equal(o.fail_on, WSPSCOPE_NOTICE);
    assert_int_equal(o.color, CLI_OPTIONS_COLOR_NEVER);
    assert_int_equal(o.analysis.threads, 2);
}

static void two_hyphens_end_the_options(void **state)
{
    struct cli_options o;
    struct error error;
    (void)state;
    assert_int_equal(parse("- -q -- -q --help --", &o, &error), STATUS_OK);
    assert_true(o.quiet);
    assert_false(o.help);
    assert_int_equal(o.input_count, 4);
    assert_string_equal(o.inputs[0], "-");
    assert_string_equal(o.inputs[1], "-q");
    assert_string_equal(o.inputs[2], "--help");
    assert_string_equal(o.inputs[3], "--");
}

static void ports_have_a_limit(void **state)
{
    struct cli_options o;
    struct error error;
    char *argv[2 * CLI_OPTIONS_PORTS_MAX + 4];
    int argc = 1;
    char option[] = "--port", port[] = "9";
    (void)state;
    argv[0] = option;
    for (int i = 0; i < CLI_OPTIONS_PORTS_MAX; i++) {
        argv[argc++] = option;
        argv[argc++] = port;
    }
    assert_int_equal(cli_options_parse(&o, argc, argv, &error), STATUS_OK);
    argv[argc++] = option;
    argv[argc++] = port;
    assert_int_equal(cli_options_parse(&o, argc, argv, &error), STATUS_BAD_USAGE);
    assert_int_equal(o.analysis.port_count, CLI_OPTIONS_PORTS_MAX);
}

static void the_hash_key_comes_from_the_environment(void **state)
{
    struct cli_options o = { .jobs = 0 };
    struct error error;
    (void)state;
    assert_int_equal(cli_options_hash_key(&o, NULL, &error), STATUS_OK);
    assert_int_equal(cli_options_hash_key(&o, "", &error), STATUS_OK);
    assert_null(o.analysis.hash_key);
    assert_int_equal(cli_options_hash_key(&o, "xyz", &error), STATUS_BAD_USAGE);
    assert_null(o.analysis.hash_key);
    assert_int_equal(cli_options_hash_key(&o, "10000000000000002", &error), STATUS_OK);
    assert_int_equal(o.analysis.hash_key[0], 1);
    assert_int_equal(o.analysis.hash_key[1], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(nothing_given_is_the_defaults),
        cmocka_unit_test(every_option_arrives),
        cmocka_unit_test(two_hyphens_end_the_options),
        cmocka_unit_test(ports_have_a_limit),
        cmocka_unit_test(the_hash_key_comes_from_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
