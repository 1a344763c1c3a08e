/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/quic.h"

#include "rows.h"

struct quic_row {
    const char *name;
    const char *hex;
    const char *expect;
};

static const struct quic_row datagrams[] = {
    { "Initial to 4195, first bytes",
      "c80000000112b66e518659ca44906ba927098b7aafa992ff11a3d7adc2d0724fbcfa190dac23bec1a2eb0080000481053e42da",
      "ok initial v 00000001 dcid b66e518659ca44906ba927098b7aafa992ff scid a3d7adc2d0724fbcfa190dac23bec1a2eb "
      "token  header 47 length 1153 packet 51" },
    { "Initial of RFC 9001, appendix A.2, header",
      "c300000001088394c8f03e5157080000449e7b9aec34",
      "ok initial v 00000001 dcid 8394c8f03e515708 scid  token  header 18 length 1182 packet 22" },
    { "Retry of RFC 9001, appendix A.4",
      "ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba",
      "ok retry v 00000001 dcid  scid f067a5502a4262b5 token 746f6b656e header 0 length 0 packet 36" },
    { "Initial of version 2, RFC 9369, appendix A.2, header",
      "d36b3343cf088394c8f03e5157080000449ea0c95e82",
      "ok initial v 6b3343cf dcid 8394c8f03e515708 scid  token  header 18 length 1182 packet 22" },
    { "Retry of version 2, RFC 9369, appendix A.4",
      "cf6b3343cf0008f067a5502a4262b5746f6b656ec8646ce8bfe33952d955543665dcc7b6",
      "ok retry v 6b3343cf dcid  scid f067a5502a4262b5 token 746f6b656e header 0 length 0 packet 36" },
    { "Handshake, coalesced: the next packet follows",
      "e300000001021122013302aabb" "40",
      "ok handshake v 00000001 dcid 1122 scid 33 token  header 11 length 2 packet 13" },
    { "0-RTT",
      "d300000001021122013304aabbccdd",
      "ok 0rtt v 00000001 dcid 1122 scid 33 token  header 11 length 4 packet 15" },
    { "Initial with a token",
      "c300000001021122000461626364" "04aabbccdd",
      "ok initial v 00000001 dcid 1122 scid  token 61626364 header 15 length 4 packet 19" },
    { "draft 29",
      "c3ff00001d02112200" "00" "04aabbccdd",
      "ok initial v ff00001d dcid 1122 scid  token  header 11 length 4 packet 15" },
    { "version negotiation",
      "8000000000021122013300000001" "6b3343cf",
      "ok negotiation v 00000000 dcid 1122 scid 33 token  header 0 length 0 packet 18 versions 000000016b3343cf" },
    { "version negotiation that ends within a version", "80000000000211220133000000", "malformed" },
    { "version negotiation without versions", "80000000000211220133", "truncated" },
    { "unknown version",
      "c0faceb00202112200",
      "unsupported unknown v faceb002 dcid 1122 scid  token  header 0 length 0 packet 9" },
    { "short header", "5d4e68679e5f", "ok short" },
    { "short header without the fixed bit: DTLS", "16fefd0000", "malformed" },
    { "RTP", "80000000", "truncated" },
    { "long header without the fixed bit", "8300000001021122000004aabbccdd", "malformed" },
    { "connection ID longer than the version allows",
      "c30000000115000102030405060708090a0b0c0d0e0f10111213140000" "04aabbccdd", "malformed" },
    { "token longer than the datagram", "c300000001021122004064" "61626364", "truncated" },
    { "nothing", "", "truncated" },
};

static const char *hex_of(struct decode_quic_bytes b, char text[600])
{
    text[0] = 0;
    for (size_t i = 0; i < b.length; i++)
        snprintf(text + 2 * i, 3, "%02x", b.at[i]);
    return text;
}

static void render(enum decode_outcome outcome, const struct decode_quic *q, char line[ROWS_LINE_MAX])
{
    static const char *const outcomes[] = { "ok", "truncated", "malformed", "unsupported" };
    static const char *const types[] = { "short", "negotiation", "initial", "0rtt", "handshake", "retry", "unknown" };
    char dcid[600], scid[600], token[600], versions[600];
    int n = snprintf(line, ROWS_LINE_MAX, "%s", outcomes[outcome]);

    if (outcome == DECODE_TRUNCATED || outcome == DECODE_MALFORMED)
        return;
    n += snprintf(line + n, ROWS_LINE_MAX - (size_t)n, " %s", types[q->type]);
    if (q->type == DECODE_QUIC_SHORT)
        return;
    n += snprintf(line + n, ROWS_LINE_MAX - (size_t)n,
                  " v %08x dcid %s scid %s token %s header %zu length %llu packet %zu", q->version,
                  hex_of(q->dcid, dcid), hex_of(q->scid, scid), hex_of(q->token, token), q->header_bytes,
                  (unsigned long long)q->length_bytes, q->packet_bytes);
    if (q->versions.length)
        snprintf(line + n, ROWS_LINE_MAX - (size_t)n, " versions %s", hex_of(q->versions, versions));
}

static void inside(struct decode_quic_bytes b, const uint8_t *bytes, size_t length)
{
    if (b.length)
        assert_true(b.at >= bytes && b.at <= bytes + length && b.length <= (size_t)(bytes + length - b.at));
}

static void promises(const uint8_t *bytes, size_t length)
{
    uint8_t *exact = malloc(length + 1);
    struct decode_quic q;

    assert_non_null(exact);
    uint8_t *payload = exact + 1;
    memcpy(payload, bytes, length);
    enum decode_outcome outcome = decode_quic(payload, length, &q);
    assert_true(outcome <= DECODE_UNSUPPORTED);
    assert_true(q.type <= DECODE_QUIC_UNKNOWN);
    assert_true(q.packet_bytes <= length && q.header_bytes <= length);
    inside(q.dcid, payload, length);
    inside(q.scid, payload, length);
    inside(q.token, payload, length);
    inside(q.versions, payload, length);
    free(exact);
}

static void rows(void **state)
{
    (void)state;
    unsigned failed = 0;

    for (size_t i = 0; i < sizeof datagrams / sizeof datagrams[0]; i++) {
        const struct quic_row *row = &datagrams[i];
        uint8_t bytes[ROWS_FRAME_MAX];
        char line[ROWS_LINE_MAX];
        struct decode_quic q;
        size_t length = rows_bytes(row->hex, bytes);

        enum decode_outcome outcome = decode_quic(bytes, length, &q);
        render(outcome, &q, line);
        if (strcmp(line, row->expect) != 0) {
            print_error("row \"%s\"\n  expected %s\n  got      %s\n", row->name, row->expect, line);
            failed++;
        }
        for (size_t cut = 0; cut <= length; cut++)
            promises(bytes, cut);
        for (size_t bit = 0; bit < length * 8; bit++) {
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            promises(bytes, length);
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
