/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/tls.h"

#include "mutate.h"

/* Walks all records: each is told with its type, length and what is missing. */
static void read_records(const uint8_t *bytes, size_t length, char *line)
{
    struct cursor stream = cursor_make(bytes, length);
    enum decode_outcome outcome;

    do {
        struct cursor before = stream;
        struct decode_tls_record r;
        struct decode_tls_alert alert;
        outcome = decode_tls_record(&stream, &r);
        mutate_inside(r.body, bytes, length);
        mutate_inside(stream, bytes, length);
        assert_true((outcome == DECODE_TRUNCATED) == (r.missing_bytes > 0));
        assert_true((outcome == DECODE_OK) == (stream.at != before.at));
        mutate_add(line, "%s", mutate_outcome(outcome));
        if (r.type)
            mutate_add(line, " %u %04x %u", r.type, r.version, r.length_bytes);
        if (r.missing_bytes)
            mutate_add(line, " missing %zu", r.missing_bytes);
        if (outcome == DECODE_OK && r.type == DECODE_TLS_ALERT) {
            enum decode_outcome said = decode_tls_alert(&r, &alert);
            mutate_add(line, " (%s %u %s)", mutate_outcome(said), alert.level,
                       decode_tls_alert_name(alert.description));
        }
        mutate_add(line, "; ");
    } while (outcome == DECODE_OK && cursor_left(&stream));
}

static const struct mutate_row records[] = {
    { "the end of a TLS 1.2 handshake as the client sends it",
      "160303002510000021204aca1bcc737143e5ec1a0e492df73987e4935cad75a9f2d3179bc9796865983c1403030001011603030028"
      "06693c029694f92750b674a6dc290436a2232daae8f1e413010b4afa79fe0f590817265f3034467a",
      "ok 22 0303 37; ok 20 0303 1; ok 22 0303 40; " },
    { "an alert in the clear",
      "15030300020228",
      "ok 21 0303 2 (ok 2 handshake_failure); " },
    { "an encrypted alert", "150303001a" "00000000000000019d3f1f5bd36e4e7a8f3e3a4a2dc9d3d7a1b2",
      "ok 21 0303 26 (unsupported 0 close_notify); " },
    { "an alert with a level that does not exist", "1503030002" "0700",
      "ok 21 0303 2 (malformed 0 close_notify); " },
    { "half an alert", "1503030002" "02", "truncated 21 0303 2 missing 1; " },
    { "a record that goes on in the next segment",
      "16030106c0010006bc030399e239011aa51e827a1ecc7a22f0f2baaacde2a4925963a06c1cbe846f",
      "truncated 22 0301 1728 missing 1693; " },
    { "the header of a record is cut", "160303", "truncated missing 2; " },
    { "one byte", "16", "truncated missing 4; " },
    { "nothing", "", "truncated missing 5; " },
    { "a hello in the form of SSL 2.0 that offers TLS 1.0",
      "8067010301004e000000100100800300800700c006004002008004008000003900003800003500003300003200000400000500002f"
      "00001600001300feff00000a00001500001200fefe0000090000640000620000030000063143c465d52771e466a42be1701787fd",
      "unsupported; " },
    { "the same that offers SSL 3.0",
      "804c01030000330000001000000400000500000a0100800700c0030080000009060040000064000062000003000006020080040080"
      "000013000012000063a108e16bbe46a47c2e696eff96302e2b",
      "unsupported; " },
    { "application data may be empty", "1703030000", "ok 23 0303 0; " },
    { "a handshake may not", "1603030000", "malformed; " },
    { "longer than a record can be", "1603034801", "malformed; " },
    { "as long as a record can be", "1603034800" "01", "truncated 22 0303 18432 missing 18431; " },
    { "a version that does not exist", "1603050001" "01", "malformed; " },
    { "a type that does not exist", "1903030001" "01", "malformed; " },
    { "HTTP", "474554202f20485454502f312e310d0a", "malformed; " },
    { "the first byte of HTTP", "47", "malformed; " },
};

static void every_record(void **state)
{
    (void)state;
    MUTATE_ROWS(read_records, records);
}

/* All that is missing is asked for, and never more: what comes after a cut completes the record. */
static void missing_bytes_are_exact(void **state)
{
    uint8_t bytes[ROWS_FRAME_MAX];
    size_t length = rows_bytes(

        "15030300020228", bytes);

    (void)state;
    for (size_t cut = 0; cut < length; cut++) {
        struct cursor stream = cursor_make(bytes, cut);
        struct decode_tls_record r;
        assert_int_equal(decode_tls_record(&stream, &r), DECODE_TRUNCATED);
        assert_int_equal(cut + r.missing_bytes, cut < DECODE_TLS_RECORD_HEADER_BYTES ? 5 : length);
    }
}

enum { BUFFER_BYTES = 2048 };

static void show_chain(const struct decode_tls_handshake *m, char *line)
{
    struct decode_tls_certificates chain;
    enum decode_outcome outcome = decode_tls_certificates(m, &chain);

    mutate_add(line, " (%s", mutate_outcome(outcome));
    assert_true(chain.count <= DECODE_TLS_CERTIFICATES_MAX);
    for (size_t i = 0; i < chain.count; i++) {
        struct cursor der = m->body;
        cursor_skip(&der, chain.chain[i].offset_bytes);
        der = cursor_sub(&der, chain.chain[i].length_bytes);
        mutate_add(line, " %u+%u:%02x", chain.chain[i].offset_bytes, chain.chain[i].length_bytes, cursor_u8(&der));
        assert_true(cursor_ok(&der));
    }
    mutate_add(line, chain.more ? " and more)" : ")");
}

/* Messages that were gathered. */
static void show_messages(struct cursor bytes, char *line)
{
    struct cursor all = bytes;
    enum decode_outcome outcome = DECODE_OK;

    while (outcome == DECODE_OK && cursor_left(&bytes)) {
        struct decode_tls_handshake m;
        outcome = decode_tls_handshake(&bytes, &m);
        mutate_inside(m.body, all.at, cursor_left(&all));
        assert_true((outcome == DECODE_TRUNCATED) == (m.missing_bytes > 0));
        mutate_add(line, " %s %u of %u", mutate_outcome(outcome), m.type, m.length_bytes);
        if (m.missing_bytes)
            mutate_add(line, " missing %zu", m.missing_bytes);
        if (m.type == DECODE_TLS_CERTIFICATE)
            show_chain(&m, line);
    }
}

static void read_flight(const uint8_t *bytes, size_t length, char *line)
{
    struct cursor stream = cursor_make(bytes, length);
    uint8_t buffer[BUFFER_BYTES];
    struct decode_tls_gathered g;
    enum decode_outcome outcome = decode_tls_gather(&stream, buffer, sizeof buffer, &g);

    mutate_inside(stream, bytes, length);
    assert_true(g.length_bytes <= sizeof buffer);
    mutate_add(line, "%s %zu in %u", mutate_outcome(outcome), g.length_bytes, g.records);
    if (g.missing_bytes)
        mutate_add(line, " missing %zu", g.missing_bytes);
    mutate_add(line, "%s left %zu:", g.full ? " full" : "", cursor_left(&stream));
    show_messages(cursor_make(buffer, g.length_bytes), line);
}

#define CHAIN                                                                                                          \
    "0b0007c40007c10004223082041e30820306a003020102020d09c6b0396238b36794a8b9261f300d06092a864886f70d01010b050030"     \
    "5a310b300906035504061302474231153013060355040a0c0c4578616d706c6520436f727031143012060355040b0c0b495420536563"     \
    "7572697479311e301c06035504030c154578616d706c6520436f72702050726f7879204341301e170d3236313132323130343035345a"     \
    "170d3237313231373130343035345a30343132303006035504030c2977732d62726f6b65722d736572766963652e65752d776573742d"     \
    "322e616d617a6f6e6177732e636f6d30820122300d06092a864886f70d01010105000382010f003082010a028201010080797c4f5491"     \
    "043b52281a33d3a326c5fe138a280ada6259d41555d800678fc1919f1a62dd5078288db22cf78d5ff82cc2406650d7098c489112e11f"     \
    "d0c4a6d45b31cb21f9c8c965ea5cb602c837a53cb71f8b36b49a198d5c38c32feff4c8f2079821e988bb1a43029a5364066db492d5a5"     \
    "d3e6842435ce4da6aea250144b7d733da4675a0b69f68d1d401c2637601a04f43f0aa57a8700ee6527db314b529a1f4f0c2ec39081e0"     \
    "53dc93642e7f593e0e934e01502cab40ac6c69ac780738d56916287c38de778ce64815d4cafe578bc79ba3dd855d6f40fe0ab8ffa635"     \
    "4c70bf7a3cecfceed0d55856e4656c042e016b18f559fba68be863dc6cbbb264efe50203010001a3820107308201033081ab0603551d"     \
    "110481a33081a0822977732d62726f6b65722d736572766963652e65752d776573742d322e616d617a6f6e6177732e636f6d822a736b"     \
    "796c696768742d636c69656e742d64732e65752d776573742d322e616d617a6f6e6177732e636f6d821c636c69656e74732e616d617a"     \
    "6f6e776f726b7370616365732e636f6d822977732d636c69656e742d736572766963652e65752d776573742d322e616d617a6f6e6177"     \
    "732e636f6d30130603551d25040c300a06082b06010505070301301d0603551d0e04160414260a4bfd57bf6960886ab986fe1013f937"     \
    "47d70a301f0603551d23041830168014e1aef14bcdbd2f3a937f2f8e684bce6351763f7f300d06092a864886f70d01010b0500038201"     \
    "01009fe494251a13712d9fa7ad8c22dc4785c1e26c448aa5e61928f67cc1e34de1efc11f22532d101fc84c298f391caeadc189a88105"     \
    "37598528b92b0ee565e83b3d1723d4dd79b26e3f442cab9dd9d61b8b7621ad318c49f552df6c5ca6dc865b48a0b7a27b530da3cde3e6"     \
    "9b2b5968e1048abced795f52f790c38f7bfa9144956eb095419696976c21e77342ead467f1e40e699b492e8d4152b6bd5997f1ec52d1"     \
    "67c040f683d005587dc1e023dcfc4afa391777dadebe589b4cbf3e5ab66f569110decf9c58ad68f0498d0977b82340adfff62b6bb149"     \
    "4e29f4d035363238675de49b72043d165231346ac5f4c8a2f3b007707e41a0169d1cbd82fe2822211edd000399308203953082027da0"     \
    "0302010202146db57e670248deaa27c638c6e15b57143003472b300d06092a864886f70d01010b0500305a310b300906035504061302"     \
    "474231153013060355040a0c0c4578616d706c6520436f727031143012060355040b0c0b4954205365637572697479311e301c060355"     \
    "04030c154578616d706c6520436f72702050726f7879204341301e170d3236313132323130343035325a170d32393031333031303430"     \
    "35325a305a310b300906035504061302474231153013060355040a0c0c4578616d706c6520436f727031143012060355040b0c0b4954"     \
    "205365637572697479311e301c06035504030c154578616d706c6520436f72702050726f787920434130820122300d06092a864886f7"     \
    "0d01010105000382010f003082010a0282010100ca1bfa954a72388336ae5043b2ec6af0b956a61e1cb1013623e27c111210ea784db9"     \
    "30126125b385fdea8c59cb4222c12848c7ee2bbf86bfa9df1608d2281107171561b68cd1b445b1f18627121829fc2d46f30f9a606656"     \
    "3f21493dd43262b11d0bec570fb42c34833b98b842f676def714340631340e82652b9e9e998f48f2e826afa800354779e497f260047b"     \
    "ea3251c7f7cadd897973258e108b2e7e85e0ec708ad9340ddf1679505a888aefedc0f300c5f75595e8d2f6d19c7c6a72b1569ebf196f"     \
    "8250e772b2b3a16ac5216aa96b4ad88ebe848ba0798f3665cb8aee3fc54c0c546fc14b1efc3bd9c09d6bdd59bf0e7f58bdc826cc4273"     \
    "415178faa3610203010001a3533051301d0603551d0e04160414e1aef14bcdbd2f3a937f2f8e684bce6351763f7f301f0603551d2304"     \
    "1830168014e1aef14bcdbd2f3a937f2f8e684bce6351763f7f300f0603551d130101ff040530030101ff300d06092a864886f70d0101"     \
    "0b05000382010100ba32fa13e548c53766f7e7c332a8f2e1fe61c35a76a7f47db88d3e172cb65fd94c61fb56dcd45be922163cd5ea75"     \
    "7b0583858d37fb7ff4a7746fe83d7f77929c4771e8308c7e133817ad167fd5964d286544a22d3e59e3be68ec62947182798a59f44660"     \
    "a3c19e1f63a05dfd44c8055e93ee8bfa0ee0404091d337fa1c0e0b8657d7db0c71675bff31146f36a9ba74ba6cf1ed0c76765be4ed60"     \
    "96a50b3f54639787756f59c6a49f7466aaea661c5d213c1d641a3344bb4d245dc10d6b20f7024f461c18720f8143c1bc2d08f3687c3f"     \
    "6d6f339d2390b18dcab12f76231119289feb6c60c5ad470428a3e7909f71fd0c6ec4963912a7cf63c0d2272a429d5690"

static const struct mutate_row flights[] = {
    { "gathering stops before what is encrypted",
      "160303002510000021204aca1bcc737143e5ec1a0e492df73987e4935cad75a9f2d3179bc9796865983c1403030001011603030028"
      "06693c029694f92750b674a6dc290436a2232daae8f1e413010b4afa79fe0f590817265f3034467a",
      "ok 37 in 1 left 51: ok 16 of 33" },
    { "a hello over two records",
      "160303" "0010"
      "02000026030341414141424242424242"

      "160303" "001a"
      "4242424242424242424242424242424242424242424200c01400",
      "ok 42 in 2 left 0: ok 2 of 38" },
    { "a hello of which the half is here",
      "160303002a02000026030341414141424242424242424242424242424242",
      "truncated 25 in 1 missing 17 left 30: truncated 2 of 38 missing 17" },
    { "two messages in a record", "16030300090e000000" "0e00000100",
      "ok 9 in 1 left 0: ok 14 of 0 ok 14 of 1" },
    { "an alert instead of a hello",
      "15030300020228",
      "ok 0 in 0 left 7:" },
    { "the header of the second record is cut", "16030300040e0000001603",
      "truncated 4 in 1 missing 3 left 2: ok 14 of 0" },
    { "something else after the first record", "16030300040e000000" "474554202f",
      "malformed 4 in 1 left 5: ok 14 of 0" },
    { "a message type that does not exist", "1603030008c9a1b2c3d4e5f607",
      "ok 8 in 1 left 0: unsupported 0 of 0" },
    { "nothing", "", "ok 0 in 0 left 0:" },
};

static void every_flight(void **state)
{
    (void)state;
    MUTATE_ROWS(read_flight, flights);
}

/* What does not fit is left out, and said. */
static void full_buffer(void **state)
{
    uint8_t bytes[ROWS_FRAME_MAX], buffer[6] = { 0, 0, 0, 0, 0, 0x5a };
    size_t length = rows_bytes("16030300040e000000" "16030300040e000000", bytes);
    struct cursor stream = cursor_make(bytes, length);
    struct decode_tls_gathered g;

    (void)state;
    assert_int_equal(decode_tls_gather(&stream, buffer, 5, &g), DECODE_OK);
    assert_true(g.full);
    assert_int_equal(g.length_bytes, 5);
    assert_int_equal(g.records, 2);
    assert_int_equal(buffer[4], 0x0e);
    assert_int_equal(buffer[5], 0x5a);
}

static void read_chain(const uint8_t *bytes, size_t length, char *line)
{
    show_messages(cursor_make(bytes, length), line);
}

static const struct mutate_row chains[] = {
    { "the interceptor's certificate and its issuer's", CHAIN,
      " ok 11 of 1988 (ok 6+1058:30 1067+921:30)" },
    { "no certificate: a client has none", "0b000003" "000000", " ok 11 of 3 (ok)" },
    { "a list longer than the message", "0b000007" "000005" "00000230", " ok 11 of 7 (malformed)" },
    { "a certificate longer than the list", "0b000007" "000004" "00000230", " ok 11 of 7 (malformed)" },
    { "an empty certificate", "0b000006" "000003" "000000", " ok 11 of 6 (malformed)" },
    { "more than ten", "0b00002f" "00002c" "00000130" "00000130" "00000130" "00000130" "00000130" "00000130" "00000130"
      "00000130" "00000130" "00000130" "00000130",
      " ok 11 of 47 (ok 6+1:30 10+1:30 14+1:30 18+1:30 22+1:30 26+1:30 30+1:30 34+1:30 38+1:30 42+1:30 and more)" },
    { "the second is cut", "0b00000b" "000008" "00000130" "0000",
      " truncated 11 of 11 missing 2 (truncated 6+1:30)" },
};

static void every_chain(void **state)
{
    (void)state;
    MUTATE_ROWS(read_chain, chains);
}

static void names_of_numbers(void **state)
{
    (void)state;
    assert_string_equal(decode_tls_version_name(0x0300), "SSL 3.0");
    assert_string_equal(decode_tls_version_name(0x0304), "TLS 1.3");
    assert_null(decode_tls_version_name(0x0305));
    assert_null(decode_tls_version_name(0x02ff));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record), cmocka_unit_test(missing_bytes_are_exact), cmocka_unit_test(every_flight),
        cmocka_unit_test(full_buffer),  cmocka_unit_test(every_chain),             cmocka_unit_test(names_of_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
