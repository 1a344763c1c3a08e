/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_SECTION_H
#define CAPTURE_SECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "capture/capture.h"
#include "capture/interface.h"
#include "capture/reader.h"

/* The state of a pcapng section, and the blocks that carry no packet: section header, interface description,
 * interface statistics. Handlers get the body of a block, without header and trailer. */

enum { CAPTURE_SECTION_COMMENT = 1 }; /* the option code of a comment, the same in every block */

struct capture_section {
    bool big_endian;
    uint32_t interface_base;  /* running number of the section's first interface */
    uint32_t interface_count; /* declared in this section; those past CAPTURE_INTERFACES_MAX are not kept */
    struct capture_interface interfaces[CAPTURE_INTERFACES_MAX];
};

struct capture_section_option {
    uint16_t code;
    struct cursor value;
};

static inline uint16_t capture_section_u16(const struct capture_section *s, struct cursor *c)
{
    return s->big_endian ? cursor_u16be(c) : cursor_u16le(c);
}

static inline uint32_t capture_section_u32(const struct capture_section *s, struct cursor *c)
{
    return s->big_endian ? cursor_u32be(c) : cursor_u32le(c);
}

static inline uint64_t capture_section_u64(const struct capture_section *s, struct cursor *c)
{
    return s->big_endian ? cursor_u64be(c) : cursor_u64le(c);
}

/* The bytes that follow `length` bytes up to the next multiple of four. */
static inline uint32_t capture_section_padding(uint32_t length)
{
    return -length & 3U;
}

/* False at the end of the options; what does not add up ends them as well: the block's own length still holds. */
bool capture_section_option(const struct capture_section *s, struct cursor *c, struct capture_section_option *out);

/* NULL where the section has no such interface. */
struct capture_interface *capture_section_interface(struct capture_section *s, uint32_t id);

/* Packets lost before this one, as its block says. `interface` may be NULL. */
void capture_section_add_drops(struct capture_reader *reader, struct capture_interface *interface, uint64_t drops);

/* Takes byte order and version, from the byte order mark on; the cursor says whether they were there. */
enum capture_walk capture_section_start(struct capture_reader *reader, struct cursor *c);

enum capture_walk capture_section_on_header(struct capture_reader *reader, struct cursor *c,
                                            struct capture_block *block);
enum capture_walk capture_section_on_interface(struct capture_reader *reader, struct cursor *c,
                                               struct capture_block *block);
enum capture_walk capture_section_on_statistics(struct capture_reader *reader, struct cursor *c,
                                                struct capture_block *block);

/* The byte order mark, read in the section's own order. */
#define CAPTURE_SECTION_BYTE_ORDER_MARK UINT32_C(0x1a2b3c4d)

#endif
