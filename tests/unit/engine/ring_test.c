/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "base/nsec.h"
#include "craft/pcap.h"
#include "engine/engine.h"

/* The ring alone: engine_serial_packet() and engine_serial_step() are this file's, and write down what they get. */

/* Records of 40 bytes: a block holds what CAPTURE_BLOCK_BYTES has room for, which the first test makes sure of. */
enum { EVENTS_MAX = 60000, FRAME_BYTES = 24, HEADER_BYTES = 24, RECORD_BYTES = 16 + FRAME_BYTES,
       PER_BLOCK = (CAPTURE_BLOCK_BYTES - HEADER_BYTES) / RECORD_BYTES };
_Static_assert(PER_BLOCK + 0 < CAPTURE_BLOCK_PACKETS + 0, "bytes end a block, not packets");

struct event {
    uint64_t frame;
    int64_t from_ns, to_ns; /* of a step; else 0 and the packet's time */
};

struct tape {
    struct engine engine; /* first: what the ring hands around */
    struct event *events;
    size_t count;
};

void engine_serial_packet(struct engine *engine, const struct capture_packet *packet, const struct decode_packet *d)
{
    struct tape *tape = (struct tape *)(void *)engine;
    assert_true(tape->count < EVENTS_MAX);
    assert_int_equal(d->outcome, DECODE_OK);
    engine->counts.read++;
    tape->events[tape->count++] = (struct event){ .frame = packet->frame, .to_ns = packet->time_ns };
}

void engine_serial_step(struct engine *engine, uint64_t frame, int64_t from_ns, int64_t to_ns)
{
    struct tape *tape = (struct tape *)(void *)engine;
    assert_true(tape->count < EVENTS_MAX);
    tape->events[tape->count++] = (struct event){ .frame = frame, .from_ns = from_ns, .to_ns = to_ns };
}

static void start(struct tape *tape)
{
    static const uint64_t key[2] = { 1, 2 };
    const struct model_budget budget = { 10, 10, 10, 10, 10 };
    *tape = (struct tape){ .events = calloc(EVENTS_MAX, sizeof *tape->events) };
    tape->engine.analyzer = calloc(1, sizeof *tape->engine.analyzer);
    assert_non_null(tape->events);
    assert_non_null(tape->engine.analyzer);
    tape->engine.analyzer->catalogue = endpoint_catalogue_builtin(NULL);
    tape->engine.model = model_new(tape->engine.analyzer->catalogue, &budget, key);
    tape->engine.track = track_new(&(struct track_options){ .max_flows = 10 }, tape->engine.model);
    assert_non_null(tape->engine.track);
}

static void stop(struct tape *tape)
{
    track_free(tape->engine.track);
    model_free(tape->engine.model);
    endpoint_catalogue_free(tape->engine.analyzer->catalogue);
    free(tape->engine.analyzer);
    free(tape->events);
}

/* A capture of ARP packets with these times. */
static struct craft_pcap *shoot(const int64_t *times_ns, size_t count)
{
    static const uint8_t arp[FRAME_BYTES] = { [12] = 0x08, [13] = 0x06 };
    struct craft_pcap *pcap = craft_pcap_new(&(struct craft_pcap_options){ 0 });
    assert_non_null(pcap);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(craft_pcap_add(pcap, times_ns[i], (struct craft_bytes){ arp, sizeof arp }), STATUS_OK);
    return pcap;
}

static void play_with(unsigned threads, struct tape *tape, struct craft_bytes file)
{
    struct capture_source *source;
    struct error error;
    start(tape);
    tape->engine.analyzer->threads = threads;
    tape->engine.analyzer->threads_asked = true;
    assert_int_equal(capture_source_memory("t.pcap", file.bytes, file.length, &source, &error), STATUS_OK);
    assert_int_equal(capture_source_next(source, &tape->engine.reader, &error), STATUS_OK);
    assert_int_equal(engine_ring_run(&tape->engine, NULL, NULL, &error), STATUS_OK);
    capture_reader_free(tape->engine.reader);
    capture_source_free(source);
}

/* With one thread; more must give the same. */
static void play(struct tape *tape, const int64_t *times_ns, size_t count)
{
    struct craft_pcap *pcap = shoot(times_ns, count);
    play_with(1, tape, craft_pcap_bytes(pcap));
    for (unsigned threads = 2; threads <= ENGINE_THREADS_MAX; threads++) {
        struct tape other;
        play_with(threads, &other, craft_pcap_bytes(pcap));
        assert_int_equal(other.count, tape->count);
        assert_memory_equal(other.events, tape->events, tape->count * sizeof *tape->events);
        stop(&other);
    }
    craft_pcap_free(pcap);
}

static void blocks_end_where_these_tests_need_it(void **state)
{
    (void)state;
    static int64_t times[2 * PER_BLOCK + 100];
    struct craft_pcap *pcap = shoot(times, COUNT_OF(times));
    struct craft_bytes file = craft_pcap_bytes(pcap);
    struct capture_block *block = capture_block_new();
    struct capture_source *source;
    struct capture_reader *reader;
    struct error error;
    size_t counts[3] = { 0 };
    assert_int_equal(capture_source_memory("t.pcap", file.bytes, file.length, &source, &error), STATUS_OK);
    assert_int_equal(capture_source_next(source, &reader, &error), STATUS_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(capture_next_block(reader, block, &error), STATUS_OK);
        capture_block_packets(block, &counts[i]);
    }
    assert_int_equal(counts[0], PER_BLOCK);
    assert_in_range(counts[1], PER_BLOCK, PER_BLOCK + 1);
    capture_block_free(block);
    capture_reader_free(reader);
    capture_source_free(source);
    craft_pcap_free(pcap);
}

#define T(seconds) ((int64_t)((seconds) * 1000) * NSEC_PER_MSEC)

/* Times of packets in seconds, and the frames in the order in which they must come; a step is the negative number of
 * the frame that it comes before. */
static const struct {
    const char *name;
    double times[10];
    int order[14];
    unsigned late;
} rows[] = {
    { "in order", { 10, 11, 12 }, { 1, 2, 3 }, 0 },
    { "one alone", { 10 }, { 1 }, 0 },
    { "equal times stay in the order of the file", { 10, 10, 10 }, { 1, 2, 3 }, 0 },
    { "one a little late", { 10, 11, 10.5, 12 }, { 1, 3, 2, 4 }, 0 },
    { "before the first", { 10, 9.5, 11 }, { 2, 1, 3 }, 0 },
    { "exactly a second back is sorted", { 10, 11, 10 }, { 1, 3, 2 }, 0 },
    { "more than a second back is a step", { 10, 11.001, 10, 10.5 }, { 1, 2, -3, 3, 4 }, 0 },
    { "a second counts from the latest packet", { 10, 11, 10.5, 9.9 }, { 1, 3, 2, -4, 4 }, 0 },
    { "a step far back", { 1000, 5, 6 }, { 1, -2, 2, 3 }, 0 },
    { "a jump forward is no step", { 5, 1000, 1001 }, { 1, 2, 3 }, 0 },
    { "two steps", { 100, 50, 51, 20, 21 }, { 1, -2, 2, 3, -4, 4, 5 }, 0 },
    { "sorted on both sides of a step", { 100, 99.5, 50, 51, 50.5 }, { 2, 1, -3, 3, 5, 4 }, 0 },
    { "sorted before the packet of the step", { 100, 50, 49.5, 51 }, { 1, -2, 3, 2, 4 }, 0 },
};

static unsigned compare(const char *name, const struct tape *tape, const int *order)
{
    unsigned failed = 0;
    size_t n = 0;
    for (; order[n]; n++) {
        bool step = order[n] < 0;
        if (n >= tape->count)
            break;
        failed += soft_int(name, "frame", (int64_t)tape->events[n].frame, step ? -order[n] : order[n]);
        failed += soft_int(name, "is a step", tape->events[n].from_ns != 0, step);
    }
    return failed + soft_int(name, "packets and steps", (int64_t)tape->count, (int64_t)n) + soft_int(name, "expected",
        order[n], 0);
}

static void packets_come_in_order_of_time(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t times[10];
        size_t count = 0;
        for (; count < 10 && rows[i].times[count] > 0; count++)
            times[count] = T(rows[i].times[count]);
        struct tape tape;
        play(&tape, times, count);
        failed += compare(rows[i].name, &tape, rows[i].order);
        failed += soft_int(rows[i].name, "packets that could not be sorted",
                           (int64_t)model_tap(tape.engine.model)->late_packets, rows[i].late);
        stop(&tape);
    }
    assert_int_equal(failed, 0);
}

/* A second apart from another, `many` packets every 100 us; then what the row puts around the border of a block. */
struct border {
    const char *name;
    size_t before;          /* packets before the odd ones */
    double odd[4];          /* seconds relative to the packet that would come next */
};

static const struct border borders[] = {
    { "late by 100 ms in the middle of a block", 8000, { -0.1 } },
    { "late by 100 ms as the last of a block", PER_BLOCK - 1, { -0.1 } },
    { "late by 100 ms as the first of a block", PER_BLOCK, { -0.1 } },
    { "late by 100 ms as the second of a block", PER_BLOCK + 1, { -0.1 } },
    { "several late ones across the border", PER_BLOCK - 2, { -0.1, -0.2, -0.3, -0.05 } },
    { "early ones across the border", PER_BLOCK - 2, { 0.1, 0.2, 0.15, 0.05 } },
    { "early and late", PER_BLOCK - 1, { 0.3, -0.3, 0.2, -0.2 } },
    { "across the second border", 2 * PER_BLOCK - 1, { 0.3, -0.3, 0.2, -0.2 } },
};

struct stamp {
    int64_t time_ns;
    uint64_t frame;
};

static int by_time_and_frame(const void *left, const void *right)
{
    const struct stamp *a = left, *b = right;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return (a->frame > b->frame) - (a->frame < b->frame);
}

enum { MANY = 2 * PER_BLOCK + 4000 };

static unsigned play_sorted(const char *name, const int64_t *times_ns, size_t count)
{
    struct stamp *stamps = calloc(count, sizeof *stamps);
    struct tape tape;
    unsigned wrong = 0;
    assert_non_null(stamps);
    for (size_t i = 0; i < count; i++)
        stamps[i] = (struct stamp){ times_ns[i], i + 1 };
    qsort(stamps, count, sizeof *stamps, by_time_and_frame);
    play(&tape, times_ns, count);
    unsigned failed = soft_int(name, "packets", (int64_t)tape.count, (int64_t)count);
    for (size_t i = 0; i < count && i < tape.count; i++)
        wrong += tape.events[i].frame != stamps[i].frame || tape.events[i].from_ns != 0;
    failed += soft_int(name, "packets out of place", wrong, 0);
    failed += soft_int(name, "packets that could not be sorted", (int64_t)model_tap(tape.engine.model)->late_packets,
        0);
    stop(&tape);
    free(stamps);
    return failed;
}

static void disorder_at_the_border_of_a_block_is_sorted_too(void **state)
{
    (void)state;
    unsigned failed = 0;
    int64_t *times = calloc(MANY, sizeof *times);
    assert_non_null(times);
    for (size_t i = 0; i < COUNT_OF(borders); i++) {
        for (size_t k = 0; k < MANY; k++)
            times[k] = T(1000) + (int64_t)k * 100000;
        for (size_t k = 0; k < 4; k++)
            times[borders[i].before + k] += T(borders[i].odd[k]);
        failed += play_sorted(borders[i].name, times, MANY);
    }
    free(times);
    assert_int_equal(failed, 0);
}

/* Small disorder everywhere; the same packets with the borders of the blocks elsewhere. */
static void nothing_depends_on_where_a_block_ends(void **state)
{
    (void)state;
    static const size_t shifts[] = { 0, 1, 2, 777, PER_BLOCK - 1, PER_BLOCK };
    int64_t *times = calloc(MANY + PER_BLOCK, sizeof *times);
    unsigned failed = 0;
    assert_non_null(times);
    for (size_t s = 0; s < COUNT_OF(shifts); s++) {
        char name[32];
        uint32_t random = 12345;
        size_t count = 0;
        for (; count < shifts[s]; count++)
            times[count] = T(1) + (int64_t)count * 1000;
        for (size_t k = 0; k < MANY; k++) {
            random = random * 1664525 + 1013904223;
            times[count++] = T(1000) + (int64_t)k * 100000 + (int64_t)(random >> 8) * 20; /* up to 335 ms */
        }
        snprintf(name, sizeof name, "%zu packets before", shifts[s]);
        failed += play_sorted(name, times, count);
    }
    free(times);
    assert_int_equal(failed, 0);
}

/* A step back at, before and behind the border of a block, with disorder on both of its sides. */
static void steps_at_the_border_of_a_block(void **state)
{
    (void)state;
    static const size_t places[] = { 100, PER_BLOCK - 2, PER_BLOCK - 1, PER_BLOCK, PER_BLOCK + 1, PER_BLOCK + 2,
                                     2 * PER_BLOCK };
    int64_t *times = calloc(MANY, sizeof *times);
    unsigned failed = 0;
    assert_non_null(times);
    for (size_t p = 0; p < COUNT_OF(places); p++) {
        char name[32];
        struct tape tape;
        size_t at = places[p];
        for (size_t k = 0; k < MANY; k++)
            times[k] = (k < at ? T(1000) : T(500)) + (int64_t)k * 100000;
        times[at - 2] += 150000; /* behind the last before the step */
        times[at + 1] += 150000; /* behind the third after it */
        play(&tape, times, MANY);
        snprintf(name, sizeof name, "step at %zu", at);
        failed += soft_int(name, "packets and one step", (int64_t)tape.count, MANY + 1);
        unsigned wrong = 0;
        for (size_t k = 0; k < tape.count; k++) {
            size_t packet = k < at ? k : k - 1; /* in the order of the file, but for the two swaps */
            uint64_t want = packet == at - 2 ? at : packet == at - 1 ? at - 1 : packet == at + 1 ? at + 3
                            : packet == at + 2 ? at + 2 : packet + 1;
            wrong += k == at ? tape.events[k].from_ns == 0 || tape.events[k].frame != at + 1
                             : tape.events[k].frame != want || tape.events[k].from_ns != 0;
        }
        failed += soft_int(name, "out of place", wrong, 0);
        if (tape.count > at) {
            failed += soft_int(name, "from", tape.events[at].from_ns, times[at - 2]);
            failed += soft_int(name, "to", tape.events[at].to_ns, times[at]);
        }
        failed += soft_int(name, "packets that could not be sorted",
                           (int64_t)model_tap(tape.engine.model)->late_packets, 0);
        stop(&tape);
    }
    free(times);
    assert_int_equal(failed, 0);
}

/* Less than a second late, but later than two blocks: counted, and taken as it comes. */
static void what_is_too_late_to_be_sorted_is_counted(void **state)
{
    (void)state;
    int64_t *times = calloc(MANY, sizeof *times);
    struct tape tape;
    assert_non_null(times);
    for (size_t k = 0; k < MANY; k++)
        times[k] = T(1000) + (int64_t)k * 10000; /* 131 ms a block */
    times[2 * PER_BLOCK + 2000] = T(1000) + 5000;
    play(&tape, times, MANY);
    assert_int_equal(tape.count, MANY);
    assert_int_equal(model_tap(tape.engine.model)->late_packets, 1);
    unsigned steps = 0;
    for (size_t k = 0; k < tape.count; k++)
        steps += tape.events[k].from_ns != 0;
    assert_int_equal(steps, 0);
    stop(&tape);
    free(times);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_end_where_these_tests_need_it),
        cmocka_unit_test(packets_come_in_order_of_time),
        cmocka_unit_test(disorder_at_the_border_of_a_block_is_sorted_too),
        cmocka_unit_test(nothing_depends_on_where_a_block_ends),
        cmocka_unit_test(steps_at_the_border_of_a_block),
        cmocka_unit_test(what_is_too_late_to_be_sorted_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
