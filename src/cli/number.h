/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_NUMBER_H
#define CLI_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* Decimal digits and nothing else, within low..high. */
bool cli_number_parse(const char *text, uint64_t low, uint64_t high, uint64_t *out);

/* A size in bytes, not 0: digits, and k, M or G (of either case) for 1024, 1024^2 or 1024^3. */
bool cli_number_parse_size(const char *text, uint64_t *out);

/* 1 to 32 hexadecimal digits: a number of 128 bits, the upper word first. */
bool cli_number_parse_hex128(const char *text, uint64_t out[2]);

#endif
