/* SPDX-License-Identifier: Apache-2.0 */
#include "track/quic_hello.h"

#include <stdlib.h>

enum { MESSAGE_HEADER_BYTES = 4 };

static void unlink_hello(struct track_quic_hellos *hellos, struct track_quic_hello *hello)
{
    *(hello->older ? &hello->older->newer : &hellos->oldest) = hello->newer;
    *(hello->newer ? &hello->newer->older : &hellos->newest) = hello->older;
    hello->older = hello->newer = NULL;
    hellos->count--;
}

void track_quic_hello_drop(struct track_quic_hellos *hellos, struct track_quic_hello *hello)
{
    if (!hello->stream)
        return;
    unlink_hello(hellos, hello);
    free(hello->stream);
    hello->stream = NULL;
}

static struct decode_crypto_stream *room_of(struct track_quic_hellos *hellos, struct track_quic_hello *hello)
{
    return hello->stream ? hello->stream : &hellos->packet;
}

void track_quic_hello_open(struct track_quic_hellos *hellos, struct track_quic_hello *hello)
{
    if (!hello->stream)
        decode_crypto_stream_reset(&hellos->packet);
}

void track_quic_hello_add(struct track_quic_hellos *hellos, struct track_quic_hello *hello, uint64_t offset,
                          struct cursor piece)
{
    (void)decode_crypto_stream_add(room_of(hellos, hello), offset, piece);
}

/* Keeps what the packet brought, in memory of the hello's own. */
static bool keep(struct track_quic_hellos *hellos, struct track_quic_hello *hello)
{
    if (hello->stream)
        return true;
    if (hellos->count == TRACK_QUIC_HELLOS_MAX) {
        struct track_quic_hello *oldest = hellos->oldest;
        track_quic_hello_drop(hellos, oldest);
        oldest->gave_way = true;
        hellos->gave_way++;
    }
    hello->stream = malloc(sizeof *hello->stream);
    if (!hello->stream)
        return false;
    *hello->stream = hellos->packet;
    hello->older = hellos->newest;
    *(hellos->newest ? &hellos->newest->newer : &hellos->oldest) = hello;
    hellos->newest = hello;
    hellos->count++;
    return true;
}

/* The name decides; what follows it is not waited for. */
static enum track_quic_hello_state read_hello(const struct decode_crypto_stream *stream,
                                              struct decode_tls_client_hello *out)
{
    struct cursor bytes = decode_crypto_stream_read(stream);
    struct decode_tls_handshake message;
    if (cursor_left(&bytes) < MESSAGE_HEADER_BYTES)
        return TRACK_QUIC_HELLO_MORE;
    enum decode_outcome whole = decode_tls_handshake(&bytes, &message);
    if (message.type != DECODE_TLS_CLIENT_HELLO || (whole != DECODE_OK && whole != DECODE_TRUNCATED))
        return TRACK_QUIC_HELLO_NEVER;
    enum decode_outcome outcome = decode_tls_client_hello(&message, out);
    if (outcome == DECODE_OK || out->has_sni)
        return TRACK_QUIC_HELLO_READ;
    return whole == DECODE_TRUNCATED && outcome == DECODE_TRUNCATED ? TRACK_QUIC_HELLO_MORE : TRACK_QUIC_HELLO_NEVER;
}

enum track_quic_hello_state track_quic_hello_close(struct track_quic_hellos *hellos, struct track_quic_hello *hello,
                                                   struct decode_tls_client_hello *out)
{
    const struct decode_crypto_stream *room = room_of(hellos, hello);
    bool lost = hello->gave_way || room->pieces_left_out;
    enum track_quic_hello_state state = read_hello(room, out);
    if (state == TRACK_QUIC_HELLO_MORE && room->range_count && (lost || !keep(hellos, hello)))
        state = TRACK_QUIC_HELLO_NEVER;
    if (state != TRACK_QUIC_HELLO_MORE)
        track_quic_hello_drop(hellos, hello);
    return state;
}
