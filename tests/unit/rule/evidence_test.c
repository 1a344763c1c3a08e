/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static const struct {
    const char *name;
    enum model_shows shows;
    uint32_t number;
    bool silent_is_client;
    const char *part; /* the line holds it */
} lines[] = {
    { "first SYN", MODEL_SHOWS_SYN, 1, false, "client sends a SYN" },
    { "third SYN", MODEL_SHOWS_SYN, 3, false, "3" },
    { "SYN-ACK", MODEL_SHOWS_SYN_ACK, 1, false, "SYN-ACK" },
    { "second SYN-ACK", MODEL_SHOWS_SYN_ACK, 2, false, "2" },
    { "RST", MODEL_SHOWS_RST, 57, false, "TTL 57" },
    { "ICMP", MODEL_SHOWS_ICMP, 0, false, "ICMP 3/13 from 10.20.31.2: communication administratively prohibited" },
    { "datagram", MODEL_SHOWS_DATAGRAM, 4, false, "4" },
    { "Initial", MODEL_SHOWS_INITIAL, 2, false, "Initial 2" },
    { "answer", MODEL_SHOWS_ANSWER, 0, false, "gateway" },
    { "last answer", MODEL_SHOWS_LAST_ANSWER, 0, false, "last" },
    { "retransmission of the client", MODEL_SHOWS_RETRANSMISSION, 3, false, "client" },
    { "retransmission of the gateway", MODEL_SHOWS_RETRANSMISSION, 3, true, "gateway" },
    { "data", MODEL_SHOWS_DATA, 0, false, "never acknowledged" },
    { "last word of the gateway", MODEL_SHOWS_LAST_HEARD, 0, false, "gateway" },
    { "last word of the client", MODEL_SHOWS_LAST_HEARD, 0, true, "client" },
    { "stream", MODEL_SHOWS_STREAM, 0, false, "stream" },
};

static void each_frame_has_its_line(void **state)
{
    (void)state;
    unsigned failed = 0;
    struct arena *arena = arena_new(1 << 20);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct model_incident incident = { .icmp_type = 3, .icmp_code = 13, .silent_is_client =
            lines[i].silent_is_client,
                                           .reporter = desk_address("10.20.31.2") };
        struct model_evidence e = { .frame = 9, .number = lines[i].number, .shows = lines[i].shows };
        failed += soft_holds(lines[i].name, "line", rule_evidence_text(&e, &incident, arena), lines[i].part);
    }
    arena_free(arena);
    assert_int_equal(failed, 0);
}

/* RFC 792, RFC 1122, RFC 1812; RFC 4443. */
static const struct {
    uint8_t type, code;
    bool ipv6;
    const char *text;
} errors[] = {
    { 3, 0, false, "network unreachable" },
    { 3, 1, false, "host unreachable" },
    { 3, 3, false, "port unreachable" },
    { 3, 9, false, "network administratively prohibited" },
    { 3, 10, false, "host administratively prohibited" },
    { 3, 13, false, "communication administratively prohibited" },
    { 11, 0, false, "time to live exceeded in transit" },
    { 1, 0, true, "no route to destination" },
    { 1, 1, true, "communication administratively prohibited" },
    { 1, 3, true, "address unreachable" },
    { 1, 4, true, "port unreachable" },
    { 1, 6, true, "route rejected" },
    { 3, 0, true, "hop limit exceeded in transit" },
    { 3, 99, false, "destination unreachable" },
    { 1, 99, true, "destination unreachable" },
};

static void icmp_in_words(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(errors); i++) {
        char name[32];
        snprintf(name, sizeof name, "%s %u/%u", errors[i].ipv6 ? "ICMPv6" : "ICMP", errors[i].type, errors[i].code);
        failed += soft_text(name, "text", rule_evidence_icmp_text(errors[i].type, errors[i].code, errors[i].ipv6),
                            errors[i].text);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_frame_has_its_line), cmocka_unit_test(icmp_in_words) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
