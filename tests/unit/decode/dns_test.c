/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/dns.h"

#include "mutate.h"

static void read_message(const uint8_t *bytes, size_t length, char *line)
{
    struct decode_dns d;
    char text[IPADDR_TEXT_SIZE];
    enum decode_outcome outcome = decode_dns(cursor_make(bytes, length), &d);

    mutate_add(line, "%s %s id %04x rcode %u%s", mutate_outcome(outcome), d.response ? "answer" : "query", d.id,
               d.rcode, d.truncated ? " tc" : "");
    if (d.has_question)
        mutate_add(line, " %u %s", d.question_type, d.name);
    if (d.alias_count)
        mutate_add(line, " %ux-> %s", d.alias_count, d.canonical);
    mutate_add(line, " records %u/%u", d.records_read, d.answer_count);
    assert_true(d.address_count <= DECODE_DNS_ADDRESSES_MAX && d.alias_count <= DECODE_DNS_ALIASES_MAX);
    for (unsigned i = 0; i < d.address_count; i++)
        mutate_add(line, " %s/%u", ipaddr_format(&d.addresses[i].address, text), d.addresses[i].ttl_s);
    if (d.addresses_left_out)
        mutate_add(line, " and %u more", d.addresses_left_out);
    mutate_name(d.name, sizeof d.name);
    mutate_name(d.canonical, sizeof d.canonical);
    assert_true(d.records_read <= d.answer_count && d.records_read <= DECODE_DNS_RECORDS_MAX);
    if (outcome == DECODE_OK)
        assert_true(d.records_read == d.answer_count || d.records_read == DECODE_DNS_RECORDS_MAX);
}

#define HEADER(flags, questions, answers) "1234" flags questions answers "00000000"
#define QUESTION "0161076578616d706c6503636f6d00" "00010001" /* a.example.com at 0x0c, example.com at 0x0e */
#define RECORD(owner, type, length) owner type "0001" "0000003c" length
#define ADDRESS(last) RECORD("c00c", "0001", "0004") "0a0000" last
#define FOUR(a, b, c, d) ADDRESS(a) ADDRESS(b) ADDRESS(c) ADDRESS(d)

static const struct mutate_row messages[] = {
    { "query for a WorkSpaces name",
      "59730100000100000000000007636c69656e747310616d617a6f6e776f726b73706163657303636f6d0000010001",
      "ok query id 5973 rcode 0 1 clients.amazonworkspaces.com records 0/0" },
    { "its answer",
      "59738180000100010000000007636c69656e747310616d617a6f6e776f726b73706163657303636f6d0000010001c00c0001000100"
      "00003c000423b1265a",
      "ok answer id 5973 rcode 0 1 clients.amazonworkspaces.com records 1/1 35.177.38.90/60" },
    { "no data for IPv6",
      "0a7d8180000100000000000007636c69656e747310616d617a6f6e776f726b73706163657303636f6d00001c0001",
      "ok answer id 0a7d rcode 0 28 clients.amazonworkspaces.com records 0/0" },
    { "two CNAMEs",
      "f55e8180000100030000000009312d636f75726965720470757368056170706c6503636f6d0000010001c00c000500010000184300"
      "25013112636f75726965722d707573682d6170706c6503636f6d06616b61646e73036e657400c0360005000100000017001d0f7573"
      "2d73772d636f75726965722d340a707573682d6170706c65c04bc0670001000100000017000411399074",
      "ok answer id f55e rcode 0 1 1-courier.push.apple.com 2x-> us-sw-courier-4.push-apple.com.akadns.net records "
      "3/3 17.57.144.116/23" },
    { "IPv6 addresses behind a CNAME",
      "34468180000100030000000004726461700561706e6963036e657400001c0001c00c0005000100010459002004726461700561706e"
      "6963036e65740363646e0a636c6f7564666c617265c017c02c001c00010000010900102606470000000000000000006812eb44c02c"
      "001c00010000010900102606470000000000000000006812ec44",
      "ok answer id 3446 rcode 0 28 rdap.apnic.net 1x-> rdap.apnic.net.cdn.cloudflare.net records 3/3 "
      "2606:4700::6812:eb44/265 2606:4700::6812:ec44/265" },
    { "answer with an error",
      "a46c818300010000000100000139033135390331303903323038037a656e087370616d68617573036f72670000010001c01a000600"
      "010000000a0040046e65656402746f046b6e6f77046f6e6c79000a686f73746d6173746572087370616d68617573036f7267008f2d"
      "9de900000e1000000258000697800000000a",
      "ok answer id a46c rcode 3 1 9.159.109.208.zen.spamhaus.org records 0/0" },
    { "dynamic update: only the header is read",
      "5c1ba805000100010003000002733405686f77746f0861626172746c6574036e657400000600010a57494e444f5753372d33027334"
      "05686f77746f0861626172746c6574036e657400000500fe000000000000c027001c00ff000000000000c027000100ff0000000000"
      "00c02700010001000004b00004c0a87a91",
      "unsupported answer id 5c1b rcode 5 records 0/1" },
    { "the server left the answer out", HEADER("8380", "0001", "0000") QUESTION,
      "ok answer id 1234 rcode 0 tc 1 a.example.com records 0/0" },
    { "capitals, as resolvers mix them in", HEADER("8180", "0001", "0001") "0141074578416d506c4503436f4d00" "00010001"
      RECORD("0161074558414d504c4503434f4d00", "0001", "0004") "0a000001",
      "ok answer id 1234 rcode 0 1 a.example.com records 1/1 10.0.0.1/60" },
    { "the CNAME stands after the address", HEADER("8180", "0001", "0002") QUESTION
      RECORD("0162c00e", "0001", "0004") "0a000001" RECORD("c00c", "0005", "0004") "0162c00e",
      "ok answer id 1234 rcode 0 1 a.example.com 1x-> b.example.com records 2/2 10.0.0.1/60" },
    { "an address of another name is not ours", HEADER("8180", "0001", "0001") QUESTION
      RECORD("0162c00e", "0001", "0004") "0a000001",
      "ok answer id 1234 rcode 0 1 a.example.com records 1/1" },
    { "CNAMEs in a circle", HEADER("8180", "0001", "0002") QUESTION
      RECORD("c00c", "0005", "0004") "0162c00e" RECORD("0162c00e", "0005", "0002") "c00c",
      "ok answer id 1234 rcode 0 1 a.example.com 16x-> a.example.com records 2/2" },
    { "more addresses than there is room for", HEADER("8180", "0001", "0012") QUESTION
      FOUR("01", "02", "03", "04") FOUR("05", "06", "07", "08") FOUR("09", "0a", "0b", "0c")
      FOUR("0d", "0e", "0f", "10") ADDRESS("11") ADDRESS("12"),
      "ok answer id 1234 rcode 0 1 a.example.com records 18/18 10.0.0.1/60 10.0.0.2/60 10.0.0.3/60 10.0.0.4/60 "
      "10.0.0.5/60 10.0.0.6/60 10.0.0.7/60 10.0.0.8/60 10.0.0.9/60 10.0.0.10/60 10.0.0.11/60 10.0.0.12/60 "
      "10.0.0.13/60 10.0.0.14/60 10.0.0.15/60 10.0.0.16/60 and 2 more" },
    { "a TTL with the highest bit set is none", HEADER("8180", "0001", "0001") QUESTION
      "c00c" "0001" "0001" "8000003c" "0004" "0a000001",
      "ok answer id 1234 rcode 0 1 a.example.com records 1/1 10.0.0.1/0" },
    { "what else a name may hold is made harmless", HEADER("0100", "0001", "0000") "06612e621b20ff00" "00010001",
      "ok query id 1234 rcode 0 1 a?b??? records 0/0" },
    { "the root", HEADER("0100", "0001", "0000") "00" "00020001", "ok query id 1234 rcode 0 2  records 0/0" },
    { "no question", HEADER("8182", "0000", "0000"), "ok answer id 1234 rcode 2 records 0/0" },
    { "two questions", HEADER("0100", "0002", "0000") QUESTION "c00c" "001c0001",
      "ok query id 1234 rcode 0 1 a.example.com records 0/0" },
    { "a pointer to itself", HEADER("0100", "0001", "0000") "c00c" "00010001",
      "malformed query id 1234 rcode 0 records 0/0" },
    { "a pointer forward", HEADER("0100", "0001", "0000") "c00e" "0161000001" "0001",
      "malformed query id 1234 rcode 0 records 0/0" },
    { "two pointers in a circle", HEADER("8180", "0001", "0001") QUESTION RECORD("c021", "0001", "0004") "0a000001",
      "malformed answer id 1234 rcode 0 1 a.example.com records 0/1" },
    { "a label of the kind that is reserved", HEADER("0100", "0001", "0000") "4161" "00" "00010001",
      "malformed query id 1234 rcode 0 records 0/0" },
    { "an IPv4 address of five bytes", HEADER("8180", "0001", "0002") QUESTION ADDRESS("01")
      RECORD("c00c", "0001", "0005") "0a00000102",
      "malformed answer id 1234 rcode 0 1 a.example.com records 1/2 10.0.0.1/60" },
    { "the second answer is cut", HEADER("8180", "0001", "0002") QUESTION ADDRESS("01") "c00c" "0001",
      "truncated answer id 1234 rcode 0 1 a.example.com records 1/2 10.0.0.1/60" },
    { "cut in the question", HEADER("8180", "0001", "0001") "0161076578",
      "truncated answer id 1234 rcode 0 records 0/1" },
    { "half a header", "1234010000", "truncated query id 0000 rcode 0 records 0/0" },
    { "nothing", "", "truncated query id 0000 rcode 0 records 0/0" },
};

static void rows(void **state)
{
    (void)state;
    MUTATE_ROWS(read_message, messages);
}

/* The bytes before the end of the answers are never enough. */
static void every_cut_is_truncated(void **state)
{
    uint8_t bytes[ROWS_FRAME_MAX];
    struct decode_dns d;
    size_t length = rows_bytes(HEADER("8180", "0001", "0002") QUESTION ADDRESS("01") ADDRESS("02"), bytes);

    (void)state;
    for (size_t cut = 0; cut < length; cut++)
        assert_int_equal(decode_dns(cursor_make(bytes, cut), &d), DECODE_TRUNCATED);
    assert_int_equal(decode_dns(cursor_make(bytes, length), &d), DECODE_OK);
}

/* RFC 1035 allows 255 bytes on the wire: 253 characters. */
static void longest_name(void **state)
{
    (void)state;
    for (size_t last = 59; last <= 63; last++) {
        struct mutate_bytes m = { 0 };
        struct decode_dns d;
        mutate_append(&m, HEADER("0100", "0001", "0000"));
        for (size_t label = 0; label < 4; label++) {
            size_t size = label < 3 ? 63 : last;
            mutate_append_byte(&m, size);
            while (size--)
                mutate_append_byte(&m, 'x');
        }
        mutate_append(&m, "00" "00010001");
        enum decode_outcome outcome = decode_dns(cursor_make(m.bytes, m.length), &d);
        assert_int_equal(outcome, last <= 61 ? DECODE_OK : DECODE_MALFORMED);
        assert_int_equal(strlen(d.name), last <= 61 ? 192 + last : 0);
    }
}

/* A name of pointers, each to the one before: they are followed, but not for ever. */
static void chain_of_pointers(void **state)
{
    (void)state;
    for (size_t hops = 62; hops <= 67; hops++) {
        struct mutate_bytes m = { 0 };
        struct decode_dns d;
        mutate_append(&m, HEADER("8180", "0000", "0002") "00" "0010" "0001" "00000000");
        mutate_append_byte(&m, 0);
        mutate_append_byte(&m, 2 * hops);
        mutate_append(&m, "0000"); /* where the first pointer leads: the root */
        for (size_t i = 1; i <= hops; i++) {
            size_t target = m.length - 2;
            mutate_append_byte(&m, 0xc0 | target >> 8);
            mutate_append_byte(&m, target & 0xff);
        }
        mutate_append(&m, "0010" "0001" "00000000" "0000");
        enum decode_outcome outcome = decode_dns(cursor_make(m.bytes, m.length), &d);
        assert_int_equal(outcome, hops <= 64 ? DECODE_OK : DECODE_MALFORMED);
        assert_int_equal(d.records_read, hops <= 64 ? 2 : 1);
    }
}

static void read_stream(const uint8_t *bytes, size_t length, char *line)
{
    struct cursor stream = cursor_make(bytes, length), message;
    enum decode_outcome outcome;
    size_t missing_bytes;

    do {
        size_t left = cursor_left(&stream);
        outcome = decode_dns_tcp(&stream, &message, &missing_bytes);
        mutate_inside(message, bytes, length);
        assert_true((outcome == DECODE_TRUNCATED) == (missing_bytes > 0));
        assert_true(outcome == DECODE_OK ? cursor_left(&stream) < left : cursor_left(&stream) == left);
        mutate_add(line, "%s %zu missing %zu; ", mutate_outcome(outcome), cursor_left(&message), missing_bytes);
        if (outcome == DECODE_OK)
            read_message(message.at, cursor_left(&message), line);
        mutate_add(line, outcome == DECODE_OK ? "; " : "");
    } while (outcome == DECODE_OK);
}

static const struct mutate_row streams[] = {
    { "a whole answer",
      "00aa16208180000100030001000003777777096d6963726f736f667403636f6d0000060001c00c000500010000000a001a06746f67"
      "676c6503777777026d7306616b61646e73036e657400c02f000500010000000a00040167c036c055000500010000000a0006036c62"
      "31c036c03d000600010000000a003308696e7465726e616cc03d0a686f73746d617374657206616b616d6169c01a5050603800015f"
      "9000015f9000015f90000000b4",
      "ok 170 missing 0; ok answer id 1620 rcode 0 6 www.microsoft.com 3x-> lb1.www.ms.akadns.net records 3/3; "
      "truncated 0 missing 2; " },
    { "two messages and the beginning of a third", "000c" HEADER("8182", "0000", "0000") "000c"
      HEADER("8185", "0000", "0000") "000c" "0102",
      "ok 12 missing 0; ok answer id 1234 rcode 2 records 0/0; ok 12 missing 0; ok answer id 1234 rcode 5 records "
      "0/0; truncated 2 missing 10; " },
    { "half a length", "00", "truncated 0 missing 1; " },
    { "too small for a header: this is something else", "0003010203", "malformed 0 missing 0; " },
    { "nothing yet", "", "truncated 0 missing 2; " },
};

static void over_tcp(void **state)
{
    (void)state;
    MUTATE_ROWS(read_stream, streams);
}

static void names_of_numbers(void **state)
{
    (void)state;
    assert_string_equal(decode_dns_rcode_name(DECODE_DNS_NXDOMAIN), "NXDOMAIN");
    assert_string_equal(decode_dns_rcode_name(DECODE_DNS_REFUSED), "REFUSED");
    assert_null(decode_dns_rcode_name(15));
    assert_string_equal(decode_dns_type_name(DECODE_DNS_AAAA), "AAAA");
    assert_string_equal(decode_dns_type_name(DECODE_DNS_HTTPS), "HTTPS");
    assert_null(decode_dns_type_name(9999));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),
        cmocka_unit_test(every_cut_is_truncated),
        cmocka_unit_test(longest_name),
        cmocka_unit_test(chain_of_pointers),
        cmocka_unit_test(over_tcp),
        cmocka_unit_test(names_of_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
