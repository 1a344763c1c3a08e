/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/checksum.h"

#include "rows.h"

enum { SEGMENT_MAX = 300 };

/* RFC 1071, as its section 4.1 has it: two bytes at a time, in network order. */
static uint16_t reference(const struct decode_packet *p, const uint8_t *segment, uint32_t length)
{
    uint64_t sum = 0;
    unsigned start = ipaddr_is_v4(&p->source) ? 12 : 0;

    for (unsigned i = start; i < 16; i += 2) {
        sum += (unsigned)(p->source.bytes[i] << 8 | p->source.bytes[i + 1]);
        sum += (unsigned)(p->destination.bytes[i] << 8 | p->destination.bytes[i + 1]);
    }
    sum += p->protocol + length;
    for (uint32_t i = 0; i < length; i++)
        sum += (unsigned)segment[i] << (i % 2 ? 0 : 8);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static bool is_right(struct decode_packet *p, const uint8_t *segment, uint32_t length)
{
    p->payload_offset = length < 8 ? length : 8;
    p->payload_bytes = length - p->payload_offset;
    return !decode_checksum_is_wrong(p, segment);
}

static void agrees_with_rfc1071(const char *source, const char *destination)
{
    struct decode_packet p = { .protocol = 17 };
    uint32_t random = 12345;

    assert_true(ipaddr_parse(source, &p.source) && ipaddr_parse(destination, &p.destination));
    for (uint32_t length = 8; length < SEGMENT_MAX; length++) {
        uint8_t *segment = malloc(length);
        assert_non_null(segment);
        for (uint32_t i = 0; i < length; i++) {
            random = random * 1103515245 + 12345;
            segment[i] = length % 3 ? (uint8_t)(random >> 16) : 0xff;
        }
        segment[6] = segment[7] = 0;
        uint16_t sum = reference(&p, segment, length);
        segment[6] = (uint8_t)(sum >> 8);
        segment[7] = (uint8_t)sum;
        assert_true(is_right(&p, segment, length));
        segment[length - 1] ^= 1;
        assert_false(is_right(&p, segment, length));
        free(segment);
    }
}

static void every_length(void **state)
{
    (void)state;
    agrees_with_rfc1071("10.20.30.4", "18.134.68.9");
    agrees_with_rfc1071("2001:db8::1", "2a05:d02c:8::ffff");
    agrees_with_rfc1071("255.255.255.255", "0.0.0.0");
}

/* Longer than the lanes of a vector can add up at once. */
static void very_long(void **state)
{
    (void)state;
    enum { LENGTH = (2 << 20) + 13 };
    struct decode_packet p = { .protocol = 6 };
    uint8_t *segment = malloc(LENGTH);

    assert_non_null(segment);
    memset(segment, 0xff, LENGTH);
    segment[6] = segment[7] = 0;
    uint16_t sum = reference(&p, segment, LENGTH);
    segment[6] = (uint8_t)(sum >> 8);
    segment[7] = (uint8_t)sum;
    assert_true(is_right(&p, segment, LENGTH));
    segment[LENGTH / 2] ^= 1;
    assert_false(is_right(&p, segment, LENGTH));
    free(segment);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length),
        cmocka_unit_test(very_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
