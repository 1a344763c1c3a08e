/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_DNS_H
#define DECODE_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/ipaddr.h"
#include "decode/decode.h"
#include "decode/name.h"

/* DNS messages (RFC 1035): the header, the first question, and of the answers what ties a name to addresses. Authority
 * and additional records (EDNS among them) are not read. */

enum decode_dns_type {
    DECODE_DNS_A = 1, DECODE_DNS_NS = 2, DECODE_DNS_CNAME = 5, DECODE_DNS_SOA = 6, DECODE_DNS_PTR = 12,
    DECODE_DNS_MX = 15, DECODE_DNS_TXT = 16, DECODE_DNS_AAAA = 28, DECODE_DNS_SRV = 33, DECODE_DNS_SVCB = 64,
    DECODE_DNS_HTTPS = 65, DECODE_DNS_ANY = 255,
};

enum decode_dns_rcode {
    DECODE_DNS_NOERROR, DECODE_DNS_FORMERR, DECODE_DNS_SERVFAIL, DECODE_DNS_NXDOMAIN, DECODE_DNS_NOTIMP,
    DECODE_DNS_REFUSED,
};

enum {
    DECODE_DNS_ADDRESSES_MAX = 16,
    DECODE_DNS_ALIASES_MAX = 16,  /* CNAMEs followed from the question's name */
    DECODE_DNS_RECORDS_MAX = 128, /* answers looked at; a message that claims more is read so far */
};

struct decode_dns_address {
    struct ipaddr address;
    uint32_t ttl_s; /* the smallest of the record's own and those of the CNAMEs that led to it */
};

struct decode_dns {
    uint16_t id;
    uint8_t opcode;             /* 0 is a query; of others only the header is read */
    uint8_t rcode;              /* enum decode_dns_rcode; 0..15 */
    bool response;              /* QR */
    bool truncated;             /* TC: the server left answers out, the client will ask again over TCP */
    bool has_question;
    uint16_t question_count;    /* this and the next as the header says */
    uint16_t answer_count;
    uint16_t records_read;      /* answers read whole */
    uint16_t question_type;     /* enum decode_dns_type, or another number; valid with has_question */
    uint16_t question_class;
    uint16_t address_count;     /* in addresses[] */
    uint16_t addresses_left_out; /* more of them than there is room for */
    uint16_t alias_count;       /* CNAMEs from `name` to `canonical`; 0: there is none */
    char name[DECODE_NAME_SIZE];      /* asked for; empty for the root and without a question */
    char canonical[DECODE_NAME_SIZE]; /* where the chain of CNAMEs ends, the same as `name` when there is none */
    struct decode_dns_address addresses[DECODE_DNS_ADDRESSES_MAX]; /* A and AAAA of `name` or `canonical` */
};

/* One resource record. `data` is borrowed. */
struct decode_dns_record {
    char owner[DECODE_NAME_SIZE];
    uint16_t type, class;
    uint32_t ttl_s;                /* 0 when the highest bit is set (RFC 2181, section 8) */
    struct ipaddr address;         /* of A and AAAA in class IN */
    char target[DECODE_NAME_SIZE]; /* of CNAME */
    struct cursor data;
};

/* Goes through the answers one by one, in constant space. */
struct decode_dns_answers {
    struct cursor message, at;
    uint16_t left;
};

/* Reads a message: the payload of a datagram, or what decode_dns_tcp() gave. DECODE_OK: all answers were read, or the
 * first DECODE_DNS_RECORDS_MAX. DECODE_TRUNCATED: the bytes end within the message (of a
 * datagram captured whole: it lies). DECODE_MALFORMED: a name that loops,
 * points forward or is too long, or an address of the wrong size. DECODE_UNSUPPORTED: not a query nor its answer.
 * *out is complete whatever the outcome: what was read before is there, the rest is zero. */
enum decode_outcome decode_dns(struct cursor message, struct decode_dns *out);

/* Takes one message off a stream (RFC 1035, section 4.2.2). DECODE_TRUNCATED: at least `missing_bytes` more are needed,
 * the stream has not moved, `message` is what there is of it. DECODE_MALFORMED: the length is too small for a header:
 * this is no DNS, or not where a message begins. */
enum decode_outcome decode_dns_tcp(struct cursor *stream, struct cursor *message, size_t *missing_bytes);

/* The answers of a message. Outcomes as of decode_dns(), which need not have been called. */
enum decode_outcome decode_dns_answers(struct cursor message, struct decode_dns_answers *out);

/* DECODE_OK: *out is the next answer. Otherwise *out is unspecified and no more answers can be read. Ask while `left`
 * is not 0. */
enum decode_outcome decode_dns_next(struct decode_dns_answers *answers, struct decode_dns_record *out);

/* "NXDOMAIN", "AAAA"; NULL for a number without a common name. */
const char *decode_dns_rcode_name(uint8_t rcode);
const char *decode_dns_type_name(uint16_t type);

#endif
