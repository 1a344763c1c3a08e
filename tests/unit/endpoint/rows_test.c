/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "endpoint/catalogue.h"
#include "endpoint/tables.h"

/* Directories of tables, good and bad. The state is the name of a fresh directory. */

static int setup(void **state)
{
    char *path = strdup("/tmp/wspscope-tables-XXXXXX");
    *state = path && mkdtemp(path) ? path : NULL;
    return *state ? 0 : -1;
}

static void path_of(const char *directory, const char *file, char path[256])
{
    snprintf(path, 256, "%s/%s", directory, file);
}

static int teardown(void **state)
{
    for (int table = 0; table < ENDPOINT_TABLES; table++) {
        char path[256];
        path_of(*state, endpoint_tables_builtin((enum endpoint_table)table).file, path);
        unlink(path);
    }
    int status = rmdir(*state);
    free(*state);
    return status;
}

static void write_file(const char *directory, const char *file, const char *text)
{
    char path[256];
    path_of(directory, file, path);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

static const struct {
    const char *name, *file, *text;
    const char *error[2]; /* parts of the sentence; NULL: good */
} rows[] = {
    { "one row", "addresses.tsv", "203.0.113.0/24\tdcv-gateway\teu-west-2\ttcp/4195\tS1\t-\t2026\t-\t-\n", { NULL } },
    { "no rows", "addresses.tsv", "# nothing\n", { NULL } },
    { "a field too few", "addresses.tsv", "# x\n203.0.113.0/24\tdcv-gateway\teu-west-2\ttcp/4195\tS1\t-\t2026\t-\n",
      { "/addresses.tsv, line 2", "8 fields where 9" } },
    { "bits beyond the prefix", "addresses.tsv",
      "203.0.113.1/24\tdcv-gateway\teu-west-2\ttcp/4195\tS1\t-\t2026\t-\t-\n", { "line 1", "203.0.113.1/24" } },
    { "unknown role", "addresses.tsv", "203.0.113.0/24\tgate\teu-west-2\ttcp/4195\tS1\t-\t2026\t-\t-\n",
      { "line 1", "role" } },
    { "unknown Region", "addresses.tsv", "203.0.113.0/24\tdcv-gateway\teu-west-9\ttcp/4195\tS1\t-\t2026\t-\t-\n",
      { "line 1", "eu-west-9" } },
    { "wrong ports", "addresses.tsv", "203.0.113.0/24\tdcv-gateway\teu-west-2\t4195\tS1\t-\t2026\t-\t-\n",
      { "line 1", "ports" } },
    { "no ports", "addresses.tsv", "203.0.113.0/24\tdcv-gateway\teu-west-2\t-\tS1\t-\t2026\t-\t-\n",
      { "line 1", "\"ports\" is empty" } },
    { "unknown source", "addresses.tsv", "203.0.113.0/24\tdcv-gateway\teu-west-2\ttcp/4195\tX1\t-\t2026\t-\t-\n",
      { "line 1", "sources.tsv" } },
    { "unknown second source", "addresses.tsv",
      "203.0.113.0/24\tdcv-gateway\teu-west-2\ttcp/4195\tS1\tX1\t2026\t-\t-\n", { "line 1", "sources.tsv" } },
    { "wrong date", "addresses.tsv", "203.0.113.0/24\tdcv-gateway\teu-west-2\ttcp/4195\tS1\t-\tMay\t-\t-\n",
      { "line 1", "date" } },
    { "a prefix twice", "addresses.tsv",
      "203.0.113.0/24\tdcv-gateway\teu-west-2\ttcp/4195\tS1\t-\t2026\t-\t-\n"
      "203.0.113.0/24\tpcoip-gateway\teu-west-2\ttcp/4172\tS1\t-\t2026\t-\t-\n", { "addresses.tsv", "twice" } },
    { "a name", "names.tsv", "x.example.com\tdcv-gateway\tf\t*\ttcp/4195\tS1\t2026\t-\t-\n", { NULL } },
    { "a star inside", "names.tsv", "a.*.com\tdcv-gateway\tf\t*\ttcp/4195\tS1\t2026\t-\t-\n", { "line 1", "a.*.com" } },
    { "a Region twice", "regions.tsv", "a\tA\tA\tnone\tS1\t2026\t-\na\tB\tB\tnone\tS1\t2026\t-\n",
      { "regions.tsv", "twice" } },
    { "a Region that rows need is gone", "regions.tsv", "a\tA\tA\tnone\tS1\t2026\t-\n", { "line", "regions.tsv" } },
    { "a threshold", "thresholds.tsv", "syn-silent-ms\t7\tms\tme\t2026\tmine\n", { NULL } },
    { "an unknown threshold", "thresholds.tsv", "syn\t7\tms\tme\t2026\tmine\n", { "thresholds.tsv", "\"syn\"" } },
    { "no number", "thresholds.tsv", "syn-silent-ms\tseven\tms\tme\t2026\tmine\n", { "line 1", "seven" } },
    { "management", "management.tsv", "10.0.0.0/8\teu-west-2\tdcv\tx\tS1\t2026\t-\n", { NULL } },
    { "ports", "ports.tsv", "tcp/443\t-\t-\tx\tS1\t2026\t-\n", { NULL } },
    { "no purpose", "ports.tsv", "tcp/443\t-\t-\t-\tS1\t2026\t-\n", { "line 1", "purpose" } },
    { "control character", "ports.tsv", "tcp/443\t-\t-\t\033x\tS1\t2026\t-\n", { "line 1", "0x1b" } },
};

static void reads_directories(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error error = { "" };
        struct endpoint_catalogue *catalogue = NULL;
        char path[256];
        print_message("row %s\n", rows[i].name);
        write_file(*state, rows[i].file, rows[i].text);
        enum status status = endpoint_catalogue_load(*state, &catalogue, &error);
        print_message("    %s\n", error.text);
        assert_int_equal(status, rows[i].error[0] ? STATUS_BAD_INPUT : STATUS_OK);
        for (int part = 0; part < 2 && rows[i].error[part]; part++)
            assert_non_null(strstr(error.text, rows[i].error[part]));
        endpoint_catalogue_free(catalogue);
        path_of(*state, rows[i].file, path);
        assert_int_equal(unlink(path), 0);
    }
}

static void replaces_one_table_and_keeps_the_rest(void **state)
{
    struct endpoint_catalogue *catalogue;
    struct ipaddr own, builtin;
    size_t count;
    write_file(*state, "addresses.tsv", rows[0].text);
    write_file(*state, "thresholds.tsv", "syn-silent-ms\t7\tms\tme\t2026\tmine\n");
    assert_int_equal(endpoint_catalogue_load(*state, &catalogue, NULL), STATUS_OK);
    assert_true(ipaddr_parse("203.0.113.9", &own) && ipaddr_parse("18.134.68.9", &builtin));
    assert_non_null(endpoint_lookup(catalogue, &own));
    assert_null(endpoint_lookup(catalogue, &builtin));
    assert_non_null(endpoint_lookup_name(catalogue, "drp-lhr.amazonworkspaces.com"));
    (void)endpoint_rows(catalogue, &count);
    assert_int_equal(count, 1);
    assert_true(endpoint_threshold_value(catalogue, "syn-silent-ms") == 7);
    assert_true(endpoint_threshold_value(catalogue, "loop-min-ttl") == 32);
    endpoint_catalogue_free(catalogue);
}

static void needs_a_table(void **state)
{
    struct error error = { "" };
    struct endpoint_catalogue *catalogue;
    assert_int_equal(endpoint_catalogue_load(*state, &catalogue, &error), STATUS_BAD_USAGE);
    assert_non_null(strstr(error.text, "none of the endpoint tables"));
    assert_int_equal(endpoint_catalogue_load("/nonexistent/x", &catalogue, &error), STATUS_BAD_USAGE);
    assert_non_null(strstr(error.text, "No such file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_directories, setup, teardown),
        cmocka_unit_test_setup_teardown(replaces_one_table_and_keeps_the_rest, setup, teardown),
        cmocka_unit_test_setup_teardown(needs_a_table, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
