/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/tls.h"

#include "mutate.h"

static void show_client(const struct decode_tls_handshake *m, char *line)
{
    struct decode_tls_client_hello h;
    enum decode_outcome outcome = decode_tls_client_hello(m, &h);

    mutate_add(line, " %s client %04x versions %04x-%04x ciphers %u", mutate_outcome(outcome), h.legacy_version,
               h.version_min, h.version_max, h.cipher_count);
    mutate_add(line, "%s%s%s", h.has_sni ? " sni " : "", h.sni, h.alpn_count ? " alpn" : "");
    for (size_t i = 0; i < h.alpn_count && i < DECODE_TLS_ALPN_MAX; i++) {
        assert_non_null(memchr(h.alpn[i], 0, sizeof h.alpn[i]));
        mutate_add(line, " %s", h.alpn[i]);
    }
    if (h.alpn_count > DECODE_TLS_ALPN_MAX)
        mutate_add(line, " of %u", h.alpn_count);
    mutate_add(line, "%s%s", h.quic ? " quic" : "", h.encrypted_hello ? " ech" : "");
    mutate_name(h.sni, sizeof h.sni);
    assert_true(h.has_sni == (h.sni[0] != 0));
    assert_true(h.version_min <= h.version_max);
    assert_true(outcome != DECODE_OK || m->missing_bytes == 0);
}

static void show_server(const struct decode_tls_handshake *m, char *line)
{
    struct decode_tls_server_hello h;
    enum decode_outcome outcome = decode_tls_server_hello(m, &h);

    mutate_add(line, " %s server %04x version %04x cipher %04x%s%s%s", mutate_outcome(outcome), h.legacy_version,
               h.version, h.cipher, h.retry ? " retry" : "", h.alpn[0] ? " alpn " : "", h.alpn);
    assert_non_null(memchr(h.alpn, 0, sizeof h.alpn));
    assert_true(outcome != DECODE_OK || m->missing_bytes == 0);
}

static void show(struct cursor bytes, char *line)
{
    struct decode_tls_handshake m;
    enum decode_outcome outcome = decode_tls_handshake(&bytes, &m);

    mutate_add(line, "%s", mutate_outcome(outcome));
    if (m.missing_bytes)
        mutate_add(line, " missing %zu", m.missing_bytes);
    if (m.type == DECODE_TLS_CLIENT_HELLO)
        show_client(&m, line);
    if (m.type == DECODE_TLS_SERVER_HELLO)
        show_server(&m, line);
}

/* A hello in one record. */
static void read_record(const uint8_t *bytes, size_t length, char *line)
{
    struct cursor stream = cursor_make(bytes, length);
    struct decode_tls_record r;

    (void)decode_tls_record(&stream, &r);
    show(r.body, line);
}

static void read_message(const uint8_t *bytes, size_t length, char *line)
{
    show(cursor_make(bytes, length), line);
}

static const struct mutate_row hellos[] = {
    { "as short as a hello with a name gets",
      "160303004c010000480303000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f00000213010100001d00"
      "00001900170000146772652d746c732e6578616d706c652e74657374",
      "ok ok client 0303 versions 0303-0303 ciphers 1 sni gre-tls.example.test" },
    { "TLS 1.2 at most, seven protocols",
      "16030100c2010000be0301390441f7dbd47d86039ee890cd8790e8e7f232060fea2de30f8fd98e18dcfeb3000012002f0033003500"
      "39c009c00ac013c014560001000083ff010001000000001d001b0000187777772e676f6f676c657461676d616e616765722e636f6d"
      "00170000000500050100000000337400000012000000100030002e0268320568322d31360568322d31350568322d31340873706479"
      "2f332e3106737064792f3308687474702f312e31000b00020100000a000a0008001d001700180019",
      "ok ok client 0301 versions 0301-0301 ciphers 9 sni www.googletagmanager.com alpn h2 h2-16 h2-15 h2-14 of 7" },
    { "TLS 1.2 at most, no name",
      "16030100a20100009e03033ecd8751a683e7f726039c20a108181147123fbed7be5eeabe0871d6d29178ea00002cc02cc030009f00"
      "9dc024c028006b003dc02bc02f009e009cc023c0270067003c003900350033002f000a00ff01000049000b000403000102000a000a"
      "00080019001800170013000d0020001e0601060206030501050205030401040204030301030203030201020202030010000b000908"
      "687474702f312e31",
      "ok ok client 0303 versions 0303-0303 ciphers 22 alpn http/1.1" },
    { "TLS 1.3 with GREASE",
      "1603010200010001fc0303361d0aaa3648988b13e7f41c18fba68f31304f1d46156a2e75b0ffedd64ac3f2208f790bf6f33eff18bb"
      "1a19f421f7c06958415a2733ef273dd98a024bdc1abb8f0022aaaa130113021303c02bc02fc02cc030cca9cca8c013c014009c009d"
      "002f0035000a01000191baba00000000001800160000136163636f756e74732e676f6f676c652e636f6d00170000ff01000100000a"
      "000a0008dada001d00170018000b00020100002300000010000e000c02683208687474702f312e31000500050100000000000d0014"
      "0012040308040401050308050501080606010201001200000033002b0029dada000100001d0020da22f8e54de58ffc47cdcd080ab5"
      "91f281ef99205339c22969fe5b08471f1951002d00020101002b000b0a8a8a0304030303020301001b00030200020a0a0001000015"
      "00c5000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
      "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
      "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
      "00000000000000000000000000000000000000000000000000000000000000000000000000000000",
      "ok ok client 0303 versions 0301-0304 ciphers 16 sni accounts.google.com alpn h2 http/1.1" },
    { "GREASE or meant: encrypted hello",
      "1603010200010001fc0303d820986a1fb4dc3a70fac91f1359ff5e320c6a5e07397ab36f8c513be4585f5d207c77f968ecbeda0405"
      "98f47af5265fb5f0f5ef3279f08b43d03c31a57ce0c63000202a2a130113021303c02bc02fc02cc030cca9cca8c013c014009c009d"
      "002f003501000193dada0000ff010001000010000e000c02683208687474702f312e31000d00120010040308040401050308050501"
      "080606010033002b00291a1a000100001d0020231cb3a7bde0d15d97dfdfc4d315b112899e9480d1dc7a0e739c4058bbe7276d002d"
      "0002010144690005000302683200230000002b0007068a8a03040303000a000a00081a1a001d00170018fe0d00ba0000010001d100"
      "20cce5c83299bb8dffdb74bafd0a1d524b82973e224c12999beed169ee7a9ad67d00900b7b2dc3b17adb2eabc1f7fabb61bdd5db77"
      "7336a9da3679c5373ff69f0087b9453bd3ec42b6d17b1b7d024cd7c4b627d1b0cd3ae9fbe5422f132187789d6c7f89f29201ff0e64"
      "853d3988adb723fff552447ebd087a55422abe568a8dfe4596a5820f134ec9f192620e4b36776431e14e35a6c9ddbe912359b1bde0"
      "d74a062e634eb5ced3063bed83f0b562f26278030017000000050005010000000000120000000b0002010000000017001500001263"
      "6c6f7564666c6172652d6563682e636f6d001b00030200029a9a0001000015000700000000000000",
      "ok ok client 0303 versions 0303-0304 ciphers 15 sni cloudflare-ech.com alpn h2 http/1.1 ech" },
    { "a vendor's draft of TLS 1.3 beside it",
      "16030101780100017403031bcff1156db05e5d315df75a5cc4134fe5472709fab75a7c7e14a2b8df503cbc209895eeb3f1a6689550"
      "16fd6b15380145a80a1c0a9559972f7affa56646deae9c000613011302130301000125002b0005040304fb1a000a00060004001d00"
      "17003300260024001d0020cccd0a85eddcb8b6c7140a14a1443be5596e882f9b974c011d86bb1a214b496a000d0006000404030804"
      "0000001b0019000016656467652d6d7174742e66616365626f6f6b2e636f6d0010000b00090268320568322d6662002d0003020100"
      "002a0000002900a1007c0076fb3c79480c64eae6be8499c680e3b0de1f0f64eb44e626927890c6d6734ec29800000000afc18fb8f9"
      "ca9564edcb8b2307fce04aa984e0c649cfa2e9def124b1d3c818510e6ff1d5f9e081f38cf8800a4d2de618603be0e3885914a9334a"
      "af23b94a71eb36f00acfa42a38c7666b8b7dd7612f5c01e07c5bd0c30021205805337e8b3b905e995f96e3aeae6eed9dc1e3433ff7"
      "f2be84fd92ad0558dcbd",
      "ok ok client 0303 versions 0304-0304 ciphers 3 sni edge-mqtt.facebook.com alpn h2 h2-fb" },
    { "the first segment of a long hello",
      "16030106c0010006bc030399e239011aa51e827a1ecc7a22f0f2baaacde2a4925963a06c1cbe846f7a54a82011fb9cd4bdd3606e71"
      "171e4d8f1257f61eb85809e8a5123e6eaeea9b194f6df900200a0a130113021303c02bc02fc02cc030cca9cca8c013c014009c009d"
      "002f0035010006532a2a000000120000fe0d00ba0000010001720020e3d532ad950fb3b635057217598ca589c0829aaf9ea8900a04"
      "acc7613ac6641b0090bc15684a2d226edb90a3b4986e406e360d0e00ab2a9984e8c96e819d359b080030736a967a9508b3d2dfe784"
      "fbbcb62a2133c8df6b8fdf5d735a92fa11839cdf17bf47dbf0ba13e689e65700fa7be753c3848544e323e59486e7a290260577d485"
      "139de5a81cce0dda58c3deaf7f4b66df4a5d9ac6135b4dce0c381f390917f35124c5d75d09063d3a6885f679f3fab5000d00120010"
      "04030804040105030805050108060601001b00030200020000001c001a0000176161782e616d617a6f6e2d616473797374656d2e63"
      "6f6d000a000c000a3a3a6399001d0017001800170000000b00020100446900050003026832ff010001000010000e000c0268320868"
      "7474702f312e31002b0007069a9a03040303002d00020101003304ef04ed3a3a000100639904c03838b9273f16aab97b2a354f06b8"
      "7f0f7ae5c6061ce9d94823e747a74c9e955dbe7b86dd885a34c287f9a9440b9997ae0380b115b04f2b341a66924ac5bcf90a8c35d0"
      "a151374efebcc5d24708fb65419e7012bb2a7e3aa879c1a4bf5db2a23b533e6e2149fe525c1ff820605240308627cabb2b059a8ae0"
      "49c833c43bd1e066d3206eaaf09f46d525a2547598c1268eb08bc73388dc28668485778b389862e72e39ec06e5d4043b144a61daa3"
      "2f2a9c5e9b1980944e639781c50526c527ad41da7f3da439cd3ba4bba2617598a21701623122af2a73a3317834a8307aa0d7933d57"
      "03444348f8837079a62a92390d1b185437d3ab95c29e67c654d2571fc27458b5277d0a123380ba96973209c7399aee44566fca2718"
      "55752e4c77c1f82daaaa025adcaf2b606b4b9608a06c3c78b6cdb895865ae3bdbbc496a4103f296418889c9d87b326d06637be9219"
      "988c38a5eac28a408b1427cd65250cf9e6682c7c1ab4349a1e8513ac9c3225d42d70660682976f065abbf8385f44c64c317c2d43d8"
      "71f5a0afbe25b3ca85b0bfc83696501d471a1ebc407d6fa4a2fb50924f5a08ef28b0f4344d56149aadb2a170b009a17c3edb81c75f"
      "59a579da9eb5a27564d0c452326b12a664a351846e77511919a980c1cabd7714a67b67a2ab48368aabaa476644672d65394645e57d"
      "8b73964749656bf9326ba28f951c90f2ac10b6c0bb2067420bf39a12351f4524c6611375a0c74ebc2ab5ce7564f47c2b5a6263b603"
      "01f8139c05a07fcce9c836a47981fa8de329157b6688f3d87bedcbcbbc480c099b8156586903c57648ea83b1067b5b3ace030ccee1"
      "e2b5fbb647a13ab1d0369085550839b99cf5749685e81c0d898fd559790a40bdfb761171714f7f766a104b96392944031c37ac8813"
      "afc824c1e26404a17db7283fa6c18656c1743de2902fa880c294883d93cac0b7885f6299d0854dea9bb44750a7bab3419a2cca8a4b"
      "6f9695bad9381ab46c1a78148a6c87575de37eb95203a4969e2c4c83bf2b03dd383f7e91c79cc57987247e6cb7af68d16553f43bbd"
      "71cb5332cd4feb3622d44374a18a8cc42f74e538b2a88ed3f95eba34aa1ce1be9f7c6cba6c4801583c30c79873f8140ca2867d4010"
      "9990afe1fc02102c165a307d7afbb95ab6beda6bc2f221993a3a7272c667b2ea2ba4903f27d6626420397ef605c4bcc74623023a01"
      "108c21184880915bacb66ea0a24d6c603d46879dd191c1b09cf9484d0bf152eefb4dddc2109aab61c2345a4300718c4b535bc099c2"
      "c184a92a001681c9a8e36a3bc15afce00d19fcc771bc104695421aeac802eb53f25970e323567a734b52db347e183e446504463446"
      "4ed2699170306fc0c7",
      "truncated missing 293 truncated client 0303 versions 0303-0304 ciphers 15 sni aax.amazon-adsystem.com alpn "
      "h2 http/1.1 ech" },
    { "the answer in TLS 1.2",
      "160303004e0200004a03035e525854beb2c3bfb93d48870351597b5baecc2e56ee43ea444f574e4752440100c02b00002200170000"
      "ff01000100000b00020100002300000010000b000908687474702f312e31",
      "ok ok server 0303 version 0303 cipher c02b alpn http/1.1" },
    { "the answer in TLS 1.2 without extensions",
      "160303002a020000260303414141414242424242424242424242424242424242424242424242424242424200c01400",
      "ok ok server 0303 version 0303 cipher c014" },
    { "the answer in TLS 1.3",
      "16030300800200007c030357caec03c4ca95cd531d75dc59f37dc3f02d65666072fdf9dba1befe83d2e2ab20efd2c80312e5b4c9d9"
      "244cd1c9598508bbbcee8b54c7bca4fb9d21dd128e166d130100003400290002000000330024001d00201b331196ec0b741c60cd0d"
      "882c0ef53bff33f4d271321a2f891527a73fd0d314002b00020304140303000101170303004498893709fb2af32ea47ce9d180dd89"
      "bd74902f8f09b2e873dc375a8a1b0b863543d5f52336c1d08ebcc8fad951420de0514e632a7f59d4ff48b00f4331823cb2bd4bf7a2",
      "ok ok server 0303 version 0304 cipher 1301" },
    { "the answer of a vendor's draft",
      "16030300800200007c0303d41084e7ee60abbee953fcd75c5ca3792a28dc23883d93708ad9743bef6b375b209895eeb3f1a6689550"
      "16fd6b15380145a80a1c0a9559972f7affa56646deae9c1301000034002b0002fb1a00330024001d00200ed273fa9dce90a3dae959"
      "884ce45376210ee89c6e48187fdb327c3dec6aec62002900020000",
      "ok ok server 0303 version 0304 cipher 1301" },
    { "the server asks for another hello",
      "1603030058020000540303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c205ed3e817bfa3480e4c"
      "f940fd7598e518da604a56e6d416b1eafa6a81a4c445c7130200000c002b00020304003300020017140303000101",
      "ok ok server 0303 version 0304 cipher 1302 retry" },
};

static void rows(void **state)
{
    (void)state;
    MUTATE_ROWS(read_record, hellos);
}

#define RANDOM "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define FRONT "0303" RANDOM "00" "0004" "0a0a" "1301" "0100" /* 43 bytes */

static const struct mutate_row made[] = {
    { "no extensions at all", "0100002b" FRONT, "ok ok client 0303 versions 0303-0303 ciphers 1" },
    { "an empty list of extensions", "0100002d" FRONT "0000", "ok ok client 0303 versions 0303-0303 ciphers 1" },
    { "one version only, the others are GREASE", "01000038" FRONT "000b" "002b" "0007" "06" "1a1a" "0304" "eaea",
      "ok ok client 0303 versions 0304-0304 ciphers 1" },
    { "a draft of TLS 1.3", "01000036" FRONT "0009" "002b" "0005" "04" "7f1c" "0302",
      "ok ok client 0303 versions 0302-0304 ciphers 1" },
    { "a name in capitals with a final dot", "0100003c" FRONT "000f" "0000" "000b" "0009" "00" "0006" "412e422e632e",
      "ok ok client 0303 versions 0303-0303 ciphers 1 sni a.b.c" },
    { "a name that holds more than a name may", "0100003a" FRONT "000d" "0000" "0009" "0007" "00" "0004" "610a1bff",
      "ok ok client 0303 versions 0303-0303 ciphers 1 sni a???" },
    { "an empty name", "01000036" FRONT "0009" "0000" "0005" "0003" "00" "0000",
      "ok ok client 0303 versions 0303-0303 ciphers 1" },
    { "a protocol in GREASE", "0100003b" FRONT "000e" "0010" "000a" "0008" "02" "4a4a" "02" "6832" "01" "07",
      "ok ok client 0303 versions 0303-0303 ciphers 1 alpn h2 ?" },
    { "of QUIC", "01000031" FRONT "0004" "0039" "0000",
      "ok ok client 0303 versions 0303-0303 ciphers 1 quic" },
    { "a name longer than its list", "01000038" FRONT "000b" "0000" "0007" "0005" "00" "0009" "6162",
      "ok malformed client 0303 versions 0303-0303 ciphers 1" },
    { "an extension longer than all of them", "01000031" FRONT "0004" "0039" "0001",
      "ok malformed client 0303 versions 0303-0303 ciphers 1" },
    { "extensions longer than the message", "0100002f" FRONT "0005" "0039",
      "ok malformed client 0303 versions 0303-0303 ciphers 1" },
    { "extensions cut: the rest has not arrived", "01000031" FRONT "0004" "0039",
      "truncated missing 2 truncated client 0303 versions 0303-0303 ciphers 1" },
    { "an odd number of bytes of ciphers", "0100002a" "0303" RANDOM "00" "0003" "0a0a13" "0100",
      "ok malformed client 0303 versions 0303-0303 ciphers 0" },
    { "a session longer than the message", "01000023" "0303" RANDOM "01",
      "ok malformed client 0303 versions 0303-0303 ciphers 0" },
    { "only the beginning of a header", "0100", "truncated missing 2" },
};

static void made_rows(void **state)
{
    (void)state;
    MUTATE_ROWS(read_message, made);
}

/* A hello that is cut anywhere is truncated, never malformed, and tells its name from where the name is whole. */
static void every_cut_is_truncated(void **state)
{
    uint8_t bytes[ROWS_FRAME_MAX];
    size_t length = rows_bytes(

        "010001fc0303361d0aaa3648988b13e7f41c18fba68f31304f1d46156a2e75b0ffedd64ac3f2208f790bf6f33eff18bb1a19f421"
        "f7c06958415a2733ef273dd98a024bdc1abb8f0022aaaa130113021303c02bc02fc02cc030cca9cca8c013c014009c009d002f00"
        "35000a01000191baba00000000001800160000136163636f756e74732e676f6f676c652e636f6d00170000ff01000100000a000a"
        "0008dada001d00170018000b00020100002300000010000e000c02683208687474702f312e31000500050100000000000d001400"
        "12040308040401050308050501080606010201001200000033002b0029dada000100001d0020da22f8e54de58ffc47cdcd080ab5"
        "91f281ef99205339c22969fe5b08471f1951002d00020101002b000b0a8a8a0304030303020301001b00030200020a0a00010000"
        "1500c500000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000", bytes);
    size_t named_from = 0;

    (void)state;
    for (size_t cut = 4; cut < length; cut++) {
        struct cursor all = cursor_make(bytes, cut);
        struct decode_tls_handshake m;
        struct decode_tls_client_hello h;
        assert_int_equal(decode_tls_handshake(&all, &m), DECODE_TRUNCATED);
        assert_int_equal(m.missing_bytes, length - cut);
        assert_int_equal(decode_tls_client_hello(&m, &h), DECODE_TRUNCATED);
        if (h.has_sni && !named_from)
            named_from = cut;
        assert_string_equal(h.sni, named_from ? "accounts.google.com" : "");
    }
    assert_in_range(named_from, 100, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),
        cmocka_unit_test(made_rows),
        cmocka_unit_test(every_cut_is_truncated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
