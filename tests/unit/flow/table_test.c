/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "base/nsec.h"
#include "flow/table.h"

#define SECONDS(n) ((int64_t)(n) * NSEC_PER_SEC)

static struct flow_key key_of(uint32_t number)
{
    struct flow_key key = { .low_port = (uint16_t)number, .high_port = 443, .protocol = 6, .ip_version = 4 };
    memcpy(key.low.bytes + 8, &number, sizeof number);
    key.high.bytes[15] = 1;
    return key;
}

static struct flow *add(struct flow_table *t, uint32_t number, uint32_t hash, int64_t deadline_ns)
{
    struct flow_key key = key_of(number);
    return flow_table_add(t, &key, hash, deadline_ns);
}

static struct flow *find(const struct flow_table *t, uint32_t number, uint32_t hash)
{
    struct flow_key key = key_of(number);
    return flow_table_find(t, &key, hash);
}

static uint32_t spread(uint32_t number)
{
    return number * 2654435761u;
}

static uint32_t one_hash(uint32_t number)
{
    (void)number;
    return 0xffffffff; /* the last place of every index: the run wraps */
}

static uint32_t few_hashes(uint32_t number)
{
    return number % 7 * 4096; /* one place while the index is small, several later */
}

static uint32_t neighbours(uint32_t number)
{
    return number % 64 + 4090;
}

static const struct {
    const char *name;
    uint32_t (*hash)(uint32_t number);
    uint32_t flows;
} indexes[] = {
    { "one flow", spread, 1 },
    { "spread, growing many times", spread, 30000 },
    { "one hash for all", one_hash, 1500 },
    { "few hashes", few_hashes, 2500 },
    { "runs that run into each other", neighbours, 2500 },
};

/* Every flow found with its own key, before and after others were removed in an order that mixes runs; what was
 * removed is gone; the places are used again. */
static void finds_through_growth_and_removal(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(indexes); i++) {
        uint32_t n = indexes[i].flows, wrong = 0;
        struct flow_table *t = flow_table_new(n);
        assert_non_null(t);
        for (uint32_t k = 0; k < n; k++) {
            struct flow *f = add(t, k, indexes[i].hash(k), SECONDS(k % 100));
            assert_non_null(f);
            wrong += f->order != k || !f->in_use || f->first_frame || f->half[0].packets || f->story != NULL;
            f->first_frame = k;
        }
        for (uint32_t k = 0; k < n; k++)
            wrong += !find(t, k, indexes[i].hash(k)) || find(t, k, indexes[i].hash(k))->first_frame != k;
        wrong += find(t, n, indexes[i].hash(n)) != NULL;
        for (uint32_t k = 0; k < n; k += 3)
            flow_table_remove(t, find(t, k, indexes[i].hash(k)));
        for (uint32_t k = 0; k < n; k++) {
            struct flow *f = find(t, k, indexes[i].hash(k));
            wrong += k % 3 == 0 ? f != NULL : !f || f->first_frame != k;
        }
        failed += soft_int(indexes[i].name, "flows left", flow_table_count(t), n - (n + 2) / 3);
        for (uint32_t k = 0; k < n; k += 3)
            wrong += add(t, k, indexes[i].hash(k), SECONDS(1)) == NULL;
        for (uint32_t k = 0; k < n; k++)
            wrong += find(t, k, indexes[i].hash(k)) == NULL;
        failed += soft_int(indexes[i].name, "wrong answers", wrong, 0);
        failed += soft_int(indexes[i].name, "flows in the end", flow_table_count(t), n);
        flow_table_free(t);
    }
    assert_int_equal(failed, 0);
}

/* The hash is a hint: the key decides. */
static void a_hash_collision_is_no_match(void **state)
{
    (void)state;
    struct flow_table *t = flow_table_new(10);
    struct flow *one = add(t, 1, 5, 0), *two = add(t, 2, 5, 0);
    assert_ptr_not_equal(one, two);
    assert_ptr_equal(find(t, 1, 5), one);
    assert_ptr_equal(find(t, 2, 5), two);
    assert_null(find(t, 3, 5));
    flow_table_remove(t, one);
    assert_null(find(t, 1, 5));
    assert_ptr_equal(find(t, 2, 5), two);
    flow_table_free(t);
    flow_table_free(NULL);
}

static void the_budget_is_kept(void **state)
{
    (void)state;
    struct flow_table *t = flow_table_new(3);
    assert_non_null(add(t, 0, 0, 0));
    assert_non_null(add(t, 1, 1, 0));
    struct flow *last = add(t, 2, 2, 0);
    assert_non_null(last);
    assert_null(add(t, 3, 3, 0));
    assert_int_equal(flow_table_count(t), 3);
    assert_null(find(t, 3, 3));
    flow_table_remove(t, last);
    assert_non_null(add(t, 3, 3, 0));
    assert_null(add(t, 4, 4, 0));
    flow_table_free(t);
    t = flow_table_new(0);
    assert_null(add(t, 0, 0, 0));
    flow_table_free(t);
}

/* A table that is never full must not grow without end either: a client that opens the same five-tuple again and again
 * within a second removes and adds one flow each time. "Its record may be reused by the next addition." */
static void memory_is_bounded_by_the_flows_not_by_the_additions(void **state)
{
    (void)state;
    struct flow_table *t = flow_table_new(16);
    flow_table_advance(t, SECONDS(1000), NULL, NULL);
    struct flow *f = add(t, 1, 1, SECONDS(1005));
    size_t before = flow_table_bytes(t);
    for (int i = 0; i < 20000 && f; i++) {
        flow_table_remove(t, f);
        f = add(t, 1, 1, SECONDS(1005));
    }
    assert_non_null(f);
    size_t after = flow_table_bytes(t);
    flow_table_free(t);
    assert_in_range(after, 0, 2 * before);
}

struct expiry {
    uint64_t fired[64];
    size_t count;
    int64_t now_ns;
    int64_t answer_ns; /* of flows that stay: the next deadline; FLOW_TABLE_REMOVE otherwise */
};

static int64_t fire(void *context, struct flow *flow, int64_t now_ns)
{
    struct expiry *e = context;
    assert_true(flow->in_use);
    assert_true(flow->deadline_ns <= now_ns);
    if (e->count < COUNT_OF(e->fired))
        e->fired[e->count] = flow->first_frame;
    e->count++;
    e->now_ns = now_ns;
    return e->answer_ns;
}

/* One flow with a deadline, and the clock of the packets. The last column: at which of the times the flow must have
 * gone; before it, it must be there. Deadlines are noticed in steps of a second. */
static const struct {
    const char *name;
    int64_t deadline_ms;
    int64_t times_ms[6]; /* 0: no more */
    int gone_at;         /* index; -1: never */
} expiries[] = {
    { "in its second", 5000, { 1000, 4999, 5000 }, 2 },
    { "not before", 5000, { 1000, 2000, 3000, 4000, 4999 }, -1 },
    { "a fraction is noticed a second later at most", 5300, { 1000, 5299, 6300 }, 2 },
    { "far away: many turns of the wheel", 100000, { 1000, 50000, 99000, 100000 }, 3 },
    { "a long silence", 5000, { 1000, 9000000 }, 1 },
    { "a silence of years", 5000, { 1000, 900000000000 }, 1 },
    { "far away: many turns, slot by slot", 600000, { 1000, 257000, 513000, 599000, 600000 }, 4 },
    { "exactly one turn", 257000, { 1000, 257000 }, 1 },
    { "one turn and one slot", 258000, { 1000, 258000 }, 1 },
    { "a deadline in the past fires with the next second", 500, { 1000, 2000 }, 1 },
    { "the clock steps back: delayed, then fired", 5000, { 4000, 1000, 2000, 5000 }, 3 },
    { "the clock steps back far and never returns", 5000, { 4000, 100, 200, 300 }, -1 },
};

static void deadlines_fire_by_the_clock_of_the_packets(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(expiries); i++) {
        struct flow_table *t = flow_table_new(4);
        struct expiry e = { .answer_ns = FLOW_TABLE_REMOVE };
        flow_table_advance(t, expiries[i].times_ms[0] * NSEC_PER_MSEC, fire, &e);
        assert_non_null(add(t, 1, 1, expiries[i].deadline_ms * NSEC_PER_MSEC));
        for (int k = 1; k < 6 && expiries[i].times_ms[k]; k++) {
            flow_table_advance(t, expiries[i].times_ms[k] * NSEC_PER_MSEC, fire, &e);
            bool gone = expiries[i].gone_at >= 0 && k >= expiries[i].gone_at;
            char what[32];
            snprintf(what, sizeof what, "fired at time %d", k);
            failed += soft_int(expiries[i].name, what, (int64_t)e.count, gone);
            failed += soft_int(expiries[i].name, "flows", flow_table_count(t), !gone);
            failed += soft_true(expiries[i].name, "found while it is there", (find(t, 1, 1) != NULL) == !gone);
        }
        flow_table_free(t);
    }
    assert_int_equal(failed, 0);
}

/* A flow added before the clock was ever set leaves as well. */
static void a_flow_before_the_first_tick_expires(void **state)
{
    (void)state;
    struct flow_table *t = flow_table_new(4);
    struct expiry e = { .answer_ns = FLOW_TABLE_REMOVE };
    assert_non_null(add(t, 1, 1, SECONDS(1700000005)));
    flow_table_advance(t, SECONDS(1700000000), fire, &e);
    assert_int_equal(e.count, 0);
    for (int64_t s = 1; s <= 20; s++)
        flow_table_advance(t, SECONDS(1700000000 + s), fire, &e);
    assert_int_equal(e.count, 1);
    assert_int_equal(flow_table_count(t), 0);
    flow_table_free(t);
}

static void a_deadline_moved_nearer_is_noticed(void **state)
{
    (void)state;
    struct flow_table *t = flow_table_new(4);
    struct expiry e = { .answer_ns = FLOW_TABLE_REMOVE };
    flow_table_advance(t, SECONDS(1), fire, &e);
    struct flow *f = add(t, 1, 1, SECONDS(100));
    assert_non_null(f);
    flow_table_set_deadline(t, f, SECONDS(5));
    flow_table_advance(t, SECONDS(4), fire, &e);
    assert_int_equal(e.count, 0);
    flow_table_advance(t, SECONDS(5), fire, &e);
    assert_int_equal(e.count, 1);
    assert_int_equal(flow_table_count(t), 0);
    flow_table_free(t);
}

static void times_before_1970_work(void **state)
{
    (void)state;
    struct flow_table *t = flow_table_new(4);
    struct expiry e = { .answer_ns = FLOW_TABLE_REMOVE };
    flow_table_advance(t, SECONDS(-100), fire, &e);
    assert_non_null(add(t, 1, 1, SECONDS(-95)));
    flow_table_advance(t, SECONDS(-97), fire, &e);
    assert_int_equal(e.count, 0);
    flow_table_advance(t, SECONDS(-94), fire, &e);
    assert_int_equal(e.count, 1);
    assert_non_null(add(t, 2, 2, SECONDS(3)));
    flow_table_advance(t, SECONDS(1), fire, &e);
    assert_int_equal(e.count, 1);
    flow_table_advance(t, SECONDS(4), fire, &e);
    assert_int_equal(e.count, 2);
    flow_table_free(t);
}

/* A flow that answers with a later deadline stays, and is asked again then. */
static void a_postponed_deadline_is_asked_again(void **state)
{
    (void)state;
    struct flow_table *t = flow_table_new(4);
    struct expiry e = { .answer_ns = SECONDS(30) };
    flow_table_advance(t, SECONDS(1), fire, &e);
    assert_non_null(add(t, 1, 1, SECONDS(3)));
    for (int64_t s = 2; s < 30; s++)
        flow_table_advance(t, SECONDS(s), fire, &e);
    assert_int_equal(e.count, 1);
    assert_int_equal(flow_table_count(t), 1);
    e.answer_ns = FLOW_TABLE_REMOVE;
    flow_table_advance(t, SECONDS(30), fire, &e);
    assert_int_equal(e.count, 2);
    assert_int_equal(flow_table_count(t), 0);
    flow_table_free(t);
}

/* After a long silence every flow that is due fires once, in one call, with the time of the packet. */
static void a_long_silence_fires_each_once(void **state)
{
    (void)state;
    struct flow_table *t = flow_table_new(64);
    struct expiry e = { .answer_ns = FLOW_TABLE_REMOVE };
    flow_table_advance(t, SECONDS(1000), fire, &e);
    for (uint32_t k = 0; k < 40; k++)
        assert_non_null(add(t, k, spread(k), SECONDS(1001 + k)));
    flow_table_advance(t, SECONDS(100000), fire, &e);
    assert_int_equal(e.count, 40);
    assert_int_equal(e.now_ns, SECONDS(100000));
    assert_int_equal(flow_table_count(t), 0);
    flow_table_free(t);
}

/* "Order of everything visible is the order of packets": what is due at once leaves in the order in which it came. */
static void equal_deadlines_fire_in_the_order_of_packets(void **state)
{
    (void)state;
    struct flow_table *t = flow_table_new(64);
    struct expiry e = { .answer_ns = FLOW_TABLE_REMOVE };
    flow_table_advance(t, SECONDS(1000), fire, &e);
    for (uint32_t k = 0; k < 20; k++) {
        struct flow *f = add(t, k, spread(k), SECONDS(1005) + k);
        assert_non_null(f);
        f->first_frame = k + 1;
    }
    flow_table_advance(t, SECONDS(1006), fire, &e);
    unsigned failed = soft_int("equal deadlines", "fired", (int64_t)e.count, 20);
    for (size_t k = 0; k < e.count; k++)
        failed += soft_int("equal deadlines", "frame", (int64_t)e.fired[k], (int64_t)k + 1);
    flow_table_free(t);
    assert_int_equal(failed, 0);
}

static void note_frame(void *context, struct flow *flow)
{
    struct expiry *e = context;
    assert_true(e->count < COUNT_OF(e->fired));
    e->fired[e->count++] = flow->number;
}

/* The order of a visit does not follow the hash, and what has gone is not visited. */
static void visits_in_the_order_of_the_records(void **state)
{
    (void)state;
    uint64_t seen[2][64];
    size_t counts[2];
    for (int run = 0; run < 2; run++) {
        struct flow_table *t = flow_table_new(64);
        struct expiry e = { 0 };
        for (uint32_t k = 0; k < 40; k++)
            assert_non_null(add(t, k, run ? one_hash(k) : spread(k), 0));
        for (uint32_t k = 0; k < 40; k += 4)
            flow_table_remove(t, find(t, k, run ? one_hash(k) : spread(k)));
        flow_table_each(t, note_frame, &e);
        memcpy(seen[run], e.fired, sizeof e.fired);
        counts[run] = e.count;
        flow_table_free(t);
    }
    assert_int_equal(counts[0], 30);
    assert_int_equal(counts[1], 30);
    assert_memory_equal(seen[0], seen[1], 30 * sizeof seen[0][0]);
    for (size_t i = 1; i < 30; i++)
        assert_true(seen[0][i - 1] < seen[0][i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_through_growth_and_removal),
        cmocka_unit_test(a_hash_collision_is_no_match),
        cmocka_unit_test(the_budget_is_kept),
        cmocka_unit_test(memory_is_bounded_by_the_flows_not_by_the_additions),
        cmocka_unit_test(deadlines_fire_by_the_clock_of_the_packets),
        cmocka_unit_test(a_flow_before_the_first_tick_expires),
        cmocka_unit_test(a_deadline_moved_nearer_is_noticed),
        cmocka_unit_test(times_before_1970_work),
        cmocka_unit_test(a_postponed_deadline_is_asked_again),
        cmocka_unit_test(a_long_silence_fires_each_once),
        cmocka_unit_test(equal_deadlines_fire_in_the_order_of_packets),
        cmocka_unit_test(visits_in_the_order_of_the_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
