/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "capture/capture.h"
#include "capture/link.h"

/* LINKTYPE_ values of what is decoded. Ethernet is first: what does not compile for it is a mistake of the user. */
static const uint16_t link_types[] = {
    1,   /* EN10MB */
    101, /* RAW */
    228, /* IPV4 */
    229, /* IPV6 */
    0,   /* NULL */
    108, /* LOOP */
    9,   /* PPP */
    50,  /* PPP_HDLC */
    51,  /* PPP_ETHER */
    113, /* LINUX_SLL */
    276, /* LINUX_SLL2 */
    105, /* IEEE802_11 */
    127, /* IEEE802_11_RADIOTAP */
    192, /* PPI */
    239, /* NFLOG */
};

enum { LINK_TYPE_COUNT = sizeof link_types / sizeof *link_types };

struct capture_filter {
    struct bpf_program programs[LINK_TYPE_COUNT];
    bool compiled[LINK_TYPE_COUNT];
    bool mentions_vlan;
};

static bool is_word_character(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

static bool mentions(const char *expression, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strstr(expression, word); at; at = strstr(at + 1, word)) {
        bool starts = at == expression || !is_word_character(at[-1]);
        if (starts && !is_word_character(at[length]))
            return true;
    }
    return false;
}

/* False with libpcap's words in `error`. */
static bool compile(struct capture_filter *filter, size_t i, const char *expression, struct error *error)
{
    pcap_t *handle = pcap_open_dead(capture_link_to_dlt(link_types[i]), CAPTURE_PACKET_BYTES_MAX);
    if (!handle) {
        (void)error_set(error, STATUS_NO_MEMORY, "there is no memory left");
        return false;
    }
    filter->compiled[i] = pcap_compile(handle, &filter->programs[i], expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
    if (!filter->compiled[i])
        (void)error_set(error, STATUS_BAD_USAGE, "%s", pcap_geterr(handle));
    pcap_close(handle);
    return filter->compiled[i];
}

enum status capture_filter_new(const char *expression, struct capture_filter **out, struct error *error)
{
    *out = NULL;
    struct capture_filter *filter = calloc(1, sizeof *filter);
    if (!filter)
        return error_set(error, STATUS_NO_MEMORY, "There is no memory left for the filter.");
    struct error why;
    if (!compile(filter, 0, expression, &why)) {
        capture_filter_free(filter);
        return error_set(error, STATUS_BAD_USAGE,
                         "The filter \"%.200s\" is no BPF expression (%.200s): see pcap-filter(7).", expression,
                         why.text);
    }
    for (size_t i = 1; i < LINK_TYPE_COUNT; i++)
        (void)compile(filter, i, expression, NULL);
    filter->mentions_vlan = mentions(expression, "vlan");
    *out = filter;
    return STATUS_OK;
}

void capture_filter_free(struct capture_filter *filter)
{
    if (!filter)
        return;
    for (size_t i = 0; i < LINK_TYPE_COUNT; i++)
        if (filter->compiled[i])
            pcap_freecode(&filter->programs[i]);
    free(filter);
}

static const struct bpf_program *program_for(const struct capture_filter *filter, uint16_t link_type)
{
    for (size_t i = 0; i < LINK_TYPE_COUNT; i++)
        if (link_types[i] == link_type)
            return filter->compiled[i] ? &filter->programs[i] : NULL;
    return NULL;
}

enum capture_filter_answer capture_filter_match(const struct capture_filter *filter,
                                                const struct capture_packet *packet)
{
    const struct bpf_program *program = program_for(filter, packet->link_type);
    if (!program)
        return CAPTURE_FILTER_NOT_FOR_THIS_LINK;
    const struct pcap_pkthdr header = { .caplen = packet->captured_bytes, .len = packet->wire_bytes };
    return pcap_offline_filter(program, &header, packet->bytes) != 0 ? CAPTURE_FILTER_PASS : CAPTURE_FILTER_DROP;
}

bool capture_filter_mentions_vlan(const struct capture_filter *filter)
{
    return filter->mentions_vlan;
}
