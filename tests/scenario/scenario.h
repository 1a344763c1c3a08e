/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ipaddr.h"
#include "base/status.h"
#include "craft/pcap.h"

/* One .scn file: several captures told in a few lines each, and what their reports must say. README.md beside this
 * file is the language. Everything of a file lives in one arena. */

enum {
    SCENARIO_HOSTS_MAX = 64,
    SCENARIO_FLOWS_MAX = 128,
    SCENARIO_EXPECTATIONS_MAX = 64,
    SCENARIO_VALUES_MAX = 16, /* clients, frames, measured values of one expectation */
    SCENARIO_ANALYZE_MAX = 16,
};

struct place {
    const char *file;
    unsigned line;
};

struct host {
    const char *name;
    struct ipaddr address;
    unsigned count; /* so many hosts, their addresses one after the other */
    uint8_t ttl;
    bool id_zero;   /* IP-ID 0 on everything it sends */
};

struct flow {
    const char *name;
    unsigned client, server; /* hosts */
    uint16_t client_port, server_port;
    uint8_t protocol;
    unsigned count; /* members: one for each host, or client ports one after the other */
    uint16_t mss;
    bool timestamps;
    int64_t rtt_ns;
    int continues; /* a flow whose QUIC connection this one carries on, or NOT_GIVEN */
};

enum action {
    ACTION_SYN, ACTION_SYN_ACK, ACTION_ACK, ACTION_DATA, ACTION_KEEPALIVE, ACTION_FIN, ACTION_RST, ACTION_RST_ACK,
    ACTION_HELLO, ACTION_SERVER_HELLO, ACTION_CLOSE_NOTIFY, ACTION_FLIGHT, ACTION_FINISHED, ACTION_ALERT, ACTION_SAY,
    ACTION_INITIAL, ACTION_QUIC_HANDSHAKE, ACTION_SHORT, ACTION_DATAGRAM, ACTION_QUERY, ACTION_ANSWER,
    ACTION_ICMP, ACTION_BACKGROUND, ACTION_CLOCK,
    /* helpers: expand.c turns them into the ones above */
    ACTION_HELPERS,
    HELPER_HANDSHAKE = ACTION_HELPERS, HELPER_TLS, HELPER_TLS_1_2, HELPER_STREAM, HELPER_CLOSE, HELPER_QUIC_HANDSHAKE,
    HELPER_QUIC_STREAM, HELPER_LOOKUP,
};

enum { NOT_GIVEN = -1 };

/* One packet to be sent (or a line that expands into some). */
struct step {
    struct place place;
    int64_t at_ns;
    size_t order;        /* among steps of one time */
    enum action action;
    unsigned flow, member;
    bool down;           /* from the server to the client */
    bool again;          /* the same once more */
    bool unseen;         /* arrives, but the tap does not see it */
    bool lost;           /* the tap sees it, but it does not arrive */
    uint32_t bytes;      /* payload */
    int ttl, ip_id, window, mtu;
    int64_t sequence_shift;
    const char *label;   /* NULL: none */
    const char *name;    /* SNI or DNS name */
    const char *issuer;  /* organisation that issued the certificate; NULL: none is shown */
    unsigned piece, pieces; /* TCP: this part of the message, from 1; 0: all of it */
    struct ipaddr address;  /* DNS answer */
    bool has_address;
    bool ipv6_record;    /* DNS: of the AAAA record, also where there is no address to tell */
    int rcode;           /* of a DNS answer; NOT_GIVEN: NXDOMAIN without an address, else none */
    int icmp_type, icmp_code, quote_bytes, quote_ttl;
    int router;          /* host */
    int64_t quote_shift; /* added to the quoted sequence number */
    int64_t clock_shift_ns;
};

/* A line of the story, with what only expansion needs. */
struct event {
    struct step step;
    int64_t for_ns, every_ns, each_ns;
    unsigned times;
    bool by_server;
};

struct wanted_value {
    const char *path, *text; /* "checks[udp,4195].answered", "0" */
    double number, tolerance;
    bool is_number;
};

enum wanted_thing {
    WANT_FINDING, WANT_LIMIT, WANT_UNANSWERED, WANT_VERDICT, WANT_PRIMARY, WANT_ABSENT, WANT_ALLOWED,
    WANT_ALLOWED_LIMIT, WANT_PACKETS, WANT_STEP, WANT_SESSIONS, WANT_VERDICT_TEXT,
};

struct wanted {
    struct place place;
    enum wanted_thing thing;
    const char *kind;                       /* or the verdict, its words, the name of a packet counter, a step */
    const char *outcome;                    /* of a step */
    const char *consequence_of;             /* kind of the finding that explains this one; "nothing": none does */
    const char *severity, *confidence, *proto, *role, *region, *who, *because; /* NULL: any */
    int port;
    int64_t count, client_count, server_count;
    const char *clients[SCENARIO_VALUES_MAX], *servers[SCENARIO_VALUES_MAX], *frames[SCENARIO_VALUES_MAX];
    const char *says[SCENARIO_VALUES_MAX], *cause[SCENARIO_VALUES_MAX];
    struct wanted_value values[SCENARIO_VALUES_MAX];
    unsigned clients_listed, servers_listed, frame_count, says_count, cause_count, value_count;
};

enum seen_side { SEES_BOTH, SEES_CLIENT, SEES_SERVER };

struct capture_setup {
    struct craft_pcap_options file;
    struct craft_link link;
    enum seen_side sees;
    int64_t copy_after_ns; /* 0: no copies */
    bool copy_routed;      /* the copy has another TTL and other MAC addresses */
    unsigned cut_bytes;    /* missing at the end of the file */
};

struct analyze_option {
    const char *name, *value;
};

struct scenario {
    struct place place;
    const char *name;
    const char *pending; /* why it cannot hold yet; NULL: it must hold */
    struct host hosts[SCENARIO_HOSTS_MAX];
    struct flow flows[SCENARIO_FLOWS_MAX];
    struct event *events;
    struct wanted wanted[SCENARIO_EXPECTATIONS_MAX];
    struct analyze_option analyze[SCENARIO_ANALYZE_MAX];
    unsigned host_count, flow_count, event_count, event_capacity, wanted_count, analyze_count;
    struct capture_setup capture;
    struct scenario *next;
};

/* A frame of the capture, in file order; its number is its index + 1. */
struct frame {
    int64_t at_ns;         /* on the wire */
    int64_t written_ns;    /* as the tap's clock has it */
    struct craft_bytes bytes;
    const char *label;     /* NULL: none */
    bool down;
    bool always;           /* also where the tap sees one side only */
};

struct frames {
    struct frame *rows;
    size_t count, capacity;
};

struct steps {
    struct step *rows;
    size_t count, capacity;
};

/* All the scenarios of a file, in order; NULL with `error` saying file:line and what. */
struct scenario *parse_file(struct arena *arena, const char *path, struct error *error) MUST_USE;

/* "wrong word" at a place. Returns STATUS_BAD_INPUT. */
enum status place_error(const struct place *place, struct error *error, const char *format, ...) PRINTF_LIKE(3, 4);

/* The story as packets to send, in order of time. */
enum status expand_scenario(struct arena *arena, const struct scenario *scenario, struct steps *out,
                            struct error *error) MUST_USE;

/* The packets as frames. */
enum status play_steps(struct arena *arena, const struct scenario *scenario, const struct steps *steps,
                       struct frames *out, struct error *error) MUST_USE;

/* What the tap makes of the frames: sides not seen, copies, clock. Then the file; free with craft_pcap_free(). */
enum status tap_frames(struct arena *arena, const struct scenario *scenario, struct frames *frames,
                       struct error *error) MUST_USE;
struct craft_pcap *tap_write(const struct scenario *scenario, const struct frames *frames,
                             struct error *error) MUST_USE;

/* Growing arrays in an arena: the old rows stay behind until the arena goes. NULL: no memory. */
void *rows_grow(struct arena *arena, void *rows, size_t count, size_t *capacity, size_t row_bytes) MUST_USE;

#endif
