/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "capture/interface.h"

static const struct {
    const char *name;
    uint8_t resolution;
    int64_t offset_ns;
    uint64_t stamp;
    int64_t time_ns;
} time_rows[] = {
    { "microseconds", 6, 0, 1500000, 1500000000 },
    { "microseconds, more than fit", 6, 0, UINT64_MAX, INT64_MAX },
    { "the largest microseconds that fit", 6, 0, INT64_MAX / 1000, INT64_MAX / 1000 * 1000 },
    { "nanoseconds", 9, 0, 7, 7 },
    { "nanoseconds, beyond the sign", 9, 0, UINT64_C(1) << 63, INT64_MAX },
    { "seconds", 0, 0, 3, 3000000000 },
    { "seconds, more than fit", 0, 0, UINT64_MAX, INT64_MAX },
    { "picoseconds", 12, 0, 5999, 5 },
    { "10^-127 s", 127, 0, UINT64_MAX, 0 },
    { "2^-1 s", 0x81, 0, 3, 1500000000 },
    { "2^-10 s", 0x8a, 0, 1, 976562 },
    { "2^0 s", 0x80, 0, 2, 2000000000 },
    { "2^-63 s", 0xbf, 0, UINT64_MAX, 1999999999 },
    { "2^-127 s", 0xff, 0, UINT64_MAX, 0 },
    { "offset", 6, 1000000000, 1, 1000001000 },
    { "offset before 1970", 9, -5, 3, -2 },
    { "offset past the end", 9, INT64_MAX, 10, INT64_MAX },
};

static void stamps_become_nanoseconds(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(time_rows); i++) {
        struct capture_interface interface = { .resolution = time_rows[i].resolution,
                                               .offset_ns = time_rows[i].offset_ns };
        int64_t time_ns = capture_interface_time_ns(&interface, time_rows[i].stamp);
        if (time_ns != time_rows[i].time_ns)
            fail_msg("%s: %lld", time_rows[i].name, (long long)time_ns);
    }
}

static void the_larger_count_of_drops_holds(void **state)
{
    (void)state;
    struct capture_interface interface = { .counted_drops = 5, .per_packet_drops = 7 };
    assert_int_equal(capture_interface_drops(&interface), 7);
    interface.counted_drops = 9;
    assert_int_equal(capture_interface_drops(&interface), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stamps_become_nanoseconds),
        cmocka_unit_test(the_larger_count_of_drops_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
