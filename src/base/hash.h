/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* SipHash-1-3 (Aumasson, Bernstein; 64-bit result): a stranger who does not know the key cannot make keys collide. */
uint64_t hash_bytes(const uint64_t key[2], const void *bytes, size_t length);

#endif
