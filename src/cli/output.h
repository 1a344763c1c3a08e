/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "wspscope/render.h"

/* Where a report goes: stdout, or a file that appears whole or not at all. A regular file, or one that is not there
 * yet, is written beside its place and moved there by cli_output_commit(); a device or FIFO is written to directly. */
struct cli_output;

/* NULL is stdout. NULL is returned when it cannot be opened: `error` says why. */
struct cli_output *cli_output_open(const char *path, struct error *error) MUST_USE;

/* True when the output is this very file: writing the report over a capture would destroy it. */
bool cli_output_is_file(const struct cli_output *output, const char *path);

/* Takes bytes until one write has failed. */
struct wspscope_sink cli_output_sink(struct cli_output *output);

/* A write has failed; cli_output_commit() will say why. */
bool cli_output_failed(const struct cli_output *output);

/* Writes what is buffered, puts the file in its place, and frees. STATUS_END: whoever read our output went away, about
 * which nothing need be said. STATUS_IO: `error` says why. */
enum status cli_output_commit(struct cli_output *output, struct error *error) MUST_USE;

/* Frees; a file is not touched. */
void cli_output_discard(struct cli_output *output);

/* Columns of the terminal that the output goes to; 0 when it is no terminal. */
unsigned cli_output_columns(const struct cli_output *output);

#endif
