/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "model/incident.h"

/* Frames shown one after the other, and those kept. */
static const struct {
    const char *name;
    uint64_t shown[16];
    uint64_t kept[MODEL_EVIDENCE_MAX];
    uint8_t count;
} rows[] = {
    { "nothing", { 0 }, { 0 }, 0 },
    { "one", { 7 }, { 7 }, 1 },
    { "in the order in which they are shown", { 9, 3, 5 }, { 9, 3, 5 }, 3 },
    { "a frame shown twice is kept once", { 3, 3, 4, 3 }, { 3, 4 }, 2 },
    { "full", { 1, 2, 3, 4, 5, 6, 7, 8 }, { 1, 2, 3, 4, 5, 6, 7, 8 }, 8 },
    { "beyond: the beginning and the latest", { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, { 1, 2, 3, 4, 5, 6, 7, 9 }, 8 },
    { "far beyond", { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }, { 1, 2, 3, 4, 5, 6, 7, 12 }, 8 },
    { "beyond, a frame that is there", { 1, 2, 3, 4, 5, 6, 7, 8, 2 }, { 1, 2, 3, 4, 5, 6, 7, 8 }, 8 },
};

static void shows_the_beginning_and_the_latest(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct model_incident incident = { 0 };
        for (size_t k = 0; k < COUNT_OF(rows[i].shown) && rows[i].shown[k]; k++)
            model_incident_show(&incident, MODEL_SHOWS_SYN, rows[i].shown[k], (uint32_t)k + 1);
        failed += soft_int(rows[i].name, "count", incident.evidence_count, rows[i].count);
        for (size_t k = 0; k < rows[i].count; k++)
            failed += soft_int(rows[i].name, "frame", (int64_t)incident.evidence[k].frame, (int64_t)rows[i].kept[k]);
    }
    assert_int_equal(failed, 0);
}

static void keeps_what_is_shown_and_its_number(void **state)
{
    (void)state;
    struct model_incident incident = { 0 };
    model_incident_show(&incident, MODEL_SHOWS_RST, 12, 57);
    model_incident_show(&incident, MODEL_SHOWS_SYN, 12, 1); /* the first word about a frame counts */
    assert_int_equal(incident.evidence_count, 1);
    assert_int_equal(incident.evidence[0].shows, MODEL_SHOWS_RST);
    assert_int_equal(incident.evidence[0].number, 57);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_the_beginning_and_the_latest),
        cmocka_unit_test(keeps_what_is_shown_and_its_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
