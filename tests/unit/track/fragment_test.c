/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "base/nsec.h"
#include "track/fragment.h"

static struct decode_packet fragment(uint8_t source, uint8_t destination, uint32_t id, uint8_t protocol)
{
    struct decode_packet d = { .transport = DECODE_FRAGMENT, .protocol = protocol, .fragment_id = id, .ip_version = 4 };
    const uint8_t from[4] = { 10, 0, 0, source }, to[4] = { 10, 0, 0, destination };
    d.source = ipaddr_from_v4(from);
    d.destination = ipaddr_from_v4(to);
    return d;
}

/* After a first fragment from 1 to 2 with identification 77 of UDP at time 0. */
static const struct {
    const char *name;
    uint8_t source, destination;
    uint32_t id;
    uint8_t protocol;
    int64_t seconds;
    bool known;
} rows[] = {
    { "the second fragment", 1, 2, 77, 17, 0, true },
    { "as long as reassembly may take", 1, 2, 77, 17, 60, true },
    { "later than that: another datagram", 1, 2, 77, 17, 61, false },
    { "another identification", 1, 2, 78, 17, 0, false },
    { "another sender", 3, 2, 77, 17, 0, false },
    { "another receiver", 1, 3, 77, 17, 0, false },
    { "the other direction", 2, 1, 77, 17, 0, false },
    { "another protocol", 1, 2, 77, 6, 0, false },
};

static void later_fragments_follow_their_first(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct track_fragments *f = track_fragment_new();
        assert_non_null(f);
        struct decode_packet first = fragment(1, 2, 77, 17);
        struct decode_packet later = fragment(rows[i].source, rows[i].destination, rows[i].id, rows[i].protocol);
        failed += soft_int(rows[i].name, "known before", track_fragment_known(f, &later, 0), false);
        track_fragment_begin(f, &first, 0);
        failed += soft_int(rows[i].name, "known", track_fragment_known(f, &later, rows[i].seconds * NSEC_PER_SEC),
                           rows[i].known);
        track_fragment_free(f);
    }
    track_fragment_free(NULL);
    assert_int_equal(failed, 0);
}

static void hundreds_at_once_are_known(void **state)
{
    (void)state;
    struct track_fragments *f = track_fragment_new();
    unsigned known = 0;
    for (uint32_t id = 1; id <= 100; id++) {
        struct decode_packet first = fragment(1, 2, id, 17);
        track_fragment_begin(f, &first, id);
    }
    for (uint32_t id = 1; id <= 100; id++) {
        struct decode_packet later = fragment(1, 2, id, 17);
        known += track_fragment_known(f, &later, 200);
    }
    assert_in_range(known, 90, 100); /* bounded: a place may be taken by another */
    track_fragment_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(later_fragments_follow_their_first),
        cmocka_unit_test(hundreds_at_once_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
