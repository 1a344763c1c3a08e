/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "model/loss.h"
#include "track/pcoip.h"

/* One datagram of the gateway, with these eight bytes in front. */
static void send_numbered(struct bench *b, int64_t at_ms, uint32_t spi, uint32_t number)
{
    uint8_t payload[BENCH_PAYLOAD_MAX] = { (uint8_t)(spi >> 24), (uint8_t)(spi >> 16), (uint8_t)(spi >> 8),
                                           (uint8_t)spi, (uint8_t)(number >> 24), (uint8_t)(number >> 16),
                                           (uint8_t)(number >> 8), (uint8_t)number };
    struct decode_packet d = bench_packet(b, &bench_pcoip, BENCH_SERVER, 17, 300);
    bench_send_bytes(b, MS(at_ms), &d, payload);
}

enum { SPI = 0x11223344, OTHER_SPI = 0x55667788, PACKETS = 200 };

/* 200 packets, numbered from `first` on, and what happens at the hundredth. */
enum trouble { NONE, ONE_MISSING, RUN_MISSING, TWO_PLACES, SWAPPED, MUCH_LATER, TOO_LATE, COPY, REKEYED, RANDOM_NUMBERS,
               RANDOM_SPIS, RUN_FILLED_IN_THE_MIDDLE, FAR_AWAY };

static const struct {
    const char *name;
    enum trouble trouble;
    uint32_t first;
    bool counted;
    uint64_t lost, ranges, units;
} rows[] = {
    { "all of them", NONE, 1, true, 0, 0, 200 },
    { "one is missing", ONE_MISSING, 1, true, 1, 1, 200 },
    { "ten in a row are one place", RUN_MISSING, 1, true, 10, 1, 200 },
    { "two places", TWO_PLACES, 1, true, 2, 2, 200 },
    { "overtaken by the next", SWAPPED, 1, true, 0, 0, 200 },
    { "forty places late", MUCH_LATER, 1, true, 0, 0, 200 },
    { "beyond the window it stays lost", TOO_LATE, 1, true, 1, 1, 600 },
    { "a copy", COPY, 1, true, 0, 0, 200 },
    { "another SPI counts anew", REKEYED, 1, true, 0, 0, 200 },
    { "the number wraps", ONE_MISSING, 0xffffffb0, true, 1, 1, 200 },
    { "a hole that is filled in the middle is two", RUN_FILLED_IN_THE_MIDDLE, 1, true, 9, 2, 200 },
    { "numbers far away count nowhere", FAR_AWAY, 1, true, 0, 0, 100 },
    { "numbers at random are no numbers", RANDOM_NUMBERS, 1, false, 0, 0, 0 },
    { "nor are SPIs", RANDOM_SPIS, 1, false, 0, 0, 0 },
};

static bool is_missing(enum trouble trouble, uint32_t i)
{
    switch (trouble) {
    case ONE_MISSING:
    case TOO_LATE:
    case MUCH_LATER:
        return i == 100;
    case TWO_PLACES:
        return i == 100 || i == 120;
    case RUN_MISSING:
    case RUN_FILLED_IN_THE_MIDDLE:
        return i >= 100 && i < 110;
    default:
        return false;
    }
}

static uint32_t number_of(enum trouble trouble, uint32_t first, uint32_t i)
{
    if (trouble == RANDOM_NUMBERS)
        return i * 2654435761u;
    if (trouble == SWAPPED && (i == 100 || i == 101))
        return first + 201 - i;
    if (trouble == FAR_AWAY && i >= 100)
        return first + i + 3000000000u;
    return first + i;
}

static void play(struct bench *b, enum trouble trouble, uint32_t first)
{
    uint32_t packets = trouble == TOO_LATE ? 600 : PACKETS;
    for (uint32_t i = 0; i < packets; i++) {
        uint32_t spi = trouble == RANDOM_SPIS ? SPI + i : trouble == REKEYED && i >= 100 ? OTHER_SPI : SPI;
        if (!is_missing(trouble, i))
            send_numbered(b, (int64_t)i * 20, spi, number_of(trouble, first, i));
        if (trouble == COPY && i == 100)
            send_numbered(b, (int64_t)i * 20 + 10, spi, first + i);
        if ((trouble == MUCH_LATER && i == 140) || (trouble == TOO_LATE && i == 400))
            send_numbered(b, (int64_t)i * 20 + 10, SPI, first + 100);
        if (trouble == RUN_FILLED_IN_THE_MIDDLE && i == 115)
            send_numbered(b, (int64_t)i * 20 + 10, SPI, first + 105);
    }
}

static void missing_numbers_are_counted(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bench b;
        bench_begin(&b);
        struct decode_packet hello = bench_packet(&b, &bench_pcoip, BENCH_CLIENT, 17, 4);
        bench_send(&b, 0, &hello);
        play(&b, rows[i].trouble, rows[i].first);
        bench_finish(&b, MS(20000));
        const struct model_loss *loss = bench_path(&b, &bench_pcoip, 17)->loss;
        const struct model_loss_way *w = loss ? &loss->way[FLOW_TO_CLIENT] : NULL;
        failed += soft_int(rows[i].name, "counted", w && w->units, rows[i].counted);
        failed += soft_int(rows[i].name, "lost", w ? (int64_t)w->lost : 0, (int64_t)rows[i].lost);
        failed += soft_int(rows[i].name, "before the tap", w ? (int64_t)w->before_tap : 0, (int64_t)rows[i].lost);
        failed += soft_int(rows[i].name, "ranges", w ? (int64_t)w->ranges : 0, (int64_t)rows[i].ranges);
        failed += soft_int(rows[i].name, "units", w ? (int64_t)w->units : 0, (int64_t)rows[i].units);
        failed += soft_true(rows[i].name, "frames are there when something is lost",
                            !w || (w->frames != 0) == (rows[i].lost != 0));
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

static void too_few_are_not_believed(void **state)
{
    (void)state;
    for (uint32_t packets = 63; packets <= 64; packets++) {
        struct bench b;
        bench_begin(&b);
        for (uint32_t i = 0; i < packets; i++)
            send_numbered(&b, (int64_t)i * 20, SPI, 7 + i);
        bench_finish(&b, MS(20000));
        assert_int_equal(bench_path(&b, &bench_pcoip, 17)->loss != NULL, packets == 64);
        bench_end(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_numbers_are_counted),
        cmocka_unit_test(too_few_are_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
