/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/quic_initial.h"

#include <inttypes.h>

#include "mutate.h"

static void read_frames(const uint8_t *bytes, size_t length, char *line)
{
    struct cursor frames = cursor_make(bytes, length);
    enum decode_outcome outcome = DECODE_OK;

    while (outcome == DECODE_OK && cursor_left(&frames)) {
        struct decode_quic_frame f;
        size_t left = cursor_left(&frames);
        outcome = decode_quic_frame(&frames, &f);
        assert_true(outcome == DECODE_OK || outcome == DECODE_MALFORMED);
        mutate_inside(f.data, bytes, length);
        assert_true(outcome != DECODE_OK || cursor_left(&frames) < left);
        if (outcome != DECODE_OK)
            mutate_add(line, "%s; ", mutate_outcome(outcome));
        else if (f.type == DECODE_QUIC_CRYPTO)
            mutate_add(line, "crypto %" PRIu64 "+%zu; ", f.offset, cursor_left(&f.data));
        else if (f.type == DECODE_QUIC_ACK)
            mutate_add(line, "ack %" PRIu64 "; ", f.acknowledged);
        else if (f.type == DECODE_QUIC_CLOSE)
            mutate_add(line, "close %" PRIx64 " +%zu; ", f.error, cursor_left(&f.data));
        else
            mutate_add(line, f.type == DECODE_QUIC_PING ? "ping; " : "padding; ");
    }
}

static const struct mutate_row payloads[] = {
    { "RFC 9001, A.3: acknowledgement and hello",
      "02000000000600405a020000560303eefce7f7b37ba1d1632e96677825ddf73988cfc79825df566dc5430b9a045a1200130100002e0033"
      "0024001d00209d3c940d89690b84d08a60993c144eca684d1081287c834d5311bcf32bb9da1a002b00020304",
      "ack 0; crypto 0+90; " },
    { "a run of padding is one", "0000000001" "0000", "padding; ping; padding; " },
    { "an acknowledgement with ranges", "02" "4064" "19" "02" "01" "03" "04" "05" "06" "01", "ack 100; ping; " },
    { "an acknowledgement with counts of ECN", "03" "05" "00" "00" "05" "01" "02" "4003" "01", "ack 5; ping; " },
    { "more ranges than bytes", "02" "05" "00" "ffffffffffffffff" "00" "01", "malformed; " },
    { "a piece from the middle", "06" "4400" "03" "aabbcc", "crypto 1024+3; " },
    { "an empty piece", "06" "00" "00", "crypto 0+0; " },
    { "a piece longer than the packet", "06" "00" "04" "aabbcc", "malformed; " },
    { "a length of 2^62-1", "06" "00" "ffffffffffffffff" "aa", "malformed; " },
    { "the handshake failed: TLS alert 40", "1c" "4128" "06" "05" "6261642e2e", "close 128 +5; " },
    { "a close of the application's", "1d" "0a" "00", "close a +0; " },
    { "a frame that may not be here: STREAM", "08" "00" "aa", "malformed; " },
    { "HANDSHAKE_DONE in an Initial", "01" "1e", "ping; malformed; " },
    { "nothing", "", "" },
};

static void rows(void **state)
{
    (void)state;
    MUTATE_ROWS(read_frames, payloads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
