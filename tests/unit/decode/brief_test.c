/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <sys/stat.h>

#include "rows.h"

/* The shortcut and the cursors must agree to the byte: on seeds and all their mutations, on every packet of every
 * classic pcap file that can be found, whole and cut. */

static const struct {
    const char *name, *hex;
    uint32_t missing;
    bool is_brief;
} seeds[] = {
    { "TCP, no options", ROWS_ETHER4 ROWS_SYN4, 0, true },
    { "TCP over IPv6, time stamps", ROWS_ETHER6 ROWS_ACK6, 0, true },
    { "VLAN", "02000000000202000000000181000005" "0800" ROWS_SYN4, 0, true },
    { "802.1ad and VLAN, IPv6", "02000000000202000000000188a8000581000006" "86dd" ROWS_ACK6, 0, true },
    { "three VLANs", "020000000002020000000001810000058100000681000007" "0800" ROWS_SYN4, 0, false },
    { "all options of a SYN", "0e34bf5822021ec396e302a808004500003ce87c400040063f3e0a7f7f010a7f7f02867601bb8ddd99db00"
      "000000a002faf09bb80000020405b40402080aa50a25280000000001030307", 0, true },
    { "SACK", "0024c4dc80c00026ca1fcd4008004500003446e0400067068ee90a65544681ae5da12ae20050ab3379dca600698480108000"
      "2bd500000101050aa6006f38a60074ec", 0, true },
    { "background", "0e34bf5822021ec396e302a808004500003ce87c400040063f3e0a7f7f010a7f7f028676ad9c8ddd99db00000000a0"
      "02faf013300000020405b40402080aa50a25280000000001030307", 0, true },
    { "UDP, cut", "8ac01c94291c021c3000000b0800450204cc00004000801177410a141e0b1286443997f8106304b8a157c80000000112"
      "b66e518659ca44906ba927098b7aafa992ff11a3d7adc2d0724fbcfa190dac23bec1a2eb", 1158, true },
    { "UDP, whole, padded", ROWS_ETHER4 "45000032000040003f1153a4c1a76464c1a7006401bbc0f2001e62d5477e0c41c4c2896277ec"
      "4fdd2c590cd20c0ca94499ed" "0000", 0, true },
    { "UDP on the port of a tunnel", ROWS_ETHER4 ROWS_IP4("0030", "11") "c35012b5001c0000" "0800000000000500"
      "000000000000000000000000", 0, false },
    { "IPIP", ROWS_ETHER4 ROWS_IP4("003c", "04") ROWS_SYN4, 0, false },
    { "fragment", ROWS_ETHER4 "45000028000120004006f97bc0a80002c0a80001" "3ad101bb0000000a0000000050022000d1f80000", 0,
      false },
    { "IP options", ROWS_ETHER4 "4600002c0001000040060000c0a80002c0a8000194040000"
      "3ad101bb0000000a0000000050022000d1f80000", 0, false },
    { "ARP", "ffffffffffff001ff33ce11308060001080006040001001ff33ce113ac100b01000000000000ac100bc20000000000000000"
      "00000000000000000000", 0, false },
};

static void seeds_and_mutations(void **state)
{
    (void)state;
    static struct decode_context context;

    rows_context(&context);
    for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
        uint8_t bytes[ROWS_FRAME_MAX];
        struct decode_packet p;
        uint32_t length = (uint32_t)rows_bytes(seeds[i].hex, bytes);
        struct row row = { seeds[i].name, 1, seeds[i].hex, seeds[i].missing, NULL };

        memset(&p, 0, sizeof p);
        bool is_brief = decode_brief_read(&context, bytes, length, length + row.missing, &p);
        if (is_brief != seeds[i].is_brief)
            fail_msg("row \"%s\": %s by the shortcut", seeds[i].name, is_brief ? "read" : "not read");
        rows_mutate(&context, &row, bytes, length);
    }
}

static void refused_frames_leave_out_alone(void **state)
{
    (void)state;
    static struct decode_context context;

    rows_context(&context);
    for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
        uint8_t bytes[ROWS_FRAME_MAX];
        struct decode_packet p, zero;
        uint32_t length = (uint32_t)rows_bytes(seeds[i].hex, bytes);

        memset(&zero, 0, sizeof zero);
        for (uint32_t cut = 0; cut <= length; cut++) {
            memset(&p, 0, sizeof p);
            if (!decode_brief_read(&context, bytes, cut, cut, &p))
                assert_memory_equal(&p, &zero, sizeof p);
        }
    }
}

/* A reader of classic pcap of the test's own, so that it owes nothing to src/capture. */

struct tally {
    struct decode_context context;
    unsigned files, packets, brief;
};

static uint32_t load(const uint8_t *b, bool swapped)
{
    uint32_t little = (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
    return swapped ? __builtin_bswap32(little) : little;
}

static void compare(struct tally *t, uint16_t link_type, const uint8_t *bytes, uint32_t captured, uint32_t wire)
{
    static const uint32_t cuts[] = { 14, 34, 42, 54, 58, 62, 66, 74, 96 };
    struct decode_packet p;

    rows_decode(&t->context, link_type, bytes, captured, wire, &p);
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0] && cuts[i] < captured; i++)
        rows_decode(&t->context, link_type, bytes, cuts[i], wire, &p);
    memset(&p, 0, sizeof p);
    t->brief += link_type == 1 && decode_brief_read(&t->context, bytes, captured, wire, &p);
    t->packets++;
}

static void read_file(struct tally *t, const char *path)
{
    enum { RECORD_MAX = 1 << 20 };
    static uint8_t bytes[RECORD_MAX];
    uint8_t header[24];
    FILE *file = fopen(path, "rb");

    if (!file)
        return;
    size_t got = fread(header, 1, sizeof header, file);
    uint32_t magic = load(header, false);
    bool swapped = magic == 0xd4c3b2a1 || magic == 0x4d3cb2a1;
    if (got == sizeof header && (swapped || magic == 0xa1b2c3d4 || magic == 0xa1b23c4d)) {
        uint16_t link_type = (uint16_t)load(header + 20, swapped);
        t->files++;
        while (fread(header, 1, 16, file) == 16) {
            uint32_t captured = load(header + 8, swapped), wire = load(header + 12, swapped);
            if (captured > RECORD_MAX || fread(bytes, 1, captured, file) != captured)
                break;
            compare(t, link_type, bytes, captured, wire < captured ? captured : wire);
        }
    }
    fclose(file);
}

static void read_folder(struct tally *t, const char *path)
{
    DIR *folder = opendir(path);

    if (!folder) {
        print_message("no folder %s here: its captures are not compared\n", path);
        return;
    }
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        char name[1024];
        struct stat what;
        if (entry->d_name[0] == '.' || snprintf(name, sizeof name, "%s/%s", path, entry->d_name) >= (int)sizeof name)
            continue;
        if (stat(name, &what) != 0)
            continue;
        if (S_ISDIR(what.st_mode))
            read_folder(t, name);
        else if (S_ISREG(what.st_mode))
            read_file(t, name);
    }
    closedir(folder);
}

static void every_capture(void **state)
{
    (void)state;
    static struct tally few, all;

    rows_context(&few.context);
    memset(&all.context.ports, 0xff, sizeof all.context.ports);
    read_folder(&few, "captures");
    read_folder(&few, "../shared/captures");
    read_folder(&all, "captures");
    read_folder(&all, "../shared/captures");
    print_message("%u packets of %u captures, %u by the shortcut; with all ports followed %u\n", few.packets, few.files,
                  few.brief, all.brief);
    assert_int_equal(few.packets, all.packets);
    if (few.packets > 1000)
        assert_true(few.brief > few.packets / 2 && all.brief > all.packets / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seeds_and_mutations),
        cmocka_unit_test(refused_frames_leave_out_alone),
        cmocka_unit_test(every_capture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
