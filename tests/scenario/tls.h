/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCENARIO_TLS_H
#define SCENARIO_TLS_H

#include "payload.h"

/* The handshake of TLS 1.2, whose certificates go in the clear (RFC 5246, section 7.4). Whole records, and like all
 * payload a function of the arguments. */

/* The server's flight: ServerHello, a certificate for `host` (NULL: for a name of nobody) that the organisation
 * `issuer` has issued, and ServerHelloDone. Without an issuer an earlier session goes on: ServerHello and Finished. */
void tls_put_flight(struct payload *p, const char *host, const char *issuer, uint64_t seed);

/* CHANGE_CIPHER_SPEC and an encrypted Finished, after a ClientKeyExchange when there is one. */
void tls_put_finished(struct payload *p, bool key_exchange, uint64_t seed);

/* A fatal alert in the clear. */
void tls_put_alert(struct payload *p, uint8_t description);

#endif
