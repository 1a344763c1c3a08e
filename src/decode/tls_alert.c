/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/tls.h"

/* RFC 8446, section 6, and the IANA registry of TLS alerts with those that only older versions send. */
static const struct alert {
    uint8_t description;
    const char *name;
    const char *meaning;
} alerts[] = {
    { 0, "close_notify", "the sender has no more to say and closes in good order" },
    { 10, "unexpected_message", "a message came that does not belong here" },
    { 20, "bad_record_mac", "a record was damaged or altered on its way, or the keys of the two sides differ" },
    { 21, "decryption_failed", "a record could not be decrypted" },
    { 22, "record_overflow", "a record was longer than allowed" },
    { 30, "decompression_failure", "a record could not be decompressed" },
    { 40, "handshake_failure", "the two sides have no cipher or other parameter in common" },
    { 41, "no_certificate", "the client has no certificate to show" },
    { 42, "bad_certificate", "the certificate is damaged or its signature is wrong" },
    { 43, "unsupported_certificate", "the certificate is of a kind that the receiver does not support" },
    { 44, "certificate_revoked", "the certificate's issuer has revoked it" },
    { 45, "certificate_expired", "the certificate has expired or is not valid yet: a clock may be wrong" },
    { 46, "certificate_unknown", "the certificate was not accepted, the reason is not told" },
    { 47, "illegal_parameter", "a field of the handshake contradicts the others or is out of range" },
    { 48, "unknown_ca", "the certificate's issuer is not trusted by the receiver: a proxy may have issued it" },
    { 49, "access_denied", "the certificate is valid, but its owner may not connect" },
    { 50, "decode_error", "a message could not be read: it was damaged or altered on its way" },
    { 51, "decrypt_error", "a signature or a checksum of the handshake is wrong: it was altered on its way" },
    { 60, "export_restriction", "the key is longer than export rules allow" },
    { 70, "protocol_version", "the two sides have no version of TLS in common" },
    { 71, "insufficient_security", "the server asks for stronger ciphers than the client offers" },
    { 80, "internal_error", "the sender failed for a reason of its own" },
    { 86, "inappropriate_fallback", "the client tried again with an older version than the server supports" },
    { 90, "user_canceled", "the user or the program gave up during the handshake" },
    { 100, "no_renegotiation", "the sender refuses to negotiate anew" },
    { 109, "missing_extension", "an extension that must be there is not" },
    { 110, "unsupported_extension", "an extension was answered that was not offered" },
    { 111, "certificate_unobtainable", "the certificate could not be fetched from where the client said" },
    { 112, "unrecognized_name", "the server does not know the name that the client asked for" },
    { 113, "bad_certificate_status_response", "the proof that the certificate is not revoked is missing or wrong" },
    { 114, "bad_certificate_hash_value", "the certificate is not the one that its hash names" },
    { 115, "unknown_psk_identity", "the server does not know the shared key that the client named" },
    { 116, "certificate_required", "the server wants a certificate of the client's, and none came" },
    { 120, "no_application_protocol", "the two sides have no application protocol (ALPN) in common" },
    { 121, "ech_required", "the server could not read the encrypted hello" },
};

static const struct alert *find(uint8_t description)
{
    static const struct alert unknown = { 0, "unknown alert", "the number of this alert is not assigned" };

    for (size_t i = 0; i < sizeof alerts / sizeof alerts[0]; i++)
        if (alerts[i].description == description)
            return &alerts[i];
    return &unknown;
}

const char *decode_tls_alert_name(uint8_t description)
{
    return find(description)->name;
}

const char *decode_tls_alert_meaning(uint8_t description)
{
    return find(description)->meaning;
}
