/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_LINK_H
#define CAPTURE_LINK_H

#include <stdint.h>

/* The LINKTYPE_ value that the link type field of a file means: some systems wrote the value of their own headers
 * (DLT_) where it differs. */
uint16_t capture_link_from_file(uint16_t value);

/* The value that libpcap's functions take here, or -1 where there is none. */
int capture_link_to_dlt(uint16_t link_type);

#endif
