/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_FILE_H
#define ENDPOINT_FILE_H

#include "base/arena.h"
#include "endpoint/tables.h"

/* Files that hold tables or ip-ranges.json. Errors name the file and what the operating system said. */

/* STATUS_BAD_USAGE when `directory` is none, or none of the tables is in it. */
enum status endpoint_file_check_directory(const char *directory, struct error *error) MUST_USE;

/* Reads DIRECTORY/text->file into the arena and puts it in `text`, with the path as its file name; leaves `text` alone
 * when there is no such file. */
enum status endpoint_file_read_table(struct arena *arena, const char *directory, struct endpoint_tables_text *text,
                                     struct error *error) MUST_USE;

/* A whole file, zero-terminated, into memory that the caller frees. */
enum status endpoint_file_read(const char *path, size_t limit_bytes, char **bytes, size_t *length,
                               struct error *error) MUST_USE;

/* Writes DIRECTORY/NAME whole or not at all. */
enum status endpoint_file_write(const char *directory, const char *name, const char *bytes, size_t length,
                                struct error *error) MUST_USE;

/* Makes the directory unless it is there. */
enum status endpoint_file_make_directory(const char *directory, struct error *error) MUST_USE;

#endif
