/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WSPSCOPE_REPORT_H
#define WSPSCOPE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One capture explained: an immutable snapshot, field for field the JSON document "wspscope.report/1"
 * (src/report/report.schema.json). Every pointer belongs to the report and lives as long as it. Strings are valid
 * UTF-8, never NULL unless a comment says so; text that came out of the capture is not yet escaped for a terminal.
 * Times are nanoseconds since 1970-01-01T00:00:00Z. */

/* A time or a number that is not known. */
#define WSPSCOPE_UNKNOWN_TIME INT64_MIN
#define WSPSCOPE_UNKNOWN_COUNT UINT64_MAX

enum wspscope_severity { WSPSCOPE_PROBLEM, WSPSCOPE_WARNING, WSPSCOPE_NOTICE, WSPSCOPE_SEVERITIES };
enum wspscope_confidence { WSPSCOPE_HIGH, WSPSCOPE_MEDIUM, WSPSCOPE_LOW, WSPSCOPE_CONFIDENCES };
enum wspscope_verdict_status {
    WSPSCOPE_OK,
    WSPSCOPE_DEGRADED,
    WSPSCOPE_FAILING,
    WSPSCOPE_NO_TRAFFIC,
    WSPSCOPE_CANNOT_TELL,
    WSPSCOPE_VERDICTS
};
enum wspscope_who {
    WSPSCOPE_WHO_CLIENT,
    WSPSCOPE_WHO_LOCAL_NETWORK,
    WSPSCOPE_WHO_INTERNET,
    WSPSCOPE_WHO_AWS,
    WSPSCOPE_WHO_UNKNOWN,
    WSPSCOPE_WHOS
};

/* The words of the JSON document for the enums above: "problem", "high", "no-workspaces-traffic", "local-network". */
const char *wspscope_severity_name(enum wspscope_severity severity);
const char *wspscope_confidence_name(enum wspscope_confidence confidence);
const char *wspscope_verdict_name(enum wspscope_verdict_status status);
const char *wspscope_who_name(enum wspscope_who who);

/* A small tree of named values: what a finding or a limit measured. */
enum wspscope_value_type {
    WSPSCOPE_VALUE_NULL,
    WSPSCOPE_VALUE_BOOL,
    WSPSCOPE_VALUE_INTEGER,
    WSPSCOPE_VALUE_NUMBER, /* three decimals are meant */
    WSPSCOPE_VALUE_STRING,
    WSPSCOPE_VALUE_LIST,   /* children have no names */
    WSPSCOPE_VALUE_OBJECT,
};

struct wspscope_value {
    const char *name; /* NULL inside a list */
    enum wspscope_value_type type;
    union {
        bool boolean;
        int64_t integer;
        double number;
        const char *string;
    };
    const struct wspscope_value *children; /* of a list or an object, in order */
    size_t child_count;
};

/* A threshold that a finding was judged by, with where it comes from. */
struct wspscope_limit_value {
    const char *name;
    double value;
    const char *unit;
    const char *source;
};

struct wspscope_tool {
    const char *name, *version;
    const char *endpoints_date;
    const char *const *endpoints_sources;
    size_t endpoints_source_count;
};

struct wspscope_input {
    const char *path;        /* as given; "archive.zip: entry" for a capture inside an archive; "-" for stdin */
    uint64_t size_bytes;     /* WSPSCOPE_UNKNOWN_COUNT for stdin and live */
    const char *sha256;      /* NULL unless asked for */
    const char *format;      /* "pcap", "pcapng" */
    const char *compression; /* NULL when there is none; "gzip", "zip", "zip+gzip" */
    const char *const *link_types;
    size_t link_type_count;
    uint64_t packets, bytes; /* bytes: captured lengths summed */
    int64_t first_ns, last_ns;
    const char *damaged; /* NULL, or one sentence that says at which byte and packet and what was left unread */
};

struct wspscope_verdict {
    enum wspscope_verdict_status status;
    const char *summary;
    const char *primary; /* "F1", or NULL when there is no finding */
};

struct wspscope_packet_counts {
    uint64_t read, decoded, truncated, malformed, unsupported, duplicate;
    uint64_t followed, background, filtered; /* of decoded */
};

struct wspscope_unsupported {
    const char *what;
    uint64_t packets;
};

struct wspscope_ledger_limit {
    const char *kind; /* a capture-* kind or budget-exhausted */
    const char *summary;
    struct wspscope_value measured; /* an object */
};

struct wspscope_unanswered {
    const char *kind;    /* the finding that could not be judged */
    const char *because; /* the limit that forbids it */
};

struct wspscope_ledger {
    struct wspscope_packet_counts packets;
    const struct wspscope_unsupported *unsupported;
    size_t unsupported_count;
    const struct wspscope_ledger_limit *limits;
    size_t limit_count;
    const struct wspscope_unanswered *unanswered;
    size_t unanswered_count;
    /* Sentences that are no limits: what was checked to say so, what is provably absent. Text report only. */
    const char *const *notes;
    size_t note_count;
};

struct wspscope_step {
    const char *step;    /* dns, login, health-check, udp, tcp, fallback, stream, end */
    const char *outcome; /* ok, failed, skipped, unknown */
    int64_t at_ns;       /* WSPSCOPE_UNKNOWN_TIME when it has no time */
    const char *text;
};

struct wspscope_round_trip {
    double min_ms, p50_ms, p95_ms, client_p50_ms, server_p50_ms; /* negative when unknown: null in JSON */
    uint64_t samples;
    const char *method; /* handshake, timestamps, sequence, quic, spin; NULL when there is no sample */
};

struct wspscope_session {
    const char *client;
    const char *region;    /* NULL when unknown */
    const char *protocol;  /* dcv, pcoip; NULL when the client never got as far as streaming */
    const char *transport; /* udp, tcp, none: what carried the sustained bytes */
    const char *gateway;   /* address; NULL when there was none */
    uint16_t port;
    int64_t first_ns, last_ns;
    const struct wspscope_step *steps;
    size_t step_count;
    struct wspscope_round_trip round_trip;
    uint64_t bytes_to_client, bytes_to_server;
    double loss_ratio; /* negative when not measured */
};

struct wspscope_alternative {
    const char *alternative;
    const char *by; /* the observation that rules it out */
};

struct wspscope_evidence {
    uint64_t frame; /* 1-based, as Wireshark counts */
    const char *text;
};

struct wspscope_finding {
    const char *id;   /* "F1" */
    const char *kind; /* FINDINGS: a stable identifier */
    enum wspscope_severity severity;
    enum wspscope_confidence confidence;
    const char *consequence_of; /* id of the finding that explains this one; NULL: none does */
    const char *role;   /* NULL when several */
    const char *region; /* NULL when unknown or several */
    const char *proto;  /* "udp", "tcp" or NULL */
    uint16_t port;      /* the server's; 0 (null) for kinds about several */
    const char *const *clients; /* sorted by address, at most 100 */
    size_t client_listed, client_count;
    const char *const *servers;
    size_t server_listed, server_count;
    uint64_t count; /* attempts or flows, never packets */
    int64_t first_ns, last_ns;
    const char *summary, *cause, *remedy;
    enum wspscope_who who;
    const struct wspscope_alternative *ruled_out;
    size_t ruled_out_count;
    const char *disproved_by;
    struct wspscope_value measured; /* an object */
    const struct wspscope_limit_value *limits;
    size_t limit_count;
    const struct wspscope_evidence *evidence; /* at most 16 */
    size_t evidence_count;
};

/* One row of --flows. */
struct wspscope_flow {
    const char *proto;
    const char *client, *server;
    uint16_t client_port, port;
    const char *role, *region, *name, *name_source, *app; /* NULL when unknown */
    uint64_t packets_to_server, packets_to_client, bytes_to_server, bytes_to_client;
    int64_t first_ns, last_ns;
    const char *state; /* Zeek's conn_state */
    const char *history;
    const char *community_id;
    /* TCP: segments that begin behind the highest byte sent: tshark's retransmission and out_of_order together */
    uint64_t retransmissions_to_server, retransmissions_to_client;
};

struct wspscope_report {
    struct wspscope_tool tool;
    struct wspscope_input input;
    struct wspscope_verdict verdict;
    struct wspscope_ledger ledger;
    const struct wspscope_session *sessions;
    size_t session_count;
    const struct wspscope_finding *findings;
    size_t finding_count;
    const struct wspscope_flow *flows; /* NULL unless asked for */
    size_t flow_count;
};

#endif
