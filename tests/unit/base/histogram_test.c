/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "base/histogram.h"
#include "base/nsec.h"

#define US(n) ((int64_t)(n) * 1000)
#define MS(n) ((int64_t)(n) * NSEC_PER_MSEC)

/* 4.5 %, and a nanosecond for what the tables round. */
static bool is_near(int64_t got, int64_t want)
{
    int64_t error = got > want ? got - want : want - got;
    return error * 1000 <= want * 45 + 1000;
}

static void an_empty_one_is_all_zero(void **state)
{
    (void)state;
    const struct histogram h = { 0 };
    struct histogram other = { 0 };
    assert_int_equal(histogram_quantile(&h, 50), 0);
    histogram_merge(&other, &h);
    assert_int_equal(other.count, 0);
}

/* Every duration on the scale comes back within its bucket's error, alone and among others. */
static void the_error_is_bounded(void **state)
{
    (void)state;
    for (int64_t value = 16400; value < INT64_C(17000000000); value += value / 97 + 1) {
        struct histogram h = { 0 };
        histogram_add(&h, US(1));
        histogram_add(&h, value);
        histogram_add(&h, MS(30000));
        if (!is_near(histogram_quantile(&h, 50), value))
            fail_msg("%" PRId64 " comes back as %" PRId64, value, histogram_quantile(&h, 50));
    }
}

static const struct {
    const char *name;
    int64_t from_us, step_us;
    unsigned count, percent;
    int64_t expected_us;
} quantiles[] = {
    { "one sample is every quantile", 31000, 0, 1, 1, 31000 },
    { "one sample is every quantile", 31000, 0, 1, 100, 31000 },
    { "equal samples are exact", 31000, 0, 1000, 50, 31000 },
    { "the median of 1..1000 ms", 1000, 1000, 1000, 50, 500000 },
    { "its 5th percentile", 1000, 1000, 1000, 5, 50000 },
    { "its 95th percentile", 1000, 1000, 1000, 95, 950000 },
    { "the last is exact", 1000, 1000, 1000, 100, 1000000 },
    { "the median of an odd few", 10000, 10000, 5, 50, 30000 },
    { "the median of an even few is the lower one", 10000, 10000, 4, 50, 20000 },
    { "below the scale the least is known", 3, 0, 7, 50, 3 },
    { "above it the most", 40000000, 0, 7, 50, 40000000 },
};

static void quantiles_are_those_of_the_samples(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(quantiles); i++) {
        struct histogram h = { 0 };
        for (unsigned n = 0; n < quantiles[i].count; n++)
            histogram_add(&h, US(quantiles[i].from_us + n * quantiles[i].step_us));
        int64_t got = histogram_quantile(&h, quantiles[i].percent), want = US(quantiles[i].expected_us);
        failed += soft_true(quantiles[i].name, "quantile", quantiles[i].step_us ? is_near(got, want) : got == want);
        failed += soft_int(quantiles[i].name, "least", h.least_ns, US(quantiles[i].from_us));
    }
    assert_int_equal(failed, 0);
}

static void merged_is_as_counted_together(void **state)
{
    (void)state;
    struct histogram a = { 0 }, b = { 0 }, both = { 0 };
    for (unsigned n = 0; n < 500; n++) {
        histogram_add(n % 3 ? &a : &b, MS(n));
        histogram_add(&both, MS(n));
    }
    histogram_merge(&a, &b);
    assert_memory_equal(&a, &both, sizeof a);
}

static void what_is_out_of_range_is_held(void **state)
{
    (void)state;
    struct histogram h = { 0 };
    histogram_add(&h, -5);
    histogram_add(&h, INT64_MAX);
    assert_int_equal(h.least_ns, 0);
    assert_int_equal(h.most_ns, INT64_MAX);
    assert_int_equal(h.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_one_is_all_zero),
        cmocka_unit_test(the_error_is_bounded),
        cmocka_unit_test(quantiles_are_those_of_the_samples),
        cmocka_unit_test(merged_is_as_counted_together),
        cmocka_unit_test(what_is_out_of_range_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
