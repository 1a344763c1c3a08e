/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_CERTIFICATE_H
#define TRACK_CERTIFICATE_H

#include "track/tls.h"

/* Whose certificates a server shows (TLS 1.2 and below). */

/* Reads the chain in `message` with OpenSSL. False when not even the server's own certificate can be read. */
bool track_certificate_read(const struct decode_tls_handshake *message, const char *host,
                            struct model_certificate *out);

/* The server's certificates of a flow have come: keeps them with its path, and files those that Amazon's issuers did
 * not sign though the client asked for a WorkSpaces name. */
void track_certificate_seen(const struct track_tls_piece *piece, const struct decode_tls_handshake *message);

#endif
