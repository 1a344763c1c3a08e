/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

/* Sources that each sent one SYN, or several, to one port; one of them may have been answered elsewhere. */
static const struct {
    const char *name;
    unsigned single, repeating;
    bool answered;              /* the first single source was, on another port */
    const char *kinds;
    unsigned scan_clients;      /* of the finding that is a scan; 0: there is none */
} rows[] = {
    { "one source, one SYN", 1, 0, false, "tcp-syn-dropped", 0 },
    { "nine sources are no scan yet", 9, 0, false, "tcp-syn-dropped", 0 },
    { "ten are", 10, 0, false, "tcp-syn-dropped", 10 },
    { "three thousand are one finding", 3000, 0, false, "tcp-syn-dropped", 3000 },
    { "many that repeat are clients at work", 0, 12, false, "tcp-syn-dropped", 0 },
    { "a scan and a client at work", 10, 1, false, "tcp-syn-dropped tcp-syn-dropped", 10 },
    { "a source that is answered elsewhere is a client", 11, 0, true, "tcp-syn-dropped tcp-syn-dropped", 10 },
};

static struct model_path *path_of(struct desk *d, unsigned client, const char *server, uint16_t port)
{
    char text[32];
    snprintf(text, sizeof text, "10.20.%u.%u", client >> 8, client & 255);
    return desk_path(d, text, server, port, 6);
}

static void add(struct desk *d, unsigned client, bool single)
{
    desk_add(d, path_of(d, client, desk_dcv, 4195),
             (struct model_incident){ .fact = MODEL_TCP_SYN_SILENT, .first_ns = MS(1000), .last_ns = MS(4000),
                                      .begin_ns = MS(1000), .attempts = single ? 1 : 4, .single_syn = single });
}

static void scans_are_told_from_clients(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk d;
        desk_begin(&d);
        for (unsigned n = 0; n < rows[i].single; n++)
            add(&d, n, true);
        for (unsigned n = 0; n < rows[i].repeating; n++)
            add(&d, 5000 + n, false);
        if (rows[i].answered)
            desk_fact(&d, path_of(&d, 0, desk_pcoip, 4172), MODEL_TCP_ACCEPTED, 1000);
        desk_run(&d);
        failed += soft_text(rows[i].name, "kinds", desk_kinds(&d), rows[i].kinds);
        const struct draft *scan = NULL;
        for (const struct draft *f = d.drafts.first; f; f = f->next) {
            failed += desk_check_shape(rows[i].name, f);
            if (strcmp(f->key.cause, "scan") == 0)
                scan = f;
        }
        failed += soft_int(rows[i].name, "clients of the scan", scan ? (int64_t)scan->clients.count : 0,
                           rows[i].scan_clients);
        if (scan) {
            failed += soft_int(rows[i].name, "severity", scan->severity, WSPSCOPE_WARNING);
            failed += soft_int(rows[i].name, "count", (int64_t)scan->count, rows[i].scan_clients);
        }
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(scans_are_told_from_clients) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
