/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/link.h"

#include <pcap/pcap.h>
#include <stdio.h>

#include "capture/capture.h"

/* LINKTYPE_ values of the registry whose DLT_ value differs, as libpcap maps them. */
static const struct {
    uint16_t link_type;
    int dlt;
} different[] = {
    { 100, DLT_ATM_RFC1483 }, { 101, DLT_RAW },      { 102, DLT_SLIP_BSDOS },
    { 103, DLT_PPP_BSDOS },   { 106, DLT_ATM_CLIP },
};

/* DLT_ values that were written to files: 12 is DLT_RAW nearly everywhere, 14 on OpenBSD; 11 is ATM (RFC 1483). */
static const struct {
    uint16_t written, link_type;
} legacy[] = {
    { 11, 100 },
    { 12, 101 },
    { 14, 101 },
};

uint16_t capture_link_from_file(uint16_t value)
{
    for (size_t i = 0; i < sizeof legacy / sizeof *legacy; i++)
        if (legacy[i].written == value)
            return legacy[i].link_type;
    return value;
}

int capture_link_to_dlt(uint16_t link_type)
{
    for (size_t i = 0; i < sizeof different / sizeof *different; i++)
        if (different[i].link_type == link_type)
            return different[i].dlt;
    /* Below 11 and from 104 on the two are the same number; in between only 50 and 51 were ever assigned. */
    bool same = link_type <= 10 || link_type == 50 || link_type == 51 || link_type >= 104;
    return same ? link_type : -1;
}

const char *capture_link_name(uint16_t link_type, char text[CAPTURE_LINK_NAME_SIZE])
{
    int dlt = capture_link_to_dlt(link_type);
    const char *name = dlt >= 0 ? pcap_datalink_val_to_name(dlt) : NULL;
    if (name)
        return name;
    snprintf(text, CAPTURE_LINK_NAME_SIZE, "LINKTYPE_%u", link_type);
    return text;
}
