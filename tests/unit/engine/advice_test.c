/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "engine/advice.h"

/* IP headers with what follows them; `tag`: in an 802.1Q tag. */
static const struct {
    const char *name;
    bool ipv6, tag, passes;
    size_t length;
    const char *bytes;
} packets[] = {
#define IPV4(flags, offset, protocol) \
    "\x45\0\0\x1c\0\1" flags offset "\x40" protocol "\0\0\x0a\0\0\1\x0a\0\0\2"
#define IPV6(next) "\x60\0\0\0\0\x08" next "\x40" "0123456789abcdef" "0123456789abcdef"
    { "UDP 4195", false, false, true, 28, IPV4("\0", "\0", "\x11") "\x13\x88\x10\x63\0\x08\0\0" },
    { "UDP 4195 over IPv6", true, false, true, 48, IPV6("\x11") "\x13\x88\x10\x63\0\x08\0\0" },
    { "TCP 4172", false, false, true, 28, IPV4("\0", "\0", "\x06") "\x10\x4c\x13\x88\0\0\0\0" },
    { "a port of the options", false, false, true, 28, IPV4("\0", "\0", "\x06") "\x13\x88\x1f\x91\0\0\0\0" },
    { "a later fragment", false, false, true, 28, IPV4("\x20", "\x10", "\x11") "\0\0\0\0\0\0\0\0" },
    { "a fragment of IPv6", true, false, true, 48, IPV6("\x2c") "\x11\0\0\x08\0\0\0\1" },
    { "ICMP", false, false, true, 28, IPV4("\0", "\0", "\1") "\3\4\0\0\0\0\5\0" },
    { "ICMPv6", true, false, true, 48, IPV6("\x3a") "\2\0\0\0\0\0\5\0" },
    { "UDP 4195 in a tag", false, true, true, 28, IPV4("\0", "\0", "\x11") "\x13\x88\x10\x63\0\x08\0\0" },
    { "a later fragment in a tag", false, true, true, 28, IPV4("\x20", "\x10", "\x11") "\0\0\0\0\0\0\0\0" },
    { "TCP 22", false, false, false, 28, IPV4("\0", "\0", "\x06") "\x13\x88\0\x16\0\0\0\0" },
    { "TCP 22 in a tag", false, true, false, 28, IPV4("\0", "\0", "\x06") "\x13\x88\0\x16\0\0\0\0" },
};

/* The filter of the command: what stands in quotes. */
static struct capture_filter *filter_of(const struct engine *e, struct arena *a)
{
    struct capture_filter *filter;
    struct error error;
    const char *quoted = strchr(engine_advice_command(e, a), '\'');
    assert_non_null(quoted);
    char *text = strdup(quoted + 1);
    assert_non_null(text);
    text[strlen(text) - 1] = '\0';
    if (capture_filter_new(text, &filter, &error) != STATUS_OK)
        fail_msg("%s: %s", text, error.text);
    free(text);
    return filter;
}

static bool passes(const struct capture_filter *filter, size_t row)
{
    struct file f = { 0 };
    put(&f, "\2\0\0\0\0\1\2\0\0\0\0\2", 12);
    if (packets[row].tag)
        put(&f, "\x81\0\0\x07", 4);
    put(&f, packets[row].ipv6 ? "\x86\xdd" : "\x08\0", 2);
    put(&f, packets[row].bytes, packets[row].length);
    const struct capture_packet packet = { .bytes = f.bytes, .captured_bytes = (uint32_t)f.length,
                                           .wire_bytes = (uint32_t)f.length, .link_type = 1 };
    enum capture_filter_answer answer = capture_filter_match(filter, &packet);
    free(f.bytes);
    return answer == CAPTURE_FILTER_PASS;
}

static void what_matters_passes(void **state)
{
    (void)state;
    static const uint16_t ports[] = { 443, 4172, 4195, 53, 3128, 8081 };
    unsigned failed = 0;
    for (int vlan = 0; vlan < 2; vlan++) {
        struct shop s;
        shop_open(&s, NULL);
        for (size_t i = 0; i < COUNT_OF(ports); i++)
            decode_ports_add(&s.analyzer->decode.ports, ports[i]);
        s.engine.vlan_seen = vlan;
        struct capture_filter *filter = filter_of(&s.engine, s.arena);
        for (size_t i = 0; i < COUNT_OF(packets); i++)
            failed += soft_int(packets[i].name, vlan ? "passes, tags seen" : "passes", passes(filter, i),
                               packets[i].passes && (vlan || !packets[i].tag));
        capture_filter_free(filter);
        shop_close(&s);
    }
    assert_int_equal(failed, 0);
}

static void the_sentence_names_the_interface(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, NULL);
    const char *text = engine_advice(&s.engine, "Capture again", s.arena);
    unsigned failed = soft_holds("advice", "lead", text, "Capture again: tcpdump -i INTERFACE -s 0 -w wspscope.pcap '");
    failed += soft_holds("advice", "interface", text, "(INTERFACE: ");
    shop_close(&s);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_matters_passes),
                                        cmocka_unit_test(the_sentence_names_the_interface) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
