/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SWEEP_FILES_H
#define SWEEP_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The captures that are swept: paths in the order of their names. */

struct files {
    char **paths;
    size_t count, capacity;
};

/* Adds every file below `folder` that may be a capture; expectations, truths and texts are left out. False without
 * memory; a folder that is not there adds nothing. */
bool files_add(struct files *files, const char *folder);
void files_free(struct files *files);

/* The whole file; NULL when it cannot be read. The caller frees it. */
uint8_t *files_read(const char *path, size_t *length);

bool files_write(const char *path, const uint8_t *bytes, size_t length);

#endif
