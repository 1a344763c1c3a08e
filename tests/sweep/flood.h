/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SWEEP_FLOOD_H
#define SWEEP_FLOOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "craft/craft.h"
#include "craft/pcap.h"
#include "crew.h"

/* Captures made to use up the program's time or memory: more of everything than its tables hold. Each is analysed
 * within bounds of both, and the ledger says what was not looked at. */

/* A capture being written. `failed` sticks. */
struct flood_file {
    struct craft *craft;
    struct craft_pcap *pcap;
    uint64_t scale;   /* counts are divided by it */
    int64_t now_ns;   /* of the next packet */
    int64_t step_ns;  /* between packets; flood_file_* go on by it */
    bool failed;
};

/* One end of a packet: `number` is added to the last 32 bits of the address. */
struct flood_end {
    const char *address;
    uint32_t number;
    uint16_t port;
};

/* How many of `full` at this scale, at least one. */
uint32_t flood_count(const struct flood_file *file, uint32_t full);
struct ipaddr flood_address(const char *text, uint32_t number);

/* The acknowledgment number of what carries ACK is 2. */
void flood_tcp(struct flood_file *file, const struct flood_end *from, const struct flood_end *to, uint8_t flags,
               uint32_t sequence, size_t payload_bytes);
void flood_udp(struct flood_file *file, const struct flood_end *from, const struct flood_end *to,
               const uint8_t *payload, size_t payload_bytes);
/* An ICMP error of `reporter` about a SYN of sequence number 1 from `from` to `to`. */
void flood_icmp(struct flood_file *file, const char *reporter, uint32_t number, const struct flood_end *from,
                const struct flood_end *to);
/* Bytes that are a packet already. */
void flood_raw(struct flood_file *file, const uint8_t *bytes, size_t length);

struct flood {
    const char *name;
    void (*fill)(struct flood_file *file); /* into a pcap of Ethernet frames */
    uint8_t *(*make)(uint64_t scale, size_t *length); /* or the whole file, when `fill` is NULL */
    const char *limit;   /* a kind that the ledger must hold at full scale; NULL: none is asked for */
    uint64_t max_flows;  /* 0: as usual */
    uint64_t packets_least; /* at full scale */
};

/* NULL-named at the end. */
const struct flood *flood_all(void);

struct flood_options {
    uint64_t scale;  /* 1: in full */
    const char *only;      /* a part of the name of those that run; NULL: all */
    const char *write_to;  /* a file that gets the capture; NULL: none */
    unsigned workers;
    unsigned milliseconds; /* that one may take */
    unsigned mebibytes;    /* and use; 0: any (the sanitizers use what they like) */
};
bool flood_run(const struct flood_options *options, struct crew_sum *sum);

/* Each file's scenarios. */
void flood_syns_from_everywhere(struct flood_file *file);
void flood_one_source_to_everywhere(struct flood_file *file);
void flood_one_source_over_ipv6(struct flood_file *file);
void flood_ipv6_from_everywhere(struct flood_file *file);
void flood_short_flows(struct flood_file *file);
void flood_kept_flows(struct flood_file *file);
void flood_lost_connections(struct flood_file *file);
void flood_resets(struct flood_file *file);
void flood_routers(struct flood_file *file);
void flood_initials(struct flood_file *file);
void flood_reconnects(struct flood_file *file);
void flood_dns(struct flood_file *file);
void flood_dns_failures(struct flood_file *file);
void flood_dns_of_one_client(struct flood_file *file);
void flood_health_checks(struct flood_file *file);
void flood_one_health_checker(struct flood_file *file);
void flood_fragments(struct flood_file *file);
void flood_tunnels(struct flood_file *file);
void flood_unsupported(struct flood_file *file);
uint8_t *flood_interfaces(uint64_t scale, size_t *length);
uint8_t *flood_many_interfaces(uint64_t scale, size_t *length);
uint8_t *flood_extreme_times(uint64_t scale, size_t *length);
uint8_t *flood_clock_steps(uint64_t scale, size_t *length);
uint8_t *flood_empty_records(uint64_t scale, size_t *length);
uint8_t *flood_sections(uint64_t scale, size_t *length);

#endif
