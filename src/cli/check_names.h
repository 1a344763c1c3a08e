/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CHECK_NAMES_H
#define CLI_CHECK_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* How captures and their expectations are called: NAME.pcap, NAME.pcapng.gz, NAME.zip ... and NAME.expect.yaml. All
 * take a file's name without its folder. */

/* True for NAME.expect.yaml and NAME.expect.yml; *length is that of NAME. */
bool cli_check_names_is_expectation(const char *file, size_t *length);

/* The length of NAME; all of it when no known extension is there. */
size_t cli_check_names_stem(const char *file);

/* True when the name says that this is a capture: .pcap, .pcapng ..., compressed or not. An archive does not. */
bool cli_check_names_is_capture(const char *file);

#endif
