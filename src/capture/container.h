/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_CONTAINER_H
#define CAPTURE_CONTAINER_H

#include "capture/kind.h"
#include "capture/stream.h"

/* One layer of packing: a compression (one entry without a name) or an archive (named entries), through libarchive
 * with that one filter or format enabled. Packed bytes are read from a stream and the entry is a stream again, so
 * that layers can be stacked. */
struct capture_container;

/* What a layer may give out before it is taken for a bomb: this much, and this many times what the file gave. */
enum { CAPTURE_CONTAINER_FREE_BYTES = 1 << 30, CAPTURE_CONTAINER_RATIO_MAX = 1000 };

/* `packed` is borrowed; `file` is the stream of the file itself, which may be the same one. STATUS_BAD_INPUT when
 * the bytes are not what `kind` says, or cannot be read without seeking (7zip): the error's text is a clause ("needs
 * a file") without a name. */
enum status capture_container_new(enum capture_kind kind, struct capture_stream *packed, struct capture_stream *file,
                                  struct capture_container **out, struct error *error) MUST_USE;
void capture_container_free(struct capture_container *container);

/* Goes to the next entry that is a file, past the rest of this one. *name is NULL for a compression, else valid
 * UTF-8 that lives until the next call. STATUS_END, or an error after which nothing more can be asked. */
enum status capture_container_next(struct capture_container *container, const char **name,
                                   struct error *error) MUST_USE;

/* The bytes of the entry. */
struct capture_stream *capture_container_stream(struct capture_container *container);

/* How often the bytes were compressed: gzip within gzip is undone as one layer. 1 for an archive. */
int capture_container_levels(const struct capture_container *container);

enum capture_kind capture_container_kind(const struct capture_container *container);

#endif
