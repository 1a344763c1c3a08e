/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include <stdio.h>

#include "base/nsec.h"
#include "model/name.h"

static const char gateway[] = "gw1.prod.eu-west-2.highlander.aws.a2z.com";
static const uint64_t key[2] = { 1, 2 };

static struct ipaddr at(const char *text)
{
    struct ipaddr a;
    assert_true(ipaddr_parse(text, &a));
    return a;
}

static struct model_names *table(struct endpoint_catalogue **catalogue, uint32_t budget)
{
    struct error error;
    *catalogue = endpoint_catalogue_builtin(&error);
    assert_non_null(*catalogue);
    struct model_names *names = model_name_table_new(*catalogue, budget, key);
    assert_non_null(names);
    return names;
}

static void close_table(struct model_names *names, struct endpoint_catalogue *catalogue)
{
    model_name_table_free(names);
    endpoint_catalogue_free(catalogue);
}

static void tell(struct model_names *names, const char *client, const char *name, int64_t time_s)
{
    struct model_name_answer answer = { .client = at(client), .address = at("203.0.113.7"), .ttl_s = 30,
                                        .time_ns = time_s * NSEC_PER_SEC, .name = model_name_of(names, name) };
    model_name_learn(names, &answer);
}

/* Two answers about one address: at 0 s to the client, at 10 s to somebody. Asked at `asked_s` for a client. */
static void the_last_answer_wins_until_it_expires(void **state)
{
    (void)state;
    static const struct {
        const char *name, *second_client, *asks;
        int64_t asked_s;
        const char *want;
    } rows[] = {
        { "before the second answer", "10.0.0.1", "10.0.0.1", 5, "b.example" },
        { "what another client was told does not count", "10.0.0.2", "10.0.0.1", 20, "a.example" },
        { "anybody: the latest", "10.0.0.2", "::", 20, "b.example" },
        { "within the time to live and the grace", "10.0.0.2", "10.0.0.1", 89, "a.example" },
        { "expired", "10.0.0.2", "10.0.0.1", 91, "" },
        { "a client that was told nothing", "10.0.0.2", "10.0.0.3", 20, "" },
    };
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct endpoint_catalogue *catalogue;
        struct model_names *names = table(&catalogue, 100);
        tell(names, "10.0.0.1", "a.example", 0);
        tell(names, rows[i].second_client, "b.example", rows[i].second_client[7] == '1' ? 0 : 10);
        struct ipaddr client = at(rows[i].asks), address = at("203.0.113.7");
        uint32_t found = model_name_find(names, &client, &address, rows[i].asked_s * NSEC_PER_SEC);
        failed += soft_int(rows[i].name, "is the wanted name", strcmp(model_name_text(names, found), rows[i].want), 0);
        close_table(names, catalogue);
    }
    assert_int_equal(failed, 0);
}

static void names_of_workspaces_have_places_of_their_own(void **state)
{
    (void)state;
    struct endpoint_catalogue *catalogue;
    struct model_names *names = table(&catalogue, 2);
    assert_int_equal(model_name_of(names, ""), 0);
    assert_int_equal(model_name_of(names, "a.example"), 1);
    assert_int_equal(model_name_of(names, "b.example"), 2);
    assert_int_equal(model_name_of(names, "c.example"), 0);
    assert_int_equal(model_name_of(names, "a.example"), 1);
    assert_int_equal(model_name_losses(names)->names, 1);
    uint32_t own = model_name_of(names, gateway);
    assert_int_equal(own, 3);
    assert_string_equal(model_name_text(names, own), gateway);
    assert_int_equal(model_name_row(names, own)->role, ENDPOINT_DCV_GATEWAY);
    assert_null(model_name_row(names, 1));
    close_table(names, catalogue);
}

static void lookups_are_found_again_and_bounded(void **state)
{
    (void)state;
    struct endpoint_catalogue *catalogue;
    struct model_names *names = table(&catalogue, 2);
    struct ipaddr one = at("10.0.0.1"), two = at("10.0.0.2"), three = at("10.0.0.3");
    uint32_t name = model_name_of(names, gateway);
    struct model_lookup *first = model_name_lookup_of(names, &one, name);
    assert_non_null(first);
    assert_ptr_equal(model_name_lookup_of(names, &one, name), first);
    assert_ptr_not_equal(model_name_lookup_of(names, &two, name), first);
    assert_null(model_name_lookup_of(names, &three, name));
    assert_null(model_name_lookup_find(names, &three, name));
    assert_int_equal(model_name_losses(names)->lookups, 1);
    assert_ptr_equal(model_name_lookups(names), first);
    close_table(names, catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_answer_wins_until_it_expires),
        cmocka_unit_test(names_of_workspaces_have_places_of_their_own),
        cmocka_unit_test(lookups_are_found_again_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
