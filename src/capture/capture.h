/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_CAPTURE_H
#define CAPTURE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* Captures as blocks of packet records, from plain files, stdin, containers or memory.
 *
 *   capture_source   one thing a user named; yields one or several captures (an archive has entries)
 *   capture_reader   one capture: pcap or pcapng bytes -> packet records
 *   capture_block    a fixed buffer of file bytes with the records found in it
 */

enum {
    CAPTURE_BLOCK_BYTES = 256 * 1024,        /* read at a time */
    CAPTURE_PACKET_BYTES_MAX = 256 * 1024,   /* a record that claims more is damage (BIG TCP fits) */
    CAPTURE_BLOCK_PACKETS =  8 * 1024,       /* records a block can hold; the rest waits for the next block */
    CAPTURE_INTERFACES_MAX = 4096,           /* of a pcapng section; more are counted, their packets unsupported */
    CAPTURE_LINK_TYPES_MAX = 64,
    CAPTURE_NO_LINK_TYPE = 0xffff,           /* the packet names an interface that does not exist */
};

enum capture_direction { CAPTURE_DIRECTION_UNKNOWN, CAPTURE_DIRECTION_INBOUND, CAPTURE_DIRECTION_OUTBOUND };

enum capture_packet_flags {
    CAPTURE_CHECKSUM_NOT_READY = 1, /* EPB flags bit 9: offloaded, to be ignored */
    CAPTURE_CHECKSUM_VALID = 2,     /* bit 10 */
    CAPTURE_SEGMENTED_LATER = 4,    /* bit 11: TSO */
    CAPTURE_NO_TIME = 8,            /* a Simple Packet Block has no time stamp; time_ns repeats the last one */
};

/* One record. `bytes` is borrowed from the block. */
struct capture_packet {
    const uint8_t *bytes;
    uint32_t captured_bytes;
    uint32_t wire_bytes;  /* never below captured_bytes */
    int64_t time_ns;
    uint64_t frame;       /* 1-based, over the whole capture */
    uint16_t link_type;   /* LINKTYPE_ value of the pcap registry, or CAPTURE_NO_LINK_TYPE */
    uint8_t direction;    /* enum capture_direction */
    uint8_t flags;        /* enum capture_packet_flags */
    uint32_t interface;   /* running number over all sections; 0 for pcap */
};

struct capture_block;
struct capture_block *capture_block_new(void) MUST_USE;
void capture_block_free(struct capture_block *block);
const struct capture_packet *capture_block_packets(const struct capture_block *block, size_t *count);

/* What the file itself says, known when capture_next_block() has returned STATUS_END (counters: so far). */
struct capture_comment {
    uint64_t frame;   /* 0: of the section or interface */
    const char *text; /* not yet escaped, may be invalid UTF-8 cleaned with U+FFFD */
};

struct capture_info {
    const char *name;        /* as the user wrote it; "a.zip: inner.pcap" for an entry of an archive */
    const char *format;      /* "pcap" or "pcapng"; NULL until the first block */
    const char *compression; /* NULL, "gzip", "zip", "zip+gzip", ... */
    uint64_t size_bytes;     /* of the file named; UINT64_MAX when unknown (stdin) */
    uint64_t bytes_read;     /* decompressed bytes consumed as records */
    uint64_t packets;
    uint64_t captured_bytes;
    uint64_t interface_drops, os_drops; /* ISB if_ifdrop, isb_osdrop and epb_dropcount, summed over interfaces */
    bool has_drop_counts;
    uint64_t bad_interface_packets;     /* named an interface that is not there */
    uint16_t link_types[CAPTURE_LINK_TYPES_MAX]; /* in order of first appearance among packets */
    size_t link_type_count;
    uint32_t snap_length_min;           /* smallest non-zero one declared; 0 when none */
    const char *filter;      /* if_filter as text, when a BPF string was stored; NULL otherwise */
    const char *damaged;     /* NULL, or one sentence: at which byte and packet, what was left unread */
    const struct capture_comment *comments; /* the first 64 */
    size_t comment_count;
    uint64_t comments_seen; /* in the file; those past the first 64 are only counted */
};

struct capture_reader;

/* Fills `block` with the next records, reading and walking as much as fits. STATUS_END: no more (block is empty);
 * damage in the middle is not an error: the records before it are given and info.damaged says where it was.
 * Other statuses: nothing of this capture could be read; `error` says why in one sentence. */
enum status capture_next_block(struct capture_reader *reader, struct capture_block *block,
                               struct error *error) MUST_USE;
const struct capture_info *capture_reader_info(const struct capture_reader *reader);
void capture_reader_free(struct capture_reader *reader);

struct capture_source;

/* Opens `path` ("-" is stdin). The file is not read yet. */
enum status capture_source_open(const char *path, struct capture_source **out, struct error *error) MUST_USE;

/* A capture that lies in memory, borrowed: tests and fuzzers. */
enum status capture_source_memory(const char *name, const uint8_t *bytes, size_t length,
                                  struct capture_source **out, struct error *error) MUST_USE;

/* The next capture of the source. STATUS_END: there is none any more. STATUS_BAD_INPUT: the source (or this entry)
 * holds nothing we read; one sentence names what it is and the command that converts it; asking again goes on with
 * the next entry. A reader must be freed before the next is asked for. */
enum status capture_source_next(struct capture_source *source, struct capture_reader **out,
                                struct error *error) MUST_USE;

/* Entries of an archive that were passed over because they are no captures, with the reason; lives as the source. */
const char *const *capture_source_passed_over(const struct capture_source *source, size_t *count);
void capture_source_free(struct capture_source *source);

/* The name of a link type as libpcap knows it ("EN10MB"), else "LINKTYPE_147". Returns `text` or a static string. */
enum { CAPTURE_LINK_NAME_SIZE = 32 };
const char *capture_link_name(uint16_t link_type, char text[CAPTURE_LINK_NAME_SIZE]);

/* --filter: a BPF expression compiled with libpcap for every link type we read, on the frame as recorded. */
struct capture_filter;
enum status capture_filter_new(const char *expression, struct capture_filter **out, struct error *error) MUST_USE;
void capture_filter_free(struct capture_filter *filter);

enum capture_filter_answer { CAPTURE_FILTER_PASS, CAPTURE_FILTER_DROP, CAPTURE_FILTER_NOT_FOR_THIS_LINK };
enum capture_filter_answer capture_filter_match(const struct capture_filter *filter,
                                                const struct capture_packet *packet);

/* True when the expression has the word "vlan" in it. */
bool capture_filter_mentions_vlan(const struct capture_filter *filter);

#endif
