/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/tls.h"

#include "mutate.h"

static void known(void **state)
{
    static const struct { uint8_t description; const char *name; const char *part; } alerts[] = {
        { 0, "close_notify", "good order" },
        { 40, "handshake_failure", "in common" },
        { 42, "bad_certificate", "damaged" },
        { 48, "unknown_ca", "not trusted" },
        { 70, "protocol_version", "version of TLS" },
        { 112, "unrecognized_name", "does not know the name" },
        { 116, "certificate_required", "none came" },
        { 120, "no_application_protocol", "ALPN" },
        { 255, "unknown alert", "not assigned" },
        { 1, "unknown alert", "not assigned" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof alerts / sizeof alerts[0]; i++) {
        assert_string_equal(decode_tls_alert_name(alerts[i].description), alerts[i].name);
        assert_non_null(strstr(decode_tls_alert_meaning(alerts[i].description), alerts[i].part));
    }
}

/* The meanings go into sentences: no final dot, no capital, and none twice. */
static void every_number(void **state)
{
    unsigned assigned = 0;

    (void)state;
    for (unsigned i = 0; i <= UINT8_MAX; i++) {
        const char *name = decode_tls_alert_name((uint8_t)i), *meaning = decode_tls_alert_meaning((uint8_t)i);
        assert_true(meaning[0] >= 'a' && meaning[0] <= 'z' && meaning[strlen(meaning) - 1] != '.');
        if (strcmp(name, "unknown alert") == 0)
            continue;
        assigned++;
        for (unsigned k = 0; k < i; k++) {
            assert_string_not_equal(name, decode_tls_alert_name((uint8_t)k));
            assert_string_not_equal(meaning, decode_tls_alert_meaning((uint8_t)k));
        }
    }
    assert_int_equal(assigned, 35);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known),
        cmocka_unit_test(every_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
