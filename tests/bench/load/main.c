/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mix.h"
#include "random.h"

/* Writes a capture of made-up traffic to stdout: load MIX [PACKETS [SEED]]. Nothing is ever sent. The same arguments
 * give the same bytes on every machine. */

enum { BUFFER_BYTES = 1 << 20 };
#define START_NS UINT64_C(1760000000000000000)
#define NS_PER_SECOND 1000000000u

struct output {
    uint8_t bytes[BUFFER_BYTES];
    size_t length;
};

static bool flush(struct output *out)
{
    for (size_t done = 0; done < out->length;) {
        ssize_t written = write(STDOUT_FILENO, out->bytes + done, out->length - done);
        if (written < 0 && errno != EINTR)
            return false;
        done += written > 0 ? (size_t)written : 0;
    }
    out->length = 0;
    return true;
}

struct load {
    const struct mix *mix;
    struct talk_place place;
    struct talk *talks; /* mix->at_once */
    uint32_t weights;
    uint64_t random, now_ns;
};

static void begin_talk(struct load *l, struct talk *talk)
{
    uint32_t at = random_below(&l->random, l->weights);
    const struct talk_shape *shape = l->mix->shapes;
    for (; at >= shape->weight; shape++)
        at -= shape->weight;
    talk_begin(talk, shape, &l->place, &l->random);
}

static bool load_open(struct load *l, const struct mix *mix, uint64_t seed)
{
    *l = (struct load){ .mix = mix, .random = seed, .now_ns = START_NS };
    l->place = (struct talk_place){ .pool = body_pool_new(random_next(&l->random)), .clients = mix->clients,
                                    .ipv6_percent = mix->ipv6_percent, .vlan_percent = mix->vlan_percent };
    l->talks = calloc(mix->at_once, sizeof *l->talks);
    for (const struct talk_shape *s = mix->shapes; s->weight; s++)
        l->weights += s->weight;
    if (!l->place.pool || !l->talks)
        return false;
    for (uint32_t i = 0; i < mix->at_once; i++)
        begin_talk(l, &l->talks[i]);
    return true;
}

static void load_close(struct load *l)
{
    free((void *)l->place.pool);
    free(l->talks);
}

/* One that does not wait for its time-out. */
static struct talk *next_talk(struct load *l)
{
    for (;;) {
        struct talk *talk = &l->talks[random_below(&l->random, l->mix->at_once)];
        if (talk->not_before_ns <= l->now_ns)
            return talk;
        l->now_ns++; /* when all wait, time passes all the same */
    }
}

static size_t load_packet(struct load *l, uint8_t *out)
{
    struct frame frame;
    uint32_t mean_ns = NS_PER_SECOND / l->mix->packets_per_second;
    l->now_ns += 1 + random_below(&l->random, 2 * mean_ns);
    struct talk *talk = next_talk(l);
    bool more = talk_next(talk, &l->place, &l->random, l->now_ns, &frame);
    size_t length = frame_write(&frame, out);
    if (!more)
        begin_talk(l, talk);
    return length;
}

static bool load_write(struct load *l, uint64_t packets)
{
    static struct output out;
    frame_write_file_header(out.bytes);
    out.length = FRAME_FILE_HEADER_BYTES;
    for (uint64_t i = 0; i < packets; i++) {
        if (out.length + FRAME_RECORD_BYTES_MAX > sizeof out.bytes && !flush(&out))
            return false;
        out.length += load_packet(l, out.bytes + out.length);
    }
    return flush(&out);
}

static int usage(void)
{
    fprintf(stderr, "load MIX [PACKETS [SEED]]: writes a capture to stdout. Mixes:\n");
    for (size_t i = 0; i < mix_count; i++)
        fprintf(stderr, "  %-10s %s; %" PRIu64 " packets unless told otherwise\n", mix_all[i].name, mix_all[i].about,
                mix_all[i].packets);
    return 2;
}

static bool parse_number(const char *text, uint64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && !errno;
}

int main(int argc, char **argv)
{
    const struct mix *mix = argc >= 2 && argc <= 4 ? mix_find(argv[1]) : NULL;
    uint64_t packets = mix ? mix->packets : 0, seed = 1;
    if (!mix || (argc > 2 && !parse_number(argv[2], &packets)) || (argc > 3 && !parse_number(argv[3], &seed)))
        return usage();
    if (isatty(STDOUT_FILENO)) {
        fprintf(stderr, "load: a capture is not for a terminal: redirect it into a file.\n");
        return 2;
    }
    struct load load;
    bool done = load_open(&load, mix, seed) && load_write(&load, packets);
    if (!done)
        fprintf(stderr, "load: %s\n", errno ? strerror(errno) : "there is not enough memory");
    load_close(&load);
    return done ? 0 : 1;
}
