/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/status.h"
#include "endpoint/catalogue.h"
#include "model/incident.h"
#include "model/name.h"
#include "model/tls.h"

/* What the capture showed, without opinion: facts that outlive flows. Trackers write it, rules read it. Everything is
 * bounded at start; what did not fit is counted. Lists are in the order in which their members first appeared. */

enum model_protocol { MODEL_DCV, MODEL_PCOIP, MODEL_PROTOCOL_UNKNOWN, MODEL_PROTOCOLS };
enum model_transport { MODEL_UDP, MODEL_TCP, MODEL_TRANSPORTS };

struct model_client;
struct model_loss;
struct model_rate;
struct model_rtt;

/* Bounded list of the incidents of one kind on one path: the first 16 and the last 4, and how many there were. */
enum { MODEL_INCIDENTS_FIRST = 16, MODEL_INCIDENTS_LAST = 4 };
struct model_incidents {
    uint64_t count;
    struct model_incident *first[MODEL_INCIDENTS_FIRST];
    struct model_incident *last[MODEL_INCIDENTS_LAST]; /* a ring: incident n is at (n - 16) % 4 */
};

/* Datagrams of one path that came in fragments. Arrays by direction: 0 to the server, 1 to the client. */
enum { MODEL_FRAGMENT_FRAMES = 6 };
struct model_fragments {
    uint64_t datagrams[2], incomplete[2];
    int64_t first_ns, last_ns;
    uint32_t largest_bytes;            /* the largest fragment: IP length */
    uint64_t frames[MODEL_FRAGMENT_FRAMES];            /* first fragments of the first of them */
    uint64_t incomplete_frames[MODEL_FRAGMENT_FRAMES]; /* ... and of the first that never completed */
};

/* A client's dealings with one server port. */
struct model_path {
    struct model_path *next;           /* of all */
    struct model_path *client_next;    /* of the same client */
    struct model_client *client;
    const struct endpoint_row *row;    /* by address; NULL: by name, or by the service port alone */
    const struct endpoint_name_row *name_row; /* by name, where the address is in no table; else NULL */
    const struct endpoint_region *region;     /* NULL unknown */
    uint32_t name;                     /* of name_row: a number of model/name.h */
    struct ipaddr server;
    uint8_t protocol;                  /* 6 or 17 */
    uint16_t port;
    enum endpoint_role role;
    bool ipv6;
    uint64_t flows;                    /* attempts and flows begun, midstream ones included */
    uint64_t datagrams_to_server, datagrams_to_client; /* UDP */
    uint64_t syn_acks;                 /* TCP attempts that were answered by SYN-ACK */
    int64_t answered_ns;               /* the latest SYN-ACK or datagram of the server; INT64_MIN never */
    uint64_t counts[MODEL_FACTS];
    struct model_incidents *incidents[MODEL_FACTS]; /* NULL until the first */
    int64_t first_ns, last_ns;
    uint64_t bytes_to_client, bytes_to_server;      /* payload */
    int64_t least_rtt_ns;              /* server half by handshake; INT64_MAX unknown */
    struct model_rtt *rtt;             /* model/rtt.h; NULL: no sample */
    struct model_fragments *fragments; /* UDP; NULL: none */
    uint16_t least_mss;                /* TCP: announced by either side, as it passed here; 0 unknown */
    struct model_loss *loss;           /* model/loss.h; NULL: nothing counted */
    struct model_rate *rate[2];        /* model/rate.h, by direction; NULL: no loss that can be timed */
    bool tls_answered;                 /* TCP: the server's first words were TLS */
    bool start_seen;                   /* a SYN or a QUIC Initial of a flow on this path is in the capture */
    uint32_t open_connections;         /* TCP: accepted and not closed by either side */
    int64_t closed_ns;                 /* TCP: when the last of them closed; INT64_MIN never */
    struct model_tls *tls;             /* TCP: its handshakes; NULL until a ClientHello was seen */
    struct model_proxy *proxy;         /* it goes through a web proxy, whose address is `server` then; else NULL */
    int64_t moved_ns;                  /* UDP: a flow that goes on without a handshake was answered; INT64_MIN never */
};

/* Of a path through a web proxy: what the proxy said to CONNECT. The path is that to the name or address behind it, and
 * its port the one wanted there. */
struct model_proxy {
    uint16_t port;                     /* of the proxy */
    uint64_t asked, granted, refused;  /* flows; a 407 that a 2xx follows is no refusal */
    bool wants_login;                  /* it answered 407 at least once */
    int64_t granted_ns;                /* the latest; INT64_MIN never */
    uint16_t code;                     /* the latest refusal */
    bool has_waiting;                  /* a refusal that a 2xx may still make a step of a log-in: */
    struct model_incident waiting;
    char reason[64], scheme[24];       /* of the latest refusal, printable: "Forbidden"; "Negotiate" */
};

/* A flow that carried a stream: server payload at or above the stream threshold in two windows of two seconds. */
struct model_stream {
    struct model_stream *next;
    enum model_transport transport;
    enum endpoint_role role;
    int64_t first_ns;       /* the flow's first packet */
    int64_t sustained_ns;   /* begin of the first such window */
    int64_t last_ns;        /* the server's latest payload */
    uint64_t first_frame;
    struct ipaddr gateway;
    uint16_t port, client_port;
    uint64_t bytes_to_client, bytes_to_server; /* payload from the second window on */
};

/* How a flow that had begun to carry a stream came to its end. */
enum model_end {
    MODEL_END_OPEN,         /* it had not when the capture ended */
    MODEL_END_CLOSED,       /* FIN, TLS close_notify, or UDP of a session whose connections were closed */
    MODEL_END_CLIENT_RESET, /* the client's own RST: the user or the program ended it */
    MODEL_END_SILENT,       /* UDP: neither side sent anything more */
    MODEL_END_FAILED,       /* see `fact` */
    MODEL_END_UNKNOWN,      /* the capture does not show it */
    MODEL_ENDS
};

/* Server payload at or above the stream threshold in at least one window of two seconds: less than a stream, which
 * may not live that long, and more than a handshake. */
struct model_ending {
    struct model_ending *next;
    const struct model_path *path;
    int64_t begin_ns, end_ns; /* end: the last that was heard of it, or what ended it */
    uint64_t begin_frame, end_frame; /* 0: none */
    uint8_t how;              /* enum model_end */
    uint8_t fact;             /* enum model_fact of a failure */
    bool client_gone;         /* the client fell silent with all its flows */
};

/* One client, one Region, one streaming protocol, at one time. */
enum { MODEL_SESSIONS_OF_A_KIND = 64 }; /* of one client, Region and protocol; later ones go on in the last of them */
struct model_session {
    struct model_session *next;
    struct model_session *client_next;     /* of the client: the latest of each Region and protocol */
    struct model_session *earlier, *later; /* of the same client, Region and protocol */
    uint32_t number;                       /* among those, from 0 */
    uint32_t open_connections;             /* TCP: answered, and neither closed nor forgotten */
    struct model_client *client;
    const struct endpoint_region *region; /* NULL unknown */
    enum model_protocol protocol;
    int64_t first_ns, last_ns;
    struct {
        uint64_t tried, worked, failed;
        int64_t first_tried_ns, first_worked_ns, first_failed_ns;
        uint64_t first_failed_frame;
    } transports[MODEL_TRANSPORTS];
    int64_t worked_ns, failed_ns; /* begin of the latest flow that worked, end of the latest failure; INT64_MIN never */
    struct model_stream *streams, *last_stream; /* in the order in which they became one; the first 256 */
    uint32_t stream_count;    /* of all, may exceed what is kept */
    struct model_ending *endings, *last_ending; /* in the order in which they were decided; the first 256 */
    uint32_t ending_count;    /* of all, may exceed what is kept */
    struct ipaddr gateway;    /* of the first attempt, until a stream is seen */
    uint16_t port;
    uint64_t bytes_to_client, bytes_to_server;
};

/* Slots of time in which a client hears from its gateways: sixteen seconds back. */
enum { MODEL_HEARD_SLOTS = 64, MODEL_HEARD_SLOT_NS = 250000000 };

/* An address on the client's side. */
struct model_client {
    struct model_client *next;
    struct ipaddr address;
    struct model_path *paths, *last_path;
    struct model_session *sessions, *last_session;
    uint64_t answered_flows;  /* of all followed flows: those that got an answer */
    uint64_t started_regions; /* one bit a Region (model_region_bit): a TCP connection to it began in the capture */
    uint64_t ipv6_regions;    /* the same: its gateways answered over IPv6 */
    uint64_t silent_single_syns, silent_repeated_syns; /* unanswered attempts of one SYN, and of several */
    uint8_t syn_ttls[4];      /* distinct values seen in its SYNs */
    uint8_t syn_ttl_count;    /* more than one: several hosts behind one address */
    int64_t heard_slot;       /* number of the latest slot of time in which something arrived for it */
    uint64_t heard;           /* the slots in which something did, the latest in bit 0 */
    bool shared;              /* streams of several users at once, or SYNs of several TTLs: the outside of a NAT */
};

/* How packets of one address usually arrive, resets left out: the yardstick for a forged one. */
struct model_host {
    struct ipaddr address;
    uint8_t ttl;              /* by majority vote */
    uint32_t votes;
    int64_t first_vote_ns, last_vote_ns; /* INT64_MIN: none */
    int64_t least_rtt_ns;     /* tap to this address, by handshake; INT64_MAX unknown */
    bool resolves;            /* it answered a question for a WorkSpaces name: a resolver */
    bool answered;            /* a flow that it opened was answered, with a role or not */
    bool proxied;             /* one of them went to a proxy's port: the proxy resolves names for it */
    uint64_t checksums, bad_checksums; /* of its packets whose checksum could be computed */
};

enum { MODEL_CLOCK_STEPS = 16 };
struct model_clock_step {
    uint64_t frame;
    int64_t from_ns, to_ns;
};

/* The capture point itself. Flow counts are of all followed flows, with a role or not. */
struct model_tap {
    int64_t first_ns, last_ns;        /* of the packets read */
    int64_t now_ns;                   /* the last packet handed to the trackers */
    uint64_t flows_two_way, flows_client_only_proved, flows_server_only_proved;
    uint64_t role_flows_two_way, role_flows_one_way; /* of those, with a role */
    uint64_t role_flows, role_flows_with_start, role_flows_without_start;
    uint64_t role_icmp_unmatched;
    uint64_t followed_cut, followed_with_payload, truncated_headers;
    uint64_t clock_steps, clock_steps_back; /* of all steps, those back */
    uint64_t late_packets;            /* out of order by more than could be sorted */
    int64_t clock_step_largest_ns;
    struct model_clock_step steps[MODEL_CLOCK_STEPS];
    uint64_t supersegments, supersegment_first_frame;
    uint32_t supersegment_largest_bytes;
    uint64_t checksum_bad_senders;    /* senders most of whose checksums are wrong */
    uint64_t duplicates, duplicates_routed, followed_packets;
    uint64_t capture_drops;           /* that the file counts: packets the capture itself lost */
    uint64_t segments, unseen_holes;  /* TCP flows seen both ways: holes in what was seen that the peer acknowledged */
    uint64_t data_hidden_flows;       /* closed by FIN, payload by the numbers, none seen */
    uint64_t handshake_closed_flows;  /* closed by FIN with SYN seen */
    uint64_t packets_not_followed, paths_merged, clients_dropped, sessions_dropped, hosts_dropped,
        rtt_samples_dropped;
};

/* A CONNECT: who asked which proxy for what. */
struct model_proxy_route {
    struct ipaddr client, proxy, target; /* target: unspecified when a name was asked for */
    uint32_t name;                       /* the name asked for, or the address as text: of model/name.h */
    uint16_t proxy_port, port;
};

struct model;

struct model_budget {
    uint32_t paths, clients, sessions, hosts, rtt_parts;
};

struct model *model_new(const struct endpoint_catalogue *catalogue, const struct model_budget *budget,
                        const uint64_t hash_key[2]) MUST_USE;
void model_free(struct model *model);

struct model_tap *model_tap_of(struct model *model);
const struct model_tap *model_tap(const struct model *model);
struct model_names *model_names_of(struct model *model);
const struct model_names *model_names(const struct model *model);
const struct endpoint_catalogue *model_catalogue(const struct model *model);

/* Find or make. Past the budget: paths of a client that did not fit go into one path per server prefix and port with
 * the unspecified address as client; sessions return NULL. All of it is counted in the tap. */
struct model_client *model_client_of(struct model *model, const struct ipaddr *address);
struct model_path *model_path_of(struct model *model, const struct ipaddr *client, const struct ipaddr *server,
                                 uint16_t port, uint8_t protocol);

/* The same for what a client reaches through a web proxy on `proxy`:`proxy_port`: `name` is what it asked for there. */
struct model_path *model_path_of_proxy(struct model *model, const struct model_proxy_route *route);

/* The facts of a path's TLS handshakes, made when they are not there; NULL without memory. */
struct model_tls *model_path_tls(struct model *model, struct model_path *path);

/* A copy of a certificate that lives as long as the model; NULL without memory. */
struct model_certificate *model_keep_certificate(struct model *model, const struct model_certificate *certificate);

/* The path's server goes by this name: role and Region follow where the address itself has none. */
void model_path_name(struct model_path *path, const struct endpoint_name_row *name_row);
struct model_session *model_session_of(struct model *model, struct model_client *client,
                                       const struct endpoint_region *region, enum model_protocol protocol);

/* The latest one, NULL when there is none; and a new one after it. The same one again when there is no place for more:
 * that is counted. */
struct model_session *model_session_find(const struct model_client *client, const struct endpoint_region *region,
                                         enum model_protocol protocol);
struct model_session *model_session_begin_anew(struct model *model, struct model_session *session);

/* Of the sessions of one client, Region and protocol, this is the one in which a flow that began then belongs. */
bool model_session_holds(const struct model_session *session, int64_t begin_ns);

/* An attempt of a session of unknown Region turns out to go to this one, just after its handshake: returns the session
 * that has it from now on. That is the same one, named, when it has no other attempt and the client no session of that
 * Region; else the attempt moves over. NULL beyond the budget. */
struct model_session *model_session_name(struct model *model, struct model_session *session,
                                         const struct endpoint_region *region, enum model_transport transport);
struct model_host *model_host_of(struct model *model, const struct ipaddr *address);

/* A flow that this address opened was answered. Not remembered when the table is full: that is no loss to count. */
void model_host_note_answered(struct model *model, const struct ipaddr *address, bool by_proxy);

/* Any flow of the client, with a role or not, was answered. */
bool model_client_was_answered(const struct model *model, const struct model_client *client);

/* NULL when never seen. */
const struct model_client *model_client_find(const struct model *model, const struct ipaddr *address);
const struct model_host *model_host_find(const struct model *model, const struct ipaddr *address);

/* NULL when there is no such path. */
const struct model_path *model_path_find(const struct model *model, const struct ipaddr *client,
                                         const struct ipaddr *server, uint16_t port, uint8_t protocol);

uint64_t model_region_bit(const struct model *model, const struct endpoint_region *region);

/* IPv4 to a gateway of the Region was answered; and whether any attempt that began in between was. Times of the first
 * 4,096 are kept for each Region. */
void model_note_ipv4_worked(struct model *model, const struct endpoint_region *region, int64_t begin_ns);
bool model_ipv4_worked_between(const struct model *model, const struct endpoint_region *region, int64_t from_ns,
                               int64_t to_ns);

/* The streaming protocol of a role and port. */
enum model_protocol model_protocol_of(enum endpoint_role role, uint16_t port);

/* Something arrived for the client from a server with a role. */
void model_client_note_heard(struct model_client *client, int64_t time_ns);

/* A new stream of the session, zeroed; NULL beyond what is kept: it is counted all the same. */
struct model_stream *model_session_add_stream(struct model *model, struct model_session *session);

/* A new ending of the session, zeroed; NULL beyond what is kept: it is counted all the same. */
struct model_ending *model_session_add_ending(struct model *model, struct model_session *session);

/* The path's record of fragments, made when it is not there. NULL without memory. */
struct model_fragments *model_path_fragments(struct model *model, struct model_path *path);

/* Copies the incident into the path's list and counts it. */
void model_path_add(struct model *model, struct model_path *path, const struct model_incident *incident);

/* Visit a path's incidents of one kind in order: index 0 .. model_incident_kept() - 1. */
size_t model_incidents_kept(const struct model_path *path, enum model_fact fact);
const struct model_incident *model_incident_at(const struct model_path *path, enum model_fact fact, size_t index);

const struct model_path *model_paths(const struct model *model);
const struct model_session *model_sessions(const struct model *model);
const struct model_client *model_clients(const struct model *model);

#endif
