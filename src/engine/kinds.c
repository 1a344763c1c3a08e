/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "wspscope/analysis.h"

#define RULE(name) extern const struct rule rule_##name;
#include "rule/rules.def"
#undef RULE

/* The kinds of the ledger: what a capture cannot tell. They are no rules; engine/limit.c raises them. */
static const struct wspscope_kind limits[] = {
    { "capture-one-way", "The capture holds one direction only", "limit",
      "Proved, never inferred from silence: one side visibly goes on although the other side's packets are not in "
      "the capture. Nothing that needs both directions is judged then.",
      "No packet of one side is in a flow whose other side acknowledges, sends data, or sends QUIC Handshake or "
      "short-header packets. Raised for the tap when half of the flows that can prove anything are so.",
      "nothing", NULL, true },
    { "capture-late-start", "The capture began after the sessions", "limit",
      "Most WorkSpaces flows have no beginning in the capture, so how they were set up cannot be told.",
      "More flows without SYN or QUIC Initial than with one.", "nothing", NULL, true },
    { "capture-duplicates", "The capture holds packets twice", "limit",
      "A mirror port sees a packet on its way in and out, or before and after a router. Copies are left out of every "
      "count, so they never look like retransmissions.",
      "The same addresses, IP-ID, lengths and transport header with its checksum, at most 2 ms and half a round trip "
      "apart; in at least 5 % and 20 of the followed packets.",
      "nothing", NULL, true },
    { "capture-loss", "The capture itself lost packets", "limit",
      "The capturing machine could not keep up: what is missing in the file may have been on the wire.",
      "Drop counters in the file, or data acknowledged and never seen on flows seen in both directions: 0.5 % of the "
      "segments, or 5.",
      "nothing", NULL, true },
    { "capture-truncated", "Packets were cut short", "limit",
      "The snap length cut headers or payload, so that handshakes and names cannot be read.",
      "Headers cut, or payload cut in at least 1 % of the followed packets.", "nothing", NULL, true },
    { "capture-offload", "Packets are not those of the wire", "limit",
      "The capture was taken on a machine whose network card cuts segments and fills in checksums.",
      "Segments above the receiver's MSS, or most checksums of a sender wrong.", "nothing", NULL, true },
    { "capture-clock", "The clock of the capture stepped", "limit",
      "Time runs backwards in the file by more than sorting mends. Flows that span a step are not judged by time.",
      "A step back of more than 1 s, or disorder beyond what is held for sorting.", "nothing", NULL, true },
    { "capture-filtered", "The capture was filtered", "limit",
      "The file says that it was taken with a filter, or packets of a kind are provably missing.",
      "The pcapng filter option, or connections whose sequence numbers count data that is not there.", "nothing", NULL,
      true },
    { "capture-damaged", "The file is damaged", "limit",
      "The file ends inside a packet, or a block contradicts itself.", "What the reader met.", "nothing", NULL, true },
    { "budget-exhausted", "A table was full", "limit",
      "More flows or clients than the memory allows: what was not looked at is counted.", "A table reached its limit.",
      "nothing", NULL, true },
};

const struct wspscope_kind *const *wspscope_kinds(void)
{
    static const struct wspscope_kind *const all[] = {
#define RULE(name) &rule_##name.about,
#include "rule/rules.def"
#undef RULE
        &limits[0], &limits[1], &limits[2], &limits[3], &limits[4], &limits[5], &limits[6], &limits[7],
        &limits[8], &limits[9], NULL,
    };
    return all;
}
