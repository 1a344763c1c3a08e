/* SPDX-License-Identifier: Apache-2.0 */
#include "track/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/nsec.h"
#include "track/session.h"

enum { PORT_PCOIP = 4172 };

/* Organisations whose issuers sign for WorkSpaces' names: Amazon Trust Services and, before it had roots of its own in
 * every store, Starfield (https://www.amazontrust.com/repository/); for cloudfront.net and in China DigiCert and those
 * it took over. A prefix of the organisation's name, in any case. */
static const char *const amazons_issuers[] = {
    "Amazon", "Starfield Technologies", "DigiCert", "Baltimore", "VeriSign", "Symantec",
};

static bool signs_for_amazon(X509 *certificate)
{
    char organisation[128];
    int length = X509_NAME_get_text_by_NID(X509_get_issuer_name(certificate), NID_organizationName, organisation,
                                           sizeof organisation);
    if (length <= 0 || strlen(organisation) != (size_t)length)
        return false;
    for (size_t i = 0; i < sizeof amazons_issuers / sizeof *amazons_issuers; i++)
        if (strncasecmp(organisation, amazons_issuers[i], strlen(amazons_issuers[i])) == 0)
            return true;
    return false;
}

/* RFC 2253's form, most telling part first, in printable ASCII. */
static void put_name(const X509_NAME *name, char text[MODEL_CERTIFICATE_TEXT_SIZE])
{
    const unsigned long form = (XN_FLAG_RFC2253 | XN_FLAG_SEP_CPLUS_SPC) & ~(unsigned long)XN_FLAG_SEP_COMMA_PLUS;
    BIO *memory = BIO_new(BIO_s_mem());
    text[0] = '\0';
    if (memory && X509_NAME_print_ex(memory, name, 0, form) >= 0) {
        int length = BIO_read(memory, text, MODEL_CERTIFICATE_TEXT_SIZE - 1);
        text[length > 0 ? length : 0] = '\0';
    }
    BIO_free(memory);
    for (char *at = text; *at; at++)
        *at = *at >= ' ' && *at < 0x7f ? *at : '?';
}

/* Days since 1970 of a date of the Gregorian calendar (no timegm: it is not in the standard we compile for). */
static int64_t days_since_1970(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t time_of(const ASN1_TIME *when, int64_t otherwise)
{
    struct tm tm;
    if (!when || !ASN1_TIME_to_tm(when, &tm) || tm.tm_year < 0 || tm.tm_year > 300)
        return otherwise;
    int64_t seconds = days_since_1970(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * 86400 + tm.tm_hour * 3600 +
                      tm.tm_min * 60 + tm.tm_sec;
    return seconds > INT64_MAX / NSEC_PER_SEC ? otherwise : seconds * NSEC_PER_SEC;
}

static void read_own(X509 *certificate, const char *host, struct model_certificate *out)
{
    put_name(X509_get_issuer_name(certificate), out->issuer);
    put_name(X509_get_subject_name(certificate), out->subject);
    out->from_ns = time_of(X509_get0_notBefore(certificate), INT64_MIN);
    out->until_ns = time_of(X509_get0_notAfter(certificate), INT64_MAX);
    out->self_signed = X509_NAME_cmp(X509_get_issuer_name(certificate), X509_get_subject_name(certificate)) == 0;
    out->names_host = *host && X509_check_host(certificate, host, strlen(host), 0, NULL) == 1;
}

bool track_certificate_read(const struct decode_tls_handshake *message, const char *host,
                            struct model_certificate *out)
{
    struct decode_tls_certificates list;
    enum decode_outcome outcome = decode_tls_certificates(message, &list);
    *out = (struct model_certificate){ .chain_cut = outcome != DECODE_OK || list.more };
    for (uint8_t i = 0; i < list.count; i++) {
        const unsigned char *der = message->body.at + list.chain[i].offset_bytes;
        X509 *certificate = d2i_X509(NULL, &der, (long)list.chain[i].length_bytes);
        if (!certificate)
            break;
        if (i == 0)
            read_own(certificate, host, out);
        out->genuine = out->genuine || signs_for_amazon(certificate);
        out->chain++;
        X509_free(certificate);
    }
    return out->chain > 0;
}

static void file_strange(const struct track_tls_piece *p, struct story *s)
{
    struct model_incident strange = { .fact = MODEL_TLS_STRANGE, .first_ns = p->packet->time_ns,
                                      .last_ns = p->packet->time_ns, .attempts = 1 };
    strange.tls.version = decode_tls_version_name(p->tls->version);
    model_incident_show(&strange, MODEL_SHOWS_CLIENT_HELLO, p->tls->hellos.frame[0], 1);
    model_incident_show(&strange, MODEL_SHOWS_CERTIFICATE, p->packet->frame, 0);
    track_session_file(p->t, s, p->f, &strange);
}

void track_certificate_seen(const struct track_tls_piece *p, const struct decode_tls_handshake *message)
{
    struct story *s = story_of(p->f);
    struct model_tls *facts = s ? model_path_tls(p->t->model, s->path) : NULL;
    const char *host = model_name_text(model_names(p->t->model), p->f->name);
    struct model_certificate seen;
    if (!facts || !track_certificate_read(message, host, &seen))
        return;
    seen.frame = p->packet->frame;
    seen.seen_ns = p->packet->time_ns;
    bool ours = model_name_row(model_names(p->t->model), p->f->name) && s->path->port != PORT_PCOIP;
    /* A name by the DNS alone may be another's: addresses are shared. Then the certificate has to say it too. */
    bool asked = p->f->flags & (FLOW_NAME_BY_SNI | FLOW_NAME_BY_CONNECT);
    bool strange = ours && !seen.genuine && (asked || seen.names_host);
    if (!facts->certificate || (facts->certificate->genuine && strange))
        facts->certificate = model_keep_certificate(p->t->model, &seen);
    if (strange)
        file_strange(p, s);
}
