/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_INCIDENT_H
#define MODEL_INCIDENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"

/* What became of one attempt or flow: decided once, when nothing later in the capture can change it, or at the end. */
enum model_fact {
    MODEL_TCP_ACCEPTED,        /* SYN, SYN-ACK and the client's ACK */
    MODEL_TCP_SYN_SILENT,      /* no answer at all, and the client never went on */
    MODEL_TCP_SYN_RESET,       /* RST before any SYN-ACK */
    MODEL_TCP_SYN_ICMP,        /* an ICMP error quotes the SYN, no SYN-ACK ever */
    MODEL_TCP_RETURN_LOST,     /* SYN-ACKs pass the tap and the client does not hear them */
    MODEL_TCP_RESET,           /* an RST that is not the client's ends an established connection */
    MODEL_TCP_RESET_IGNORED,   /* a forged RST that the connection outlived */
    MODEL_TCP_BLACKHOLED,      /* worked, then one side's data is repeated and the other says nothing any more */
    MODEL_PMTU_BLACKHOLE,      /* large packets are lost, smaller ones pass */
    MODEL_PMTU_REDUCED,        /* a router said "too big", and the sender adapted */
    MODEL_ZERO_WINDOW,         /* a receiver kept its window shut */
    MODEL_STREAM_STALL,        /* a stream stood still, and went on */
    MODEL_TLS_FAILED,          /* a ClientHello, and the handshake broke off: see `tls` */
    MODEL_TLS_STRANGE,         /* a certificate for a WorkSpaces name that Amazon's issuers did not sign */
    MODEL_PROXY_REFUSED,       /* a proxy answered CONNECT by other than 2xx, and did not let the client through soon */
    MODEL_UDP_ANSWERED,
    MODEL_UDP_SILENT,          /* enough client datagrams, none answered */
    MODEL_UDP_ICMP,            /* an ICMP error quotes a datagram, nothing came back after it */
    MODEL_UDP_RETURN_LOST,     /* answered at first, then only the client's side goes on */
    MODEL_UDP_HANDSHAKE_LOST,  /* answers pass the tap, the client repeats its Initial all the same */
    MODEL_QUIC_CLOSED,         /* a side gives the QUIC handshake up by CONNECTION_CLOSE, with an error */
    MODEL_ICMP_OTHER,          /* an error that quotes a flow which goes on, or a routing loop */
    MODEL_SPEAKS_OTHER,        /* what it carries is neither DCV nor PCoIP: see `speaks` */
    MODEL_UNDECIDED,           /* too little seen to judge: see `why` */
    MODEL_FACTS
};

/* Why an attempt is MODEL_UNDECIDED. */
enum model_undecided {
    MODEL_UNDECIDED_NONE,
    MODEL_UNDECIDED_WINDOW,    /* the capture ends too soon after it */
    MODEL_UNDECIDED_START,     /* it began before the capture */
    MODEL_UNDECIDED_ONE_WAY,   /* proved one-way: the other side acted, unseen */
    MODEL_UNDECIDED_CLOCK,     /* the clock stepped while it lasted */
    MODEL_UNDECIDED_FEW,       /* too few datagrams to call it blocked */
    MODEL_UNDECIDED_CUT,       /* the snap length cut what would tell an orderly end */
    MODEL_UNDECIDED_TOO_BIG,   /* a router said that the packets are too big for the path */
    MODEL_UNDECIDED_LOOP,      /* a router said that the packets ran out of hops */
    MODEL_UNDECIDED_REASONS
};

/* What tells a reset of the address that it names from a forged one (FINDINGS, "Forgery score"). */
enum model_sign {
    MODEL_SIGN_AS_USUAL = 1 << 0,      /* the TTL of the address's other packets: it speaks for the reset */
    MODEL_SIGN_NEARER = 1 << 1,        /* fewer hops away than the address's other packets */
    MODEL_SIGN_COPIED_ID = 1 << 2,     /* the IP-ID of the packet that it answers */
    MODEL_SIGN_OTHER_COUNTER = 1 << 3, /* an IP-ID far off those that its address counts up */
    MODEL_SIGN_IMPOSSIBLE = 1 << 4,    /* flags, window, time stamp or options that no stack sends so */
    MODEL_SIGN_CONTRADICTED = 1 << 5,  /* the address went on as if it had sent none */
    MODEL_SIGN_GUESSED = 1 << 6,       /* several, with sequence numbers beyond anything sent */
    MODEL_SIGN_EARLY = 1 << 7,         /* it answers what cannot have arrived there yet */
};

/* Why a stream stood still. */
enum model_stall {
    MODEL_STALL_RECEIVER,  /* the client's window was shut */
    MODEL_STALL_TIMEOUT,   /* data was sent again and again */
    MODEL_STALL_IDLE,      /* nothing outstanding, other flows were answered */
    MODEL_STALL_DEAD,      /* nothing arrived for the client on any flow */
    MODEL_STALLS
};

/* How a TLS handshake ended that was not complete. */
enum model_tls_end {
    MODEL_TLS_ALERT,           /* a fatal alert in the clear */
    MODEL_TLS_SECRET_ALERT,    /* the client answered the server's flight by an encrypted alert and closed */
    MODEL_TLS_RST,
    MODEL_TLS_FIN,
    MODEL_TLS_HELLO_LOST,      /* the ClientHello was repeated and never acknowledged */
    MODEL_TLS_SILENT,          /* the ClientHello arrived, and nothing came back */
    MODEL_TLS_ENDS
};

/* How far a handshake came. */
enum model_tls_stage { MODEL_TLS_AFTER_CLIENT_HELLO, MODEL_TLS_AFTER_SERVER_HELLO, MODEL_TLS_STAGES };

/* Who sent a reset or an ICMP error. */
enum model_by {
    MODEL_BY_UNDETERMINED,
    MODEL_BY_ENDPOINT,    /* the server itself */
    MODEL_BY_MIDDLEBOX,   /* something in between, in the server's name */
    MODEL_BY_ROUTER,      /* an address of its own (ICMP) */
};

/* What a frame shows; the words are the rules'. `number` is the running number of a repetition, an ICMP code, ... */
enum model_shows {
    MODEL_SHOWS_NOTHING,
    MODEL_SHOWS_SYN,            /* number: 1 the first, 2.. repeats */
    MODEL_SHOWS_SYN_ACK,
    MODEL_SHOWS_RST,            /* number: TTL */
    MODEL_SHOWS_AFTER_RST,      /* packet of the side that the RST names, sent after it */
    MODEL_SHOWS_ICMP,           /* number: type << 8 | code */
    MODEL_SHOWS_TOO_BIG,        /* ICMP "too big" */
    MODEL_SHOWS_SMALLER,        /* the same data in smaller pieces; number: IP length */
    MODEL_SHOWS_TAIL,           /* the smaller segment behind missing ones; number: IP length */
    MODEL_SHOWS_STILL_MISSING,  /* the receiver asks for what is missing, the last time */
    MODEL_SHOWS_SHUT,           /* window 0 */
    MODEL_SHOWS_STILL_SHUT,
    MODEL_SHOWS_BEFORE_STALL,   /* last new bytes of the server before a stall */
    MODEL_SHOWS_STALL_REPEAT,   /* data sent again in it, the first time */
    MODEL_SHOWS_AFTER_STALL,    /* first new bytes after it */
    MODEL_SHOWS_FRAGMENT,       /* first fragment of a datagram */
    MODEL_SHOWS_INCOMPLETE,     /* ... that never completed */
    MODEL_SHOWS_DATAGRAM,       /* client's, number: running number */
    MODEL_SHOWS_INITIAL,        /* QUIC Initial of the client */
    MODEL_SHOWS_ANSWER,         /* server's datagram */
    MODEL_SHOWS_LAST_ANSWER,
    MODEL_SHOWS_CLOSE,          /* CONNECTION_CLOSE; number: its error */
    MODEL_SHOWS_RETRANSMISSION,
    MODEL_SHOWS_DATA,           /* the segment that was never acknowledged, first time */
    MODEL_SHOWS_LAST_HEARD,     /* last packet of the side that fell silent */
    MODEL_SHOWS_FAILED,         /* first packet of an attempt that failed */
    MODEL_SHOWS_STREAM,         /* first packet of the flow that carries the stream */
    MODEL_SHOWS_SETUP,          /* first packet of a session; number: the running number of set-ups */
    MODEL_SHOWS_BREAK,          /* what broke it off */
    MODEL_SHOWS_CLIENT_HELLO,   /* number: 1 the first, 2.. repeats */
    MODEL_SHOWS_SERVER_HELLO,
    MODEL_SHOWS_CERTIFICATE,
    MODEL_SHOWS_ALERT,          /* in the incident's `tls` */
    MODEL_SHOWS_TLS_CLOSE,      /* the FIN or RST that ended a handshake; number: 1 the client's */
    MODEL_SHOWS_CONNECT,        /* number: 1 the first, 2.. repeats */
    MODEL_SHOWS_PROXY_ANSWER,   /* number: the code */
    MODEL_SHOWS_DNS_QUERY,      /* number: the running number of tries without an answer */
    MODEL_SHOWS_DNS_ERROR,      /* number: the code of the answer (RFC 1035, section 4.1.1) */
    MODEL_SHOWS_DNS_ADDRESS,    /* an answer with an address */
    MODEL_SHOWS_GREETING,       /* the first words of the client (number 0) or the server (1) */
};

struct model_evidence {
    uint64_t frame;
    uint32_t number;
    uint32_t shows; /* enum model_shows */
};

enum { MODEL_EVIDENCE_MAX = 8 };

/* Fields that a fact does not have are zero. */
struct model_incident {
    int64_t first_ns, last_ns;   /* of the packets that prove it */
    int64_t begin_ns;            /* first packet of the flow */
    int64_t waited_ns;           /* from the last packet that asked for an answer to the end of observation */
    int64_t delay_ns;            /* from what was asked to the RST or ICMP error */
    int64_t life_ns;             /* from the flow's first packet to the last answer */
    int64_t idle_ns;             /* silence of the flow before what was lost */
    int64_t rtt_client_ns, rtt_server_ns; /* by handshake; 0 unknown */
    struct ipaddr reporter;      /* sender of the ICMP error */
    const char *speaks;          /* MODEL_SPEAKS_OTHER: "SSH"; a literal */
    uint32_t attempts;           /* SYNs, datagrams or transmissions that got no answer */
    uint32_t before_pkts;        /* packets of the flow before it, both ways */
    uint32_t size_bytes;         /* IP length of what was lost */
    uint32_t passed_bytes;       /* largest IP length of that direction that was acknowledged */
    uint32_t quic_error;         /* MODEL_QUIC_CLOSED: RFC 9000, section 20.1; 0x100 + n is TLS alert n */
    uint32_t mtu;                /* MODEL_PMTU_*: the next hop's, as a router said; 0: none did */
    uint32_t lost_bytes;         /* MODEL_PMTU_BLACKHOLE: payload missing before the tail */
    uint16_t client_port;
    uint16_t code;               /* MODEL_PROXY_REFUSED: of HTTP */
    struct {                     /* MODEL_TLS_FAILED; texts live for ever */
        const char *offered, *version; /* "TLS 1.3": highest that the client offered, the server's choice; or NULL */
        const char *alert, *meaning;   /* "unknown_ca", and what it says without a final dot; NULL: none */
        uint8_t end, stage;      /* enum model_tls_end, enum model_tls_stage */
        bool by_client;          /* who broke off */
    } tls;
    uint8_t fact;                /* enum model_fact */
    uint8_t why;                 /* enum model_undecided */
    uint8_t by;                  /* enum model_by */
    uint8_t icmp_type, icmp_code;
    uint8_t hops, usual_hops;    /* distance of the RST or ICMP sender, and of the server's other packets; 0 unknown */
    int8_t score;                /* of the RST, by the tests that decided `by` */
    uint8_t signs;               /* ... enum model_sign */
    bool in_clients_name;        /* the RST names the client as its sender */
    bool silent_is_client;       /* MODEL_TCP_BLACKHOLED: the side that fell silent */
    bool client_gone;            /* ... and it was the client, silent with all its flows */
    bool control_known;          /* MODEL_UDP_RETURN_LOST: a TCP connection to the same gateway was in view */
    bool control_open;           /* MODEL_UDP_RETURN_LOST: a TCP connection to the same gateway was open all along */
    bool quic;
    bool by_client;              /* MODEL_QUIC_CLOSED: the side that gave up */
    bool about_client;           /* MODEL_ICMP_OTHER: the quoted packet was on its way to the client */
    bool loop;                   /* MODEL_ICMP_OTHER: time exceeded for a packet that left with hops enough */
    uint8_t stall;               /* MODEL_STREAM_STALL: enum model_stall */
    bool of_client;              /* MODEL_ZERO_WINDOW: the client's window; MODEL_STREAM_STALL: its data was repeated */
    bool decisive;               /* MODEL_PMTU_BLACKHOLE: the same data in smaller pieces got through */
    bool missing;                /* ... it never came here: lost before this capture point */
    bool downward;               /* MODEL_PMTU_*: towards the client */
    bool single_syn;
    uint8_t evidence_count;
    struct model_evidence evidence[MODEL_EVIDENCE_MAX];
};

/* Adds a frame to an incident's evidence; the last place is overwritten when all are taken, so that the list shows
 * the beginning and the latest. */
void model_incident_show(struct model_incident *incident, enum model_shows shows, uint64_t frame, uint32_t number);

#endif
