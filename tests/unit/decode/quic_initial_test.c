/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/quic_initial.h"

#include "decode/crypto_stream.h"
#include "decode/tls.h"

#include "mutate.h"

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

/* RFC 9001 and RFC 9369, appendix A: the connection ID that all keys of the samples follow from. */
#define SAMPLE_DCID "8394c8f03e515708"

#define CLIENT_V1                                                                                                      \
    "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9bd8bab936b47d92ec356c0bab7df5976d"     \
    "27cd449f63300099f3991c260ec4c60d17b31f8429157bb35a1282a643a8d2262cad67500cadb8e7378c8eb7539ec4d4905fed1bee1f"     \
    "c8aafba17c750e2c7ace01e6005f80fcb7df621230c83711b39343fa028cea7f7fb5ff89eac2308249a02252155e2347b63d58c5457a"     \
    "fd84d05dfffdb20392844ae812154682e9cf012f9021a6f0be17ddd0c2084dce25ff9b06cde535d0f920a2db1bf362c23e596d11a4f5"     \
    "a6cf3948838a3aec4e15daf8500a6ef69ec4e3feb6b1d98e610ac8b7ec3faf6ad760b7bad1db4ba3485e8a94dc250ae3fdb41ed15fb6"     \
    "a8e5eba0fc3dd60bc8e30c5c4287e53805db059ae0648db2f64264ed5e39be2e20d82df566da8dd5998ccabdae053060ae6c7b4378e8"     \
    "46d29f37ed7b4ea9ec5d82e7961b7f25a9323851f681d582363aa5f89937f5a67258bf63ad6f1a0b1d96dbd4faddfcefc5266ba66117"     \
    "22395c906556be52afe3f565636ad1b17d508b73d8743eeb524be22b3dcbc2c7468d54119c7468449a13d8e3b95811a198f3491de3e7"     \
    "fe942b330407abf82a4ed7c1b311663ac69890f4157015853d91e923037c227a33cdd5ec281ca3f79c44546b9d90ca00f064c99e3dd9"     \
    "7911d39fe9c5d0b23a229a234cb36186c4819e8b9c5927726632291d6a418211cc2962e20fe47feb3edf330f2c603a9d48c0fcb5699d"     \
    "bfe5896425c5bac4aee82e57a85aaf4e2513e4f05796b07ba2ee47d80506f8d2c25e50fd14de71e6c418559302f939b0e1abd576f279"     \
    "c4b2e0feb85c1f28ff18f58891ffef132eef2fa09346aee33c28eb130ff28f5b766953334113211996d20011a198e3fc433f9f254101"     \
    "0ae17c1bf202580f6047472fb36857fe843b19f5984009ddc324044e847a4f4a0ab34f719595de37252d6235365e9b84392b06108534"     \
    "9d73203a4a13e96f5432ec0fd4a1ee65accdd5e3904df54c1da510b0ff20dcc0c77fcb2c0e0eb605cb0504db87632cf3d8b4dae6e705"     \
    "769d1de354270123cb11450efc60ac47683d7b8d0f811365565fd98c4c8eb936bcab8d069fc33bd801b03adea2e1fbc5aa463d08ca19"     \
    "896d2bf59a071b851e6c239052172f296bfb5e72404790a2181014f3b94a4e97d117b438130368cc39dbb2d198065ae3986547926cd2"     \
    "162f40a29f0c3c8745c0f50fba3852e566d44575c29d39a03f0cda721984b6f440591f355e12d439ff150aab7613499dbd49adabc867"     \
    "6eef023b15b65bfc5ca06948109f23f350db82123535eb8a7433bdabcb909271a6ecbcb58b936a88cd4e8f2e6ff5800175f113253d8f"     \
    "a9ca8885c2f552e657dc603f252e1a8e308f76f0be79e2fb8f5d5fbbe2e30ecadd220723c8c0aea8078cdfcb3868263ff8f0940054da"     \
    "48781893a7e49ad5aff4af300cd804a6b6279ab3ff3afb64491c85194aab760d58a606654f9f4400e8b38591356fbf6425aca26dc852"     \
    "44259ff2b19c41b9f96f3ca9ec1dde434da7d2d392b905ddf3d1f9af93d1af5950bd493f5aa731b4056df31bd267b6b90a079831aaf5"     \
    "79be0a39013137aac6d404f518cfd46840647e78bfe706ca4cf5e9c5453e9f7cfd2b8b4c8d169a44e55c88d4a9a7f9474241e221af44"     \
    "860018ab0856972e194cd934"

#define CLIENT_V2                                                                                                      \
    "d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485dd04de806071bf03dceebfa162e75d6c96058bdbfb12"     \
    "7cdfcbf903388e99ad049f9a3dd4425ae4d0992cfff18ecf0fdb5a842d09747052f17ac2053d21f57c5d250f2c4f0e0202b70785b794"     \
    "6e992e58a59ac52dea6774d4f03b55545243cf1a12834e3f249a78d395e0d18f4d766004f1a2674802a747eaa901c3f10cda5500cb91"     \
    "22faa9f1df66c392079a1b40f0de1c6054196a11cbea40afb6ef5253cd6818f6625efce3b6def6ba7e4b37a40f7732e093daa7d52190"     \
    "935b8da58976ff3312ae50b187c1433c0f028edcc4c2838b6a9bfc226ca4b4530e7a4ccee1bfa2a3d396ae5a3fb512384b2fdd851f78"     \
    "4a65e03f2c4fbe11a53c7777c023462239dd6f7521a3f6c7d5dd3ec9b3f233773d4b46d23cc375eb198c63301c21801f6520bcfb7966"     \
    "fc49b393f0061d974a2706df8c4a9449f11d7f3d2dcbb90c6b877045636e7c0c0fe4eb0f697545460c806910d2c355f1d253bc9d2452"     \
    "aaa549e27a1fac7cf4ed77f322e8fa894b6a83810a34b361901751a6f5eb65a0326e07de7c1216ccce2d0193f958bb3850a833f7ae43"     \
    "2b65bc5a53975c155aa4bcb4f7b2c4e54df16efaf6ddea94e2c50b4cd1dfe06017e0e9d02900cffe1935e0491d77ffb4fdf85290fdd8"     \
    "93d577b1131a610ef6a5c32b2ee0293617a37cbb08b847741c3b8017c25ca9052ca1079d8b78aebd47876d330a30f6a8c6d61dd1ab55"     \
    "89329de714d19d61370f8149748c72f132f0fc99f34d766c6938597040d8f9e2bb522ff99c63a344d6a2ae8aa8e51b7b90a4a806105f"     \
    "cbca31506c446151adfeceb51b91abfe43960977c87471cf9ad4074d30e10d6a7f03c63bd5d4317f68ff325ba3bd80bf4dc8b52a0ba0"     \
    "31758022eb025cdd770b44d6d6cf0670f4e990b22347a7db848265e3e5eb72dfe8299ad7481a408322cac55786e52f633b2fb6b614ea"     \
    "ed18d703dd84045a274ae8bfa73379661388d6991fe39b0d93debb41700b41f90a15c4d526250235ddcd6776fc77bc97e7a417ebcb31"     \
    "600d01e57f32162a8560cacc7e27a096d37a1a86952ec71bd89a3e9a30a2a26162984d7740f81193e8238e61f6b5b984d4d3dfa033c1"     \
    "bb7e4f0037febf406d91c0dccf32acf423cfa1e7071010d3f270121b493ce85054ef58bada42310138fe081adb04e2bd901f2f13458b"     \
    "3d6758158197107c14ebb193230cd1157380aa79cae1374a7c1e5bbcb80ee23e06ebfde206bfb0fcbc0edc4ebec309661bdd908d532e"     \
    "b0c6adc38b7ca7331dce8dfce39ab71e7c32d318d136b6100671a1ae6a6600e3899f31f0eed19e3417d134b90c9058f8632c798d4490"     \
    "da4987307cba922d61c39805d072b589bd52fdf1e86215c2d54e6670e07383a27bbffb5addf47d66aa85a0c6f9f32e59d85a44dd5d3b"     \
    "22dc2be80919b490437ae4f36a0ae55edf1d0b5cb4e9a3ecabee93dfc6e38d209d0fa6536d27a5d6fbb17641cde27525d61093f1b280"     \
    "72d111b2b4ae5f89d5974ee12e5cf7d5da4d6a31123041f33e61407e76cffcdcfd7e19ba58cf4b536f4c4938ae79324dc402894b44fa"     \
    "f8afbab35282ab659d13c93f70412e85cb199a37ddec600545473cfb5a05e08d0b209973b2172b4d21fb69745a262ccde96ba18b2faa"     \
    "745b6fe189cf772a9f84cbfc"

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
