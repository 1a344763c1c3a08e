/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/status.h"

/* Memory that is given back as a whole: nothing in it is freed alone. Born with its limit: past it, or when the
 * system has no more, allocations return NULL and arena_failed() stays true, so that a builder may ask once. */
struct arena;

struct arena *arena_new(size_t limit_bytes) MUST_USE;
void arena_free(struct arena *arena);

/* Zeroed, aligned for any type; NULL when the arena has failed. count * size is checked. */
void *arena_alloc(struct arena *arena, size_t count, size_t size) MUST_USE;

/* printf into the arena. Never NULL: "" when the arena has failed. */
const char *arena_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
const char *arena_vformat(struct arena *arena, const char *format, va_list args) PRINTF_LIKE(2, 0);
const char *arena_copy(struct arena *arena, const char *text);

size_t arena_used_bytes(const struct arena *arena);
_Bool arena_failed(const struct arena *arena);

#endif
