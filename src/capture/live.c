/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/live.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/nsec.h"
#include "capture/link.h"

enum { RETIRE_MS = 100, TURN_MS = 200, DISPATCH_MOST = 4096, NOTES_MAX = 2 * CAPTURE_LIVE_INTERFACES_MAX,
       NAME_BYTES_MAX = 1024, LAST_MS = 3 * RETIRE_MS, FILTER_BYTES_MAX = 65536, STATISTICS_EVERY_MS = 500 };

struct port {
    pcap_t *handle; /* NULL: it went away */
    const char *name;
    uint16_t link_type;
    bool nanoseconds;
    struct capture_live *live;
    uint32_t number;
    uint32_t drops, interface_drops;           /* as the kernel counts them, in 32 bits */
    uint64_t drops_sum, interface_drops_sum;
};

struct capture_live {
    struct port ports[CAPTURE_LIVE_INTERFACES_MAX];
    size_t count;
    char name[NAME_BYTES_MAX];
    char *notes[NOTES_MAX];
    size_t note_count;
    uint64_t packets_left;
    atomic_bool stopped;
    int64_t stopped_ns;    /* when that was seen; 0: not yet */
    int64_t statistics_ns; /* when drops were asked for last */

    /* of the turn that runs */
    struct capture_reader *reader;
    struct capture_block *block;
};

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

int64_t capture_live_now_ns(void)
{
    return clock_ns(CLOCK_REALTIME);
}

static void note(struct capture_live *live, const char *format, ...) PRINTF_LIKE(2, 3);
static void note(struct capture_live *live, const char *format, ...)
{
    char sentence[512];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    if (live->note_count < NOTES_MAX && (live->notes[live->note_count] = strdup(sentence)))
        live->note_count++;
}

static enum status no_permission(const char *name, struct error *error)
{
    char program[300] = "wspscope";
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0)
        program[length] = '\0';
    return error_set(error, STATUS_IO,
                     "%s cannot be captured on without the right to: run as root, or give it to the program once by "
                     "`sudo setcap cap_net_raw=ep %s`.", name, program);
}

static enum status refuse(struct port *port, int result, struct error *error)
{
    if (result == PCAP_ERROR_PERM_DENIED || result == PCAP_ERROR_PROMISC_PERM_DENIED)
        return no_permission(port->name, error);
    if (result == PCAP_ERROR_NO_SUCH_DEVICE)
        return error_set(error, STATUS_BAD_USAGE, "There is no interface \"%s\"; `wspscope live --list` shows them.",
                         port->name);
    if (result == PCAP_ERROR_IFACE_NOT_UP)
        return error_set(error, STATUS_IO, "The interface %s is down: `ip link set %s up` starts it.", port->name,
                         port->name);
    const char *why = pcap_geterr(port->handle);
    return error_set(error, STATUS_IO, "%s cannot be captured on (%s).", port->name,
                     *why ? why : pcap_statustostr(result));
}

static bool set_filter(struct port *port, const char *expression)
{
    struct bpf_program program;
    if (pcap_compile(port->handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN) != 0)
        return false;
    bool set = pcap_setfilter(port->handle, &program) == 0;
    pcap_freecode(&program);
    return set;
}

static void filter_in_the_kernel(struct port *port, const struct capture_live_filter *filter)
{
    struct text expression;
    text_init(&expression, FILTER_BYTES_MAX);
    capture_live_filter_write(filter, port->link_type == 1, &expression);
    if (text_failed(&expression) || !set_filter(port, expression.bytes))
        note(port->live, "%s: the kernel takes no filter (%.200s), so every packet is handed to the program, which "
                         "costs more.", port->name, pcap_geterr(port->handle));
    text_free(&expression);
}

static int activate(struct port *port, const struct capture_live_options *o)
{
    uint64_t buffer = o->buffer_bytes ? o->buffer_bytes : CAPTURE_LIVE_BUFFER_BYTES;
    uint32_t snap = o->snap_bytes ? o->snap_bytes : CAPTURE_LIVE_SNAP_BYTES;
    pcap_set_snaplen(port->handle, snap < CAPTURE_LIVE_SNAP_BYTES ? (int)snap : CAPTURE_LIVE_SNAP_BYTES);
    pcap_set_promisc(port->handle, o->promiscuous);
    pcap_set_timeout(port->handle, RETIRE_MS);
    pcap_set_buffer_size(port->handle, buffer < INT32_MAX ? (int)buffer : INT32_MAX);
    port->nanoseconds = pcap_set_tstamp_precision(port->handle, PCAP_TSTAMP_PRECISION_NANO) == 0;
    return pcap_activate(port->handle);
}

static enum status open_port(struct port *port, const struct capture_live_options *o, struct error *error)
{
    char why[PCAP_ERRBUF_SIZE] = "";
    port->handle = pcap_create(port->name, why);
    if (!port->handle)
        return error_set(error, STATUS_IO, "%s cannot be captured on (%s).", port->name, why);
    int result = activate(port, o);
    if (result < 0)
        return refuse(port, result, error);
    if (result == PCAP_WARNING_PROMISC_NOTSUP)
        note(port->live, "%s is not promiscuous: only its own packets are seen.", port->name);
    port->link_type = capture_link_from_file((uint16_t)pcap_datalink(port->handle));
    if (o->filter)
        filter_in_the_kernel(port, o->filter);
    if (pcap_setnonblock(port->handle, 1, why) != 0)
        return error_set(error, STATUS_IO, "%s cannot be captured on (%s).", port->name, why);
    return STATUS_OK;
}

enum status capture_live_open(const struct capture_live_options *o, struct capture_live **out, struct error *error)
{
    *out = NULL;
    if (o->count == 0 || o->count > CAPTURE_LIVE_INTERFACES_MAX)
        return error_set(error, STATUS_BAD_USAGE, "1 to %d interfaces can be captured on.",
                         CAPTURE_LIVE_INTERFACES_MAX);
    struct capture_live *live = calloc(1, sizeof *live);
    if (!live)
        return error_set(error, STATUS_NO_MEMORY, "There is not enough memory to capture.");
    live->packets_left = o->packets_max ? o->packets_max : UINT64_MAX;
    enum status status = STATUS_OK;
    size_t used = 0;
    for (size_t i = 0; i < o->count && status == STATUS_OK; i++) {
        struct port *port = &live->ports[live->count++];
        *port = (struct port){ .name = o->names[i], .live = live, .number = (uint32_t)i };
        int length = snprintf(live->name + used, sizeof live->name - used, "%s%s", i > 0 ? ", " : "", o->names[i]);
        used += length > 0 && (size_t)length < sizeof live->name - used ? (size_t)length : 0;
        status = open_port(port, o, error);
    }
    if (status == STATUS_OK)
        *out = live;
    else
        capture_live_free(live);
    return status;
}

void capture_live_free(struct capture_live *live)
{
    if (!live)
        return;
    for (size_t i = 0; i < live->count; i++)
        if (live->ports[i].handle)
            pcap_close(live->ports[i].handle);
    for (size_t i = 0; i < live->note_count; i++)
        free(live->notes[i]);
    free(live);
}

void capture_live_stop(struct capture_live *live)
{
    atomic_store(&live->stopped, true);
}

const char *const *capture_live_notes(const struct capture_live *live, size_t *count)
{
    *count = live->note_count;
    return (const char *const *)live->notes;
}

static void on_packet(u_char *context, const struct pcap_pkthdr *header, const u_char *bytes)
{
    struct port *port = (struct port *)(void *)context;
    struct capture_live *live = port->live;
    if (live->packets_left == 0)
        return;
    int64_t fraction_ns = (int64_t)header->ts.tv_usec * (port->nanoseconds ? 1 : 1000);
    const struct capture_packet packet = { .bytes = bytes, .captured_bytes = header->caplen, .wire_bytes = header->len,
                                           .time_ns = (int64_t)header->ts.tv_sec * NSEC_PER_SEC + fraction_ns,
                                           .link_type = port->link_type, .interface = port->number };
    capture_feed_add(live->reader, live->block, &packet);
    live->packets_left--;
    if (!capture_feed_has_room(live->block) || live->packets_left == 0)
        pcap_breakloop(port->handle);
}

/* False: nothing was there. An interface that is down may come back; one that is gone will not. */
static bool take(struct port *port)
{
    size_t before, after;
    capture_block_packets(port->live->block, &before);
    int result = pcap_dispatch(port->handle, DISPATCH_MOST, on_packet, (u_char *)port);
    capture_block_packets(port->live->block, &after);
    if (result == PCAP_ERROR && strstr(pcap_geterr(port->handle), "went down") == NULL) {
        note(port->live, "%s cannot be captured on any more (%.200s).", port->name, pcap_geterr(port->handle));
        pcap_close(port->handle);
        port->handle = NULL;
    }
    return after > before;
}

static size_t wait_for_packets(const struct capture_live *live, int milliseconds)
{
    struct pollfd polled[CAPTURE_LIVE_INTERFACES_MAX];
    nfds_t count = 0;
    for (size_t i = 0; i < live->count; i++)
        if (live->ports[i].handle)
            polled[count++] = (struct pollfd){ .fd = pcap_get_selectable_fd(live->ports[i].handle), .events = POLLIN };
    if (count > 0)
        poll(polled, count, milliseconds); /* a signal ends it early: the next turn sees why */
    return count;
}

/* The kernel's counters wrap at 32 bits. */
static void ask_for_drops(struct capture_live *live)
{
    uint64_t kernel = 0, interface = 0;
    for (size_t i = 0; i < live->count; i++) {
        struct port *port = &live->ports[i];
        struct pcap_stat now;
        if (port->handle && pcap_stats(port->handle, &now) == 0) {
            port->drops_sum += (uint32_t)(now.ps_drop - port->drops);
            port->interface_drops_sum += (uint32_t)(now.ps_ifdrop - port->interface_drops);
            port->drops = now.ps_drop;
            port->interface_drops = now.ps_ifdrop;
        }
        kernel += port->drops_sum;
        interface += port->interface_drops_sum;
    }
    capture_feed_drops(live->reader, interface, kernel);
}

/* After a stop what the kernel still holds is taken, for as long as it keeps packets back and not much longer. */
static bool has_ended(struct capture_live *live, int64_t now_ns)
{
    if (live->stopped_ns == 0 && atomic_load(&live->stopped))
        live->stopped_ns = now_ns;
    return live->packets_left == 0 ||
           (live->stopped_ns != 0 && now_ns - live->stopped_ns > LAST_MS * NSEC_PER_MSEC);
}

/* One turn: what has come, for a fifth of a second or until the block is full. */
static enum status fill(void *context, struct capture_reader *reader, struct capture_block *block)
{
    struct capture_live *live = context;
    int64_t begin_ns = clock_ns(CLOCK_MONOTONIC), now_ns = begin_ns;
    size_t ports = live->count;
    live->reader = reader;
    live->block = block;
    if (begin_ns - live->statistics_ns > STATISTICS_EVERY_MS * NSEC_PER_MSEC || atomic_load(&live->stopped)) {
        live->statistics_ns = begin_ns;
        ask_for_drops(live);
    }
    while (!has_ended(live, now_ns) && capture_feed_has_room(block) && ports > 0) {
        bool any = false;
        for (size_t i = 0; i < live->count && capture_feed_has_room(block); i++)
            any = (live->ports[i].handle && take(&live->ports[i])) || any;
        now_ns = clock_ns(CLOCK_MONOTONIC);
        int64_t left_ms = TURN_MS - (now_ns - begin_ns) / NSEC_PER_MSEC;
        if (left_ms <= 0)
            break;
        if (!any)
            ports = wait_for_packets(live, (int)left_ms);
    }
    size_t count;
    capture_block_packets(block, &count);
    return count == 0 && (ports == 0 || has_ended(live, now_ns)) ? STATUS_END : STATUS_OK;
}

struct capture_feed capture_live_feed(struct capture_live *live)
{
    return (struct capture_feed){ .fill = fill, .context = live, .name = live->name, .format = "live" };
}
