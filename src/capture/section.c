/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/section.h"

#include "base/nsec.h"
#include "capture/link.h"
#include "capture/name.h"

enum option_code {
    OPTION_END = 0,
    OPTION_STATISTICS_INTERFACE_DROPS = 5,
    OPTION_STATISTICS_OS_DROPS = 7,
    OPTION_INTERFACE_RESOLUTION = 9,
    OPTION_INTERFACE_FILTER = 11,
    OPTION_INTERFACE_OFFSET = 14,
};

static const uint64_t no_count = UINT64_MAX; /* the format's own way to say that a counter is not there */

/* False at the end of the options; what does not add up ends them as well: the block's own length still holds. */
bool capture_section_option(const struct capture_section *s, struct cursor *c, struct capture_section_option *out)
{
    out->code = capture_section_u16(s, c);
    uint16_t length = capture_section_u16(s, c);
    if (!cursor_ok(c) || out->code == OPTION_END)
        return false;
    out->value = cursor_sub(c, length);
    bool whole = cursor_ok(&out->value);
    cursor_skip(c, capture_section_padding(length));
    return whole;
}

static void add_comment(struct capture_reader *reader, uint64_t frame, const struct capture_section_option *option)
{
    capture_reader_add_comment(reader, frame, option->value.at, cursor_left(&option->value));
}

struct capture_interface *capture_section_interface(struct capture_section *s, uint32_t id)
{
    return id < s->interface_count && id < CAPTURE_INTERFACES_MAX ? &s->interfaces[id] : NULL;
}

/* info sums over the interfaces of all sections: what changed on this one is added. */
static void set_drops(struct capture_reader *reader, struct capture_interface *interface,
                      const struct capture_interface *changed)
{
    reader->info.has_drop_counts = true;
    reader->info.interface_drops += capture_interface_drops(changed) - capture_interface_drops(interface);
    reader->info.os_drops += changed->os_drops - interface->os_drops;
    *interface = *changed;
}

void capture_section_add_drops(struct capture_reader *reader, struct capture_interface *interface, uint64_t drops)
{
    if (!interface)
        return;
    struct capture_interface changed = *interface;
    uint64_t room = no_count - changed.per_packet_drops;
    changed.per_packet_drops += drops < room ? drops : room;
    set_drops(reader, interface, &changed);
}

static bool version_is_ours(unsigned major, unsigned minor)
{
    return major == 1 && (minor == 0 || minor == 2);
}

/* Byte order and version, from the byte order mark on. */
enum capture_walk capture_section_start(struct capture_reader *reader, struct cursor *c)
{
    struct capture_section *s = reader->section;
    struct cursor mark = *c;
    s->big_endian = cursor_u32be(&mark) == CAPTURE_SECTION_BYTE_ORDER_MARK;
    if (capture_section_u32(s, c) != CAPTURE_SECTION_BYTE_ORDER_MARK)
        return capture_reader_damage(reader, "A section without a valid byte order mark begins");
    unsigned major = capture_section_u16(s, c);
    unsigned minor = capture_section_u16(s, c);
    cursor_skip(c, 8); /* the section's length: the blocks say it better */
    if (cursor_ok(c) && !version_is_ours(major, minor))
        return capture_reader_damage(reader, "A section of the unknown version %u.%u begins", major, minor);
    return CAPTURE_WALK_ALL;
}

enum capture_walk capture_section_on_header(struct capture_reader *reader, struct cursor *c,
                                            struct capture_block *block)
{
    (void)block;
    struct capture_section *s = reader->section;
    if (capture_section_start(reader, c) == CAPTURE_WALK_DAMAGED)
        return CAPTURE_WALK_DAMAGED;
    s->interface_base += s->interface_count;
    s->interface_count = 0;
    struct capture_section_option option;
    while (capture_section_option(s, c, &option))
        if (option.code == CAPTURE_SECTION_COMMENT)
            add_comment(reader, 0, &option);
    return CAPTURE_WALK_ALL;
}

static void keep_filter(struct capture_reader *reader, struct cursor value)
{
    enum { FILTER_IS_TEXT = 0 };
    if (reader->filter || cursor_u8(&value) != FILTER_IS_TEXT || !cursor_ok(&value))
        return;
    reader->filter = capture_name_clean(value.at, cursor_left(&value), CAPTURE_COMMENT_BYTES_MAX);
    reader->info.filter = reader->filter;
}

static int64_t offset_ns(uint64_t seconds_field)
{
    int64_t seconds = (int64_t)seconds_field;
    if (seconds > INT64_MAX / NSEC_PER_SEC)
        return INT64_MAX;
    return seconds < INT64_MIN / NSEC_PER_SEC ? INT64_MIN : seconds * NSEC_PER_SEC;
}

static void interface_option(struct capture_reader *reader, struct capture_interface *interface,
                             struct capture_section_option *option)
{
    size_t length = cursor_left(&option->value);
    if (option->code == CAPTURE_SECTION_COMMENT)
        add_comment(reader, 0, option);
    else if (option->code == OPTION_INTERFACE_RESOLUTION && length == 1)
        interface->resolution = cursor_u8(&option->value);
    else if (option->code == OPTION_INTERFACE_FILTER)
        keep_filter(reader, option->value);
    else if (option->code == OPTION_INTERFACE_OFFSET && length == 8)
        interface->offset_ns = offset_ns(capture_section_u64(reader->section, &option->value));
}

enum capture_walk capture_section_on_interface(struct capture_reader *reader, struct cursor *c,
                                               struct capture_block *block)
{
    (void)block;
    struct capture_section *s = reader->section;
    struct capture_interface interface = { .resolution = CAPTURE_INTERFACE_RESOLUTION_DEFAULT };
    interface.link_type = capture_link_from_file(capture_section_u16(s, c));
    cursor_skip(c, 2);
    interface.snap_length = capture_section_u32(s, c);
    if (!cursor_ok(c))
        return capture_reader_damage(reader, "An interface description too short to be one begins");
    struct capture_section_option option;
    while (capture_section_option(s, c, &option))
        interface_option(reader, &interface, &option);
    capture_reader_add_snap_length(reader, interface.snap_length);
    if (s->interface_count < CAPTURE_INTERFACES_MAX)
        s->interfaces[s->interface_count] = interface;
    s->interface_count++;
    return CAPTURE_WALK_ALL;
}

/* True when the option was a counter, which then stands in `interface`. */
static bool statistics_option(const struct capture_section *s, struct capture_section_option *option,
                              struct capture_interface *interface)
{
    bool of_interface = option->code == OPTION_STATISTICS_INTERFACE_DROPS;
    if (!of_interface && option->code != OPTION_STATISTICS_OS_DROPS)
        return false;
    uint64_t count = capture_section_u64(s, &option->value);
    if (!cursor_ok(&option->value) || count == no_count)
        return false;
    *(of_interface ? &interface->counted_drops : &interface->os_drops) = count;
    return true;
}

enum capture_walk capture_section_on_statistics(struct capture_reader *reader, struct cursor *c,
                                                struct capture_block *block)
{
    (void)block;
    struct capture_section *s = reader->section;
    struct capture_interface *interface = capture_section_interface(s, capture_section_u32(s, c));
    cursor_skip(c, 8); /* when it was counted */
    if (!cursor_ok(c) || !interface)
        return CAPTURE_WALK_ALL;
    struct capture_interface changed = *interface;
    bool counted = false;
    struct capture_section_option option;
    while (capture_section_option(s, c, &option))
        counted |= statistics_option(s, &option, &changed);
    if (counted)
        set_drops(reader, interface, &changed);
    return CAPTURE_WALK_ALL;
}
