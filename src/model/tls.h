/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_TLS_H
#define MODEL_TLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"

/* What became of the TLS handshakes of a path, in the clear or told from the shape of what is encrypted. */

enum { MODEL_CERTIFICATE_TEXT_SIZE = 192 };

/* The server's certificate as it was seen (TLS 1.2 and below). Texts are printable ASCII: other bytes are escaped. */
struct model_certificate {
    char issuer[MODEL_CERTIFICATE_TEXT_SIZE];  /* "CN=Example Corp TLS Inspection, O=Example Corp" */
    char subject[MODEL_CERTIFICATE_TEXT_SIZE];
    int64_t from_ns, until_ns;  /* validity; INT64_MIN and INT64_MAX when it cannot be read */
    int64_t seen_ns;
    uint64_t frame;
    uint8_t chain;              /* certificates that were read */
    bool chain_cut;             /* there were more, or the rest was too long to be kept */
    bool genuine;               /* an issuer in the chain is one that signs for Amazon */
    bool self_signed;
    bool names_host;            /* it is for the name that the client asked for */
};

struct model_tls {
    uint64_t hellos;            /* flows with a ClientHello */
    uint64_t worked, failed;    /* flows whose handshake was seen to be complete; MODEL_TLS_FAILED */
    uint64_t hidden;            /* flows in TLS 1.3: their certificate cannot be seen */
    uint64_t resumed;           /* flows of TLS 1.2 that were resumed: no certificate was sent */
    int64_t hello_ns;           /* the first ClientHello */
    int64_t worked_ns, last_worked_ns;  /* the first and the latest complete handshake; INT64_MIN never */
    int64_t failed_ns, last_failed_ns;  /* the first and the latest failure; INT64_MIN never */
    int64_t answer_ns;          /* shortest time from a ClientHello to the ServerHello: at least one round trip to the
                                   server itself, behind a proxy too; INT64_MAX unknown */
    int64_t handshake_ns;       /* the same, until the handshake was complete; INT64_MAX unknown */
    uint16_t version;           /* 0x0303, 0x0304: of the latest ServerHello; 0 unknown */
    uint32_t name;              /* what the client called the server in its latest hello: model/name.h; 0 none */
    uint8_t last_alert;         /* description of the latest fatal alert in the clear; 0 none */
    struct model_certificate *certificate; /* the first seen, or the first that is not genuine; NULL none */
};

#endif
