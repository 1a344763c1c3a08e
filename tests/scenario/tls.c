/* SPDX-License-Identifier: Apache-2.0 */
#include "tls.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

enum {
    TLS_1_2 = 0x0303, SERVER_HELLO = 2, CERTIFICATE = 11, SERVER_HELLO_DONE = 14, CLIENT_KEY_EXCHANGE = 16,
    RANDOM_BYTES = 32, SESSION_ID_BYTES = 32, FINISHED_BYTES = 40, POINT_BYTES = 65, FATAL = 2,
    ECDHE_ECDSA_AES128_GCM = 0xc02b, DER_BYTES_MAX = 4096,
};

static void put_server_hello(struct payload *p, uint64_t seed)
{
    payload_put(p, SERVER_HELLO, 1);
    size_t message = payload_begin(p, 3);
    payload_put(p, TLS_1_2, 2);
    payload_put_noise(p, seed, RANDOM_BYTES);
    payload_put(p, SESSION_ID_BYTES, 1);
    payload_put_noise(p, seed + 1, SESSION_ID_BYTES);
    payload_put(p, ECDHE_ECDSA_AES128_GCM, 2);
    payload_put(p, 0, 1);
    payload_end(p, message, 3);
}

static bool put_field(X509_NAME *name, const char *field, const char *value)
{
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_ASC, (const unsigned char *)value, -1, -1, 0) == 1;
}

/* Signed by a key that everybody knows, in a way that gives the same bytes each time: Ed25519. */
static bool sign(X509 *certificate)
{
    static const unsigned char secret[32] = "no secret, and of thirty-two let";
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, sizeof secret);
    bool done = key && X509_set_pubkey(certificate, key) == 1 && X509_sign(certificate, key, NULL) > 0;
    EVP_PKEY_free(key);
    return done;
}

/* The DER of a certificate, 0 bytes when libcrypto refuses: the scenario then fails for want of it. */
static size_t make_certificate(const char *host, const char *issuer, unsigned char der[DER_BYTES_MAX])
{
    enum { YEAR_2020 = 1577836800, YEAR_2035 = 2051222400 };
    X509 *certificate = X509_new();
    unsigned char *at = der;
    bool done = certificate && X509_set_version(certificate, 2) == 1 &&
                ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
                ASN1_TIME_set(X509_getm_notBefore(certificate), YEAR_2020) &&
                ASN1_TIME_set(X509_getm_notAfter(certificate), YEAR_2035) &&
                put_field(X509_get_issuer_name(certificate), "O", issuer) &&
                put_field(X509_get_issuer_name(certificate), "CN", "Issuing CA") &&
                put_field(X509_get_subject_name(certificate), "CN", host ? host : "host.example") && sign(certificate);
    int length = done ? i2d_X509(certificate, NULL) : 0;
    if (length > 0 && length <= DER_BYTES_MAX)
        length = i2d_X509(certificate, &at);
    X509_free(certificate);
    return length > 0 && length <= DER_BYTES_MAX ? (size_t)length : 0;
}

static void put_certificate(struct payload *p, const char *host, const char *issuer)
{
    unsigned char der[DER_BYTES_MAX];
    size_t length = make_certificate(host, issuer, der);
    payload_put(p, CERTIFICATE, 1);
    size_t message = payload_begin(p, 3), list = payload_begin(p, 3);
    payload_put(p, length, 3);
    payload_put_bytes(p, der, length);
    payload_end(p, list, 3);
    payload_end(p, message, 3);
}

void tls_put_flight(struct payload *p, const char *host, const char *issuer, uint64_t seed)
{
    size_t record = payload_begin_record(p, PAYLOAD_TLS_HANDSHAKE, TLS_1_2);
    put_server_hello(p, seed);
    if (issuer) {
        put_certificate(p, host, issuer);
        payload_put(p, SERVER_HELLO_DONE, 1);
        payload_put(p, 0, 3);
    }
    payload_end(p, record, 2);
    if (!issuer)
        tls_put_finished(p, false, seed + 2);
}

void tls_put_finished(struct payload *p, bool key_exchange, uint64_t seed)
{
    size_t record;
    if (key_exchange) {
        record = payload_begin_record(p, PAYLOAD_TLS_HANDSHAKE, TLS_1_2);
        payload_put(p, CLIENT_KEY_EXCHANGE, 1);
        payload_put(p, 1 + POINT_BYTES, 3);
        payload_put(p, POINT_BYTES, 1);
        payload_put_noise(p, seed + 1, POINT_BYTES);
        payload_end(p, record, 2);
    }
    record = payload_begin_record(p, PAYLOAD_TLS_CHANGE_CIPHER, TLS_1_2);
    payload_put(p, 1, 1);
    payload_end(p, record, 2);
    record = payload_begin_record(p, PAYLOAD_TLS_HANDSHAKE, TLS_1_2);
    payload_put_noise(p, seed, FINISHED_BYTES);
    payload_end(p, record, 2);
}

void tls_put_alert(struct payload *p, uint8_t description)
{
    size_t record = payload_begin_record(p, PAYLOAD_TLS_ALERT, TLS_1_2);
    payload_put(p, FATAL, 1);
    payload_put(p, description, 1);
    payload_end(p, record, 2);
}
