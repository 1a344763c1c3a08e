/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/pcoip.h"

#include "mutate.h"

static void read_payload(const uint8_t *bytes, size_t length, char *line)
{
    struct decode_pcoip p;
    enum decode_outcome outcome = decode_pcoip(cursor_make(bytes, length), &p);

    mutate_add(line, "%s", mutate_outcome(outcome));
    if (outcome == DECODE_OK)
        mutate_add(line, " spi %08x sequence %u", p.spi, p.sequence);
    assert_true((outcome == DECODE_OK) == (p.spi != 0));
    assert_true(outcome == DECODE_OK || p.sequence == 0);
    assert_true(length >= 8 || outcome != DECODE_OK);
}

static const struct mutate_row payloads[] = {
    { "the first datagram of a session",
      "6ef9631d0000000100005dc0000000b421dfff4b96d59a5b7f10b497cb3282da",
      "ok spi 6ef9631d sequence 1" },
    { "the last sequence number there is", "00000100ffffffff", "ok spi 00000100 sequence 4294967295" },
    { "the non-ESP marker", "0000000001020304", "unsupported" },
    { "a keep-alive", "ff", "unsupported" },
    { "seven bytes", "0000010000000a", "truncated" },
    { "nothing", "", "truncated" },
};

static void rows(void **state)
{
    (void)state;
    MUTATE_ROWS(read_payload, payloads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
