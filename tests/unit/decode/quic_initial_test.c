/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/quic_initial.h"

#include "decode/crypto_stream.h"
#include "decode/tls.h"

#include "mutate.h"
#include "quic_samples.h"

static int make_keys(void **state)
{
    *state = decode_quic_keys_new();
    return *state ? 0 : -1;
}

static int free_keys(void **state)
{
    decode_quic_keys_free(*state);
    return 0;
}

static const struct packet_row {
    const char *name;
    const char *dcid;
    enum decode_quic_sender sender;
    const char *hex;
    const char *expect; /* outcome, packet number, number of bytes, and the first of them */
} packets[] = {
    { "RFC 9001, A.2: the client's Initial", SAMPLE_DCID, DECODE_QUIC_CLIENT, CLIENT_V1,
      "ok 2 1162 060040f1010000ed0303ebf8fa56f12939b9584a3896472e" },
    { "RFC 9001, A.3: the server's Initial", SAMPLE_DCID, DECODE_QUIC_SERVER,
      "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f5e"
      "de4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d"
      "06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee",
      "ok 1 99 02000000000600405a020000560303eefce7f7b37ba1d163" },
    { "RFC 9369, A.2: the client's Initial", SAMPLE_DCID, DECODE_QUIC_CLIENT, CLIENT_V2,
      "ok 2 1162 060040f1010000ed0303ebf8fa56f12939b9584a3896472e" },
    { "RFC 9369, A.3: the server's Initial", SAMPLE_DCID, DECODE_QUIC_SERVER,
      "dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698baeea26b91eb761d9b89237bbf8726301791535823"
      "0035f7fd3945d88965cf17f9af6e16886c61bfc703106fbaf3cb4cfa52382dd16a393e42757507698075b2c984c707f0a0812d8cd5"
      "a6881eaf21ceda98f4bd23f6fe1a3e2c43edd9ce7ca84bed8521e2e140",
      "ok 1 99 02000000000600405a020000560303eefce7f7b37ba1d163" },
    { "draft 29", SAMPLE_DCID, DECODE_QUIC_CLIENT,
      "ccff00001d088394c8f03e5157080000405409beabe659973623d64dba327177b8fc66429593b62cbdcee6fedd45a0b35122bd4bfc"
      "1793d32c667c4b5fe95722aff9842fd0b163e871f50fdac260e089f981a0d087977511ec0223551a60f8305ac858841cb3",
      "ok 1 66 064000403c010000ed0303ebf8fa56f12939b9584a389647" },
};

static enum decode_outcome open_packet(struct decode_quic_opener *opener, const uint8_t *bytes, size_t length,
                                       struct decode_quic_initial *out)
{
    uint8_t *exact = malloc(length + 1);

    assert_non_null(exact);
    memcpy(exact + 1, bytes, length);
    enum decode_outcome outcome = decode_quic_initial_open(opener, cursor_make(exact + 1, length), out);
    free(exact);
    assert_true(outcome == DECODE_OK || (out->number == 0 && cursor_left(&out->frames) == 0));
    return outcome;
}

static void show(enum decode_outcome outcome, const struct decode_quic_initial *initial, char *line)
{
    struct cursor frames = initial->frames;

    line[0] = 0;
    mutate_add(line, "%s %u %zu ", mutate_outcome(outcome), initial->number, cursor_left(&frames));
    for (int i = 0; i < 24 && cursor_left(&frames); i++)
        mutate_add(line, "%02x", cursor_u8(&frames));
}

static struct decode_quic_opener opener_of(struct decode_quic_keys *keys, const struct packet_row *row,
                                           uint8_t dcid[ROWS_FRAME_MAX])
{
    struct decode_quic_opener opener = { .keys = keys, .sender = row->sender };

    opener.dcid.at = dcid;
    opener.dcid.length = rows_bytes(row->dcid, dcid);
    return opener;
}

static void rows(void **state)
{
    unsigned failed = 0;

    for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        uint8_t bytes[ROWS_FRAME_MAX], dcid[ROWS_FRAME_MAX];
        char line[MUTATE_LINE_MAX];
        struct decode_quic_initial initial;
        struct decode_quic_opener opener = opener_of(*state, &packets[i], dcid);
        size_t length = rows_bytes(packets[i].hex, bytes);

        show(open_packet(&opener, bytes, length, &initial), &initial, line);
        if (strcmp(line, packets[i].expect) != 0) {
            print_error("row \"%s\"\n  expected %s\n  got      %s\n", packets[i].name, packets[i].expect, line);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

/* No part of a packet can be missing, and no bit of it be another, without the tag saying so. */
static void every_cut_and_every_bit(void **state)
{
    for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        uint8_t bytes[ROWS_FRAME_MAX], dcid[ROWS_FRAME_MAX];
        struct decode_quic_initial initial;
        struct decode_quic_opener opener = opener_of(*state, &packets[i], dcid);
        size_t length = rows_bytes(packets[i].hex, bytes);

        for (size_t cut = 0; cut < length; cut++)
            assert_int_equal(open_packet(&opener, bytes, cut, &initial), DECODE_TRUNCATED);
        for (size_t bit = 0; bit < length * 8; bit++) {
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_not_equal(open_packet(&opener, bytes, length, &initial), DECODE_OK);
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
}

static const struct packet_row refused[] = {
    { "the other side's keys", SAMPLE_DCID, DECODE_QUIC_SERVER, CLIENT_V1, "malformed 0 0 " },
    { "another connection", "8394c8f03e515709", DECODE_QUIC_CLIENT, CLIENT_V1, "malformed 0 0 " },
    { "no connection ID at all", "", DECODE_QUIC_CLIENT, CLIENT_V1, "malformed 0 0 " },
    { "Handshake", SAMPLE_DCID, DECODE_QUIC_CLIENT, "e300000001021122013302aabb", "unsupported 0 0 " },
    { "Retry", SAMPLE_DCID, DECODE_QUIC_SERVER,
      "ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba", "unsupported 0 0 " },
    { "a version that nobody knows", SAMPLE_DCID, DECODE_QUIC_CLIENT, "c0faceb00202112200", "unsupported 0 0 " },
    { "too short for a sample", SAMPLE_DCID, DECODE_QUIC_CLIENT,
      "c300000001021122000013" "000102030405060708090a0b0c0d0e0f101112", "malformed 0 0 " },
    { "longer than is opened", SAMPLE_DCID, DECODE_QUIC_CLIENT, "c3000000010211220000800040010000",
      "unsupported 0 0 " },
    { "not captured whole", SAMPLE_DCID, DECODE_QUIC_CLIENT, "c30000000102112200004100aabb", "truncated 0 0 " },
    { "short header", SAMPLE_DCID, DECODE_QUIC_CLIENT, "5d4e68679e5f", "unsupported 0 0 " },
};

static void refused_rows(void **state)
{
    unsigned failed = 0;

    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        uint8_t bytes[ROWS_FRAME_MAX], dcid[ROWS_FRAME_MAX];
        char line[MUTATE_LINE_MAX];
        struct decode_quic_initial initial;
        struct decode_quic_opener opener = opener_of(*state, &refused[i], dcid);
        size_t length = rows_bytes(refused[i].hex, bytes);

        show(open_packet(&opener, bytes, length, &initial), &initial, line);
        if (strcmp(line, refused[i].expect) != 0) {
            print_error("row \"%s\"\n  expected %s\n  got      %s\n", refused[i].name, refused[i].expect, line);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

/* What follows in the datagram is not part of the packet. */
static void coalesced(void **state)
{
    uint8_t bytes[ROWS_FRAME_MAX], dcid[ROWS_FRAME_MAX];
    struct decode_quic_initial initial;
    struct decode_quic_opener opener = opener_of(*state, &packets[1], dcid);
    size_t length = rows_bytes(packets[1].hex, bytes);

    memset(bytes + length, 0xe7, 40);
    assert_int_equal(open_packet(&opener, bytes, length + 40, &initial), DECODE_OK);
    assert_int_equal(cursor_left(&initial.frames), 99);
}

static void add_crypto(struct decode_crypto_stream *stream, struct cursor frames)
{
    while (cursor_left(&frames)) {
        struct decode_quic_frame frame;
        assert_int_equal(decode_quic_frame(&frames, &frame), DECODE_OK);
        if (frame.type == DECODE_QUIC_CRYPTO)
            assert_true(decode_crypto_stream_add(stream, frame.offset, frame.data));
    }
}

/* The hello of the samples in six pieces, shuffled, in two Initials, in either order. */
static void scrambled_hello(void **state)
{
    static const char *const hex[] = {

        "c900000001088394c8f03e515708000040a5fafabc01e79f3074fb1da4cdead579b52157c2a9d102d0ffde86f05b9cb3889693f5"
        "86188ab636f1782d3db00ce998c00706c187cb92e61b199b866beeaa81182b746a24abab26ec40257d26698725f433dbeb05f47d"
        "707d0928d6ca8747e881c1889e90f4eb76ca8fa56848018b7509acb80eb1b32d49f1fa9c55349ab2fa00720c505f79c22c6d0cda"
        "3deb189378cfb8adb524e544782cf162198c134f40541553a0dd69",

        "c700000001088394c8f03e515708000040a56a4df53af44bb24d9e70687ac2af437aa1e2ace7b6679675567795faaef07c082349"
        "634fb97ce6966c5491f1ce5681fc9f6f0ee0dee53e73a8e8271267c1963023fa740f6c5a9ef49c5c4b3cc7d92a05a5b0729210d7"
        "3edface9a2af557136ee1100cb6fa3613fd246eb9f9abc541d5173b45be6c589424594b1f8150e8c1840e3fad153f5b80399e4d6"
        "ebb88228d3eaf888de408a7018a0923324eddf3f8927a4d2535589",
    };

    for (size_t first = 0; first < 2; first++) {
        struct decode_crypto_stream stream;
        decode_crypto_stream_reset(&stream);
        for (size_t i = 0; i < 2; i++) {
            uint8_t bytes[ROWS_FRAME_MAX], dcid[ROWS_FRAME_MAX];
            struct decode_quic_initial initial;
            struct decode_quic_opener opener = opener_of(*state, &packets[0], dcid);
            size_t which = i ^ first;
            size_t length = rows_bytes(hex[which], bytes);
            assert_int_equal(open_packet(&opener, bytes, length, &initial), DECODE_OK);
            assert_int_equal(initial.number, which ? 9 : 7);
            add_crypto(&stream, initial.frames);
        }
        struct cursor bytes = decode_crypto_stream_read(&stream);
        struct decode_tls_handshake message;
        struct decode_tls_client_hello hello;
        assert_int_equal(decode_tls_handshake(&bytes, &message), DECODE_OK);
        assert_int_equal(decode_tls_client_hello(&message, &hello), DECODE_OK);
        assert_string_equal(hello.sni, "example.com");
        assert_string_equal(hello.alpn[0], "alpn");
        assert_true(hello.quic);
        assert_int_equal(hello.version_max, 0x0304);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows, make_keys, free_keys),
        cmocka_unit_test_setup_teardown(every_cut_and_every_bit, make_keys, free_keys),
        cmocka_unit_test_setup_teardown(refused_rows, make_keys, free_keys),
        cmocka_unit_test_setup_teardown(coalesced, make_keys, free_keys),
        cmocka_unit_test_setup_teardown(scrambled_hello, make_keys, free_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
