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

#include "endpoint/import.h"
#include "endpoint/tables.h"

#define ENTRY(prefix, region, service) \
    "{\"ip_prefix\":\"" prefix "\",\"region\":\"" region "\",\"service\":\"" service "\"}"
#define DOCUMENT(entries) "{\"syncToken\":\"1\",\"createDate\":\"2026-12-01-00-00-00\",\"prefixes\":[" entries "]}"
#define LONDON ENTRY("18.134.68.0/22", "eu-west-2", "WORKSPACES_GATEWAYS")

struct fixture {
    char directory[64], json[96], out[96];
    struct endpoint_catalogue *base;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    snprintf(f->directory, sizeof f->directory, "/tmp/wspscope-import-XXXXXX");
    if (!mkdtemp(f->directory))
        return -1;
    snprintf(f->json, sizeof f->json, "%s/ip-ranges.json", f->directory);
    snprintf(f->out, sizeof f->out, "%s/out", f->directory);
    f->base = endpoint_catalogue_builtin(NULL);
    *state = f;
    return f->base ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    for (int table = 0; table < ENDPOINT_TABLES; table++) {
        char path[160];
        snprintf(path, sizeof path, "%s/%s", f->out, endpoint_tables_builtin((enum endpoint_table)table).file);
        unlink(path);
    }
    rmdir(f->out);
    unlink(f->json);
    int status = rmdir(f->directory);
    endpoint_catalogue_free(f->base);
    free(f);
    return status;
}

static enum status import(struct fixture *f, const char *json, struct endpoint_import **out, struct error *error)
{
    FILE *file = fopen(f->json, "w");
    assert_non_null(file);
    fputs(json, file);
    assert_int_equal(fclose(file), 0);
    return endpoint_import(f->base, f->json, f->out, out, error);
}

static const struct {
    const char *name, *json, *error;
} bad_rows[] = {
    { "empty", "", "does not begin with {" },
    { "a list", "[]", "does not begin with {" },
    { "nothing in it", "{}", "a name and a colon" },
    { "cut off", "{\"createDate\":\"2026-12-01\",\"prefixes\":[" LONDON, "does not go on" },
    { "cut off in an entry", "{\"prefixes\":[{\"ip_prefix\":\"18.1", "no JSON" },
    { "something after it", DOCUMENT(LONDON) "x", "does not end" },
    { "no date", "{\"prefixes\":[" LONDON "]}", "createDate" },
    { "wrong date", "{\"createDate\":\"yesterday\",\"prefixes\":[" LONDON "]}", "createDate" },
    { "no gateways", DOCUMENT(ENTRY("3.0.0.0/8", "eu-west-2", "AMAZON")), "no prefix of WORKSPACES_GATEWAYS" },
    { "an entry that is none", DOCUMENT("7"), "without prefix, Region and service" },
    { "a prefix that is none", DOCUMENT(ENTRY("18.134.68.1/22", "eu-west-2", "WORKSPACES_GATEWAYS")),
      "prefix is none" },
    { "everything", DOCUMENT(ENTRY("0.0.0.0/0", "eu-west-2", "WORKSPACES_GATEWAYS")), "prefix is none" },
    { "a Region that is none", DOCUMENT(ENTRY("18.134.68.0/22", "a\\tb", "WORKSPACES_GATEWAYS")), "Region is none" },
};

static void refuses(void **state)
{
    for (size_t i = 0; i < sizeof bad_rows / sizeof *bad_rows; i++) {
        struct endpoint_import *out;
        struct error error = { "" };
        print_message("row %s\n", bad_rows[i].name);
        assert_int_equal(import(*state, bad_rows[i].json, &out, &error), STATUS_BAD_INPUT);
        print_message("    %s\n", error.text);
        assert_non_null(strstr(error.text, bad_rows[i].error));
        assert_int_not_equal(access(((struct fixture *)*state)->out, F_OK), 0);
    }
}

static const struct endpoint_import_change *find(const struct endpoint_import *import, bool added, const char *prefix)
{
    for (size_t i = 0; i < import->change_count; i++) {
        char text[IPADDR_PREFIX_TEXT_SIZE];
        const struct endpoint_import_change *c = &import->changes[i];
        if (c->added == added && strcmp(ipaddr_prefix_format(&c->prefix, text), prefix) == 0)
            return c;
    }
    return NULL;
}

static const struct endpoint_row *look(const struct endpoint_catalogue *catalogue, const char *text)
{
    struct ipaddr address;
    assert_true(ipaddr_parse(text, &address));
    return endpoint_lookup(catalogue, &address);
}

/* London stays, Oregon's /21 shrinks to a /22, Paris's PCoIP range is confirmed, Tel Aviv's moves to Ireland, one is
 * new; every other gateway that was confirmed before is gone. */
#define GATEWAY(prefix, region) ENTRY(prefix, region, "WORKSPACES_GATEWAYS")
static const char changed[] = DOCUMENT(
    LONDON "," LONDON ","
    GATEWAY("35.80.88.0/22", "us-west-2") ","
    GATEWAY("51.44.204.0/22", "eu-west-3") ","
    GATEWAY("51.17.28.0/22", "eu-west-1") ","
    GATEWAY("203.0.113.0/24", "xx-new-1") ","
    ENTRY("93.77.140.0/22", "GLOBAL", "GLOBALACCELERATOR"));

static void check_result(const struct fixture *f)
{
    struct endpoint_catalogue *after = NULL;
    assert_int_equal(endpoint_catalogue_load(f->out, &after, NULL), STATUS_OK);
    assert_int_equal(look(after, "18.134.68.9")->role, ENDPOINT_DCV_GATEWAY);
    assert_int_equal(look(after, "35.80.88.1")->role, ENDPOINT_PCOIP_GATEWAY);
    assert_null(look(after, "35.80.92.1"));
    assert_null(look(after, "51.44.204.1")->disagreement);
    assert_string_equal(look(after, "51.44.204.1")->confirmed, "S3");
    assert_string_equal(look(after, "51.17.28.1")->region->code, "eu-west-1");
    assert_int_equal(look(after, "203.0.113.1")->role, ENDPOINT_GATEWAY);
    assert_string_equal(look(after, "203.0.113.1")->region->code, "xx-new-1");
    assert_string_equal(look(after, "203.0.113.1")->date, "2026-12-01");
    assert_int_equal(look(after, "93.77.141.9")->role, ENDPOINT_DCV_GATEWAY_AGA);
    assert_null(look(after, "93.77.128.9"));
    assert_int_equal(look(after, "35.176.62.54")->role, ENDPOINT_HEALTH_CHECK);
    assert_string_equal(endpoint_catalogue_date(after), "2026-12-01");
    endpoint_catalogue_free(after);
}

static void merges(void **state)
{
    struct fixture *f = *state;
    struct endpoint_import *out = NULL;
    struct error error = { "" };
    enum status status = import(f, changed, &out, &error);
    print_message("%s\n", error.text);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(out->unchanged[ENDPOINT_IP_GATEWAYS], 2);
    assert_int_equal(out->added[ENDPOINT_IP_GATEWAYS], 3);
    assert_int_equal(out->added[ENDPOINT_IP_ACCELERATOR], 1);
    assert_non_null(find(out, true, "203.0.113.0/24"));
    assert_non_null(find(out, true, "35.80.88.0/22"));
    assert_non_null(find(out, false, "35.80.88.0/21"));
    assert_non_null(find(out, false, "44.214.144.0/22"));
    assert_non_null(find(out, false, "93.77.128.0/24"));
    assert_null(find(out, false, "93.77.140.0/24"));
    assert_null(find(out, false, "18.134.68.0/22"));
    assert_int_equal(out->undocumented, 2);
    assert_string_equal(out->date, "2026-12-01");
    assert_string_equal(out->base_date, "2026-08-22");
    check_result(f);
    endpoint_import_free(out);
}

/* The same file a second time changes nothing. */
static void is_idempotent(void **state)
{
    struct fixture *f = *state;
    struct endpoint_import *out = NULL, *again = NULL;
    struct endpoint_catalogue *after = NULL;
    assert_int_equal(import(f, changed, &out, NULL), STATUS_OK);
    assert_int_equal(endpoint_catalogue_load(f->out, &after, NULL), STATUS_OK);
    assert_int_equal(endpoint_import(after, f->json, f->out, &again, NULL), STATUS_OK);
    assert_int_equal(again->change_count, 0);
    assert_int_equal(again->unchanged[ENDPOINT_IP_GATEWAYS], 5);
    endpoint_import_free(again);
    endpoint_catalogue_free(after);
    endpoint_import_free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refuses, setup, teardown),
        cmocka_unit_test_setup_teardown(merges, setup, teardown),
        cmocka_unit_test_setup_teardown(is_idempotent, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
