/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "capture/live.h"

enum { LINE_BYTES_MAX = 4096 };

static void add_address(struct text *line, const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN];
    const void *bytes = NULL;
    if (address && address->sa_family == AF_INET)
        bytes = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
    else if (address && address->sa_family == AF_INET6)
        bytes = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    if (bytes && inet_ntop(address->sa_family, bytes, text, sizeof text))
        text_addf(line, "; %s", text);
}

/* What libpcap says about it, state first. */
static char *describe(const pcap_if_t *device)
{
    struct text line;
    text_init(&line, LINE_BYTES_MAX);
    text_add(&line, !(device->flags & PCAP_IF_UP) ? "down" : device->flags & PCAP_IF_RUNNING ? "up, running" : "up");
    if (device->description)
        text_addf(&line, "; %s", device->description);
    for (const pcap_addr_t *a = device->addresses; a; a = a->next)
        add_address(&line, a->addr);
    char *copy = strdup(line.bytes);
    text_free(&line);
    return copy;
}

static bool copy_all(const pcap_if_t *devices, struct capture_live_interface *list)
{
    size_t n = 0;
    for (const pcap_if_t *d = devices; d; d = d->next, n++) {
        list[n].name = strdup(d->name);
        list[n].text = describe(d);
        if (!list[n].name || !list[n].text)
            return false;
    }
    return true;
}

struct capture_live_interface *capture_live_list(struct error *error)
{
    char why[PCAP_ERRBUF_SIZE] = "";
    pcap_if_t *devices = NULL;
    if (pcap_findalldevs(&devices, why) != 0) {
        (void)error_set(error, STATUS_IO, "The interfaces cannot be listed (%s).", why);
        return NULL;
    }
    size_t count = 0;
    for (const pcap_if_t *d = devices; d; d = d->next)
        count++;
    struct capture_live_interface *list = calloc(count + 1, sizeof *list);
    if (list && !copy_all(devices, list)) {
        capture_live_list_free(list);
        list = NULL;
    }
    pcap_freealldevs(devices);
    if (!list)
        (void)error_set(error, STATUS_NO_MEMORY, "There is not enough memory to list the interfaces.");
    return list;
}

void capture_live_list_free(struct capture_live_interface *list)
{
    for (size_t i = 0; list && (list[i].name || list[i].text); i++) {
        free(list[i].name);
        free(list[i].text);
    }
    free(list);
}
