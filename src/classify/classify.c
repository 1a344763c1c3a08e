/* SPDX-License-Identifier: Apache-2.0 */
#include "classify/classify.h"

#include <stdlib.h>
#include <string.h>

#include "classify/ndpi.h"

enum {
    PACKETS_MAX = 8,      /* with payload, looked at of a flow */
    UNDECIDED_MAX = 1024,
    SERVERS = 4096,       /* whose answers are remembered; a power of two */
    FLOWS_THAT_AGREE = 8,
    REUSED = 128,         /* added to a name's number: it was not read from this flow's bytes */
    NOBODY = UNDECIDED_MAX,
};

/* A place for a flow that is being asked about. Those taken are linked from the oldest to the newest, the others by
 * `newer` alone. */
struct asking {
    uint16_t *opinion; /* NULL: the place is free */
    uint16_t older, newer;
    uint8_t packets;
};

/* What the flows to a server were found to speak. */
struct server {
    struct ipaddr address;
    uint16_t port, opinion;
    uint8_t protocol, agree;
};

struct classify {
    struct classify_ndpi *ndpi;
    uint8_t *flows; /* nDPI's memory of each */
    uint64_t given_up;
    uint16_t oldest, newest, free;
    struct asking asking[UNDECIDED_MAX];
    struct server servers[SERVERS];
};

bool classify_is_built_in(void)
{
    return CLASSIFY_HAS_NDPI;
}

static void *flow_of(const struct classify *c, uint16_t place)
{
    return c->flows + place * classify_ndpi_flow_bytes();
}

static void free_all_places(struct classify *c)
{
    for (uint16_t i = 0; i < UNDECIDED_MAX; i++)
        c->asking[i] = (struct asking){ .newer = (uint16_t)(i + 1) };
    c->free = 0;
    c->oldest = c->newest = NOBODY;
}

struct classify *classify_new(void)
{
    struct classify *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->flows = calloc(UNDECIDED_MAX, classify_ndpi_flow_bytes());
    c->ndpi = c->flows ? classify_ndpi_new() : NULL;
    if (!c->ndpi) {
        classify_free(c);
        return NULL;
    }
    free_all_places(c);
    return c;
}

static void end_all(struct classify *c)
{
    for (uint16_t i = 0; c->ndpi && i < UNDECIDED_MAX; i++)
        if (c->asking[i].opinion)
            classify_ndpi_flow_end(c->ndpi, flow_of(c, i));
}

void classify_free(struct classify *c)
{
    if (!c)
        return;
    end_all(c);
    classify_ndpi_free(c->ndpi);
    free(c->flows);
    free(c);
}

void classify_reset(struct classify *c)
{
    end_all(c);
    free_all_places(c);
    memset(c->servers, 0, sizeof c->servers);
    c->given_up = 0;
}

static void link_place(struct classify *c, uint16_t older, uint16_t newer)
{
    *(older == NOBODY ? &c->oldest : &c->asking[older].newer) = newer;
    *(newer == NOBODY ? &c->newest : &c->asking[newer].older) = older;
}

/* Frees the flow's memory and its place, and says what was found. */
static void decide(struct classify *c, uint16_t place, uint16_t opinion)
{
    struct asking *a = &c->asking[place];
    classify_ndpi_flow_end(c->ndpi, flow_of(c, place));
    *a->opinion = opinion;
    link_place(c, a->older, a->newer);
    *a = (struct asking){ .newer = c->free };
    c->free = place;
}

/* The flow that waits longest for a decision makes room for a new one. */
static uint16_t take_place(struct classify *c, uint16_t *opinion)
{
    if (c->free == NOBODY) {
        c->given_up++;
        decide(c, c->oldest, CLASSIFY_NONE);
    }
    uint16_t place = c->free;
    c->free = c->asking[place].newer;
    c->asking[place] = (struct asking){ .opinion = opinion };
    link_place(c, c->newest, place);
    link_place(c, place, NOBODY);
    *opinion = (uint16_t)(CLASSIFY_ASKING + place);
    return place;
}

/* A place for each server, taken by whichever came last. No key: whoever aims at a place gains an answer asked anew. */
static struct server *server_of(struct classify *c, const struct classify_packet *p)
{
    const struct ipaddr *address = p->to_server ? &p->destination : &p->source;
    uint16_t port = p->to_server ? p->destination_port : p->source_port;
    uint32_t sum = (uint32_t)p->protocol << 16 | port;
    for (size_t i = 0; i < sizeof address->bytes; i++)
        sum = (sum ^ address->bytes[i]) * UINT32_C(16777619); /* FNV-1a */
    struct server *s = &c->servers[(sum ^ sum >> 16) & (SERVERS - 1)];
    if (s->port != port || s->protocol != p->protocol || !ipaddr_equal(&s->address, address))
        *s = (struct server){ .address = *address, .port = port, .protocol = p->protocol, .opinion = CLASSIFY_NONE };
    return s;
}

static void remember(struct classify *c, const struct classify_packet *p, uint16_t opinion)
{
    struct server *s = server_of(c, p);
    if (s->opinion != opinion)
        s->agree = 0;
    s->opinion = opinion;
    if (s->agree < FLOWS_THAT_AGREE)
        s->agree++;
}

static uint16_t known(struct classify *c, const struct classify_packet *p)
{
    const struct server *s = server_of(c, p);
    return s->agree == FLOWS_THAT_AGREE && s->opinion != CLASSIFY_NONE ? (uint16_t)(s->opinion + REUSED) : CLASSIFY_NEW;
}

void classify_look(struct classify *c, uint16_t *opinion, const struct classify_packet *packet)
{
    if (*opinion == CLASSIFY_NEW && (*opinion = known(c, packet)) != CLASSIFY_NEW)
        return;
    uint16_t place = *opinion == CLASSIFY_NEW ? take_place(c, opinion) : (uint16_t)(*opinion - CLASSIFY_ASKING);
    uint16_t said = classify_ndpi_look(c->ndpi, flow_of(c, place), packet);
    if (said == CLASSIFY_NONE && ++c->asking[place].packets < PACKETS_MAX)
        return;
    remember(c, packet, said);
    decide(c, place, said);
}

void classify_end(struct classify *c, uint16_t *opinion)
{
    if (*opinion >= CLASSIFY_ASKING)
        decide(c, (uint16_t)(*opinion - CLASSIFY_ASKING), CLASSIFY_NONE);
    else if (*opinion == CLASSIFY_NEW)
        *opinion = CLASSIFY_NONE;
}

const char *classify_name(uint16_t opinion)
{
    return classify_ndpi_name(opinion >= REUSED ? (uint16_t)(opinion - REUSED) : opinion);
}

bool classify_is_proof(uint16_t opinion)
{
    return opinion < REUSED && classify_ndpi_is_proof(opinion);
}

uint64_t classify_given_up(const struct classify *c)
{
    return c->given_up;
}
