/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/link.h"

#include "decode/cooked.h"
#include "decode/ether.h"
#include "decode/ip.h"
#include "decode/ppp.h"
#include "decode/wifi.h"

static const struct {
    uint16_t link_type;
    decode_reader *read;
} rows[] = {
    { 0, decode_cooked_null },
    { DECODE_LINK_ETHERNET, decode_ether_read },
    { 9, decode_ppp_read },
    { 12, decode_ip_read }, /* RAW as BSDs other than OpenBSD number it */
    { 14, decode_ip_read }, /* RAW as OpenBSD numbers it */
    { 50, decode_ppp_hdlc },
    { 51, decode_ppp_over_ethernet },
    { 101, decode_ip_read },
    { 104, decode_ppp_hdlc },
    { 105, decode_wifi_read },
    { 108, decode_cooked_loop },
    { 113, decode_cooked_sll },
    { 127, decode_wifi_radiotap },
    { 192, decode_wifi_ppi },
    { 228, decode_ip_read4 },
    { 229, decode_ip_read6 },
    { 239, decode_cooked_nflog },
    { 276, decode_cooked_sll2 },
};

static decode_reader *find(uint16_t link_type)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].link_type == link_type)
            return rows[i].read;
    return NULL;
}

bool decode_link_known(uint16_t link_type)
{
    return find(link_type) != NULL;
}

void decode_link_start(struct decode_walk *w, uint16_t link_type)
{
    decode_reader *read = find(link_type);

    if (read)
        decode_walk_next(w, read, 0);
    else
        decode_walk_unsupported(w, DECODE_UNSUPPORTED_LINK_TYPE, link_type);
}
