/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/foreign.h"

#include <stdbool.h>
#include <string.h>

#include "base/cursor.h"

#define EDITCAP "convert it with `editcap -F pcapng IN OUT`"
#define RECORD_PACKETS "record packets instead, with `tcpdump -w FILE`"
#define PICTURE "give the capture file itself"

struct magic {
    size_t offset, length;
    const char *bytes;
    struct capture_foreign is;
};

static const struct magic magics[] = {
    { 0, 8, "snoop\0\0\0", { "a snoop capture (Solaris)", EDITCAP } },
    { 0, 4, "RTSS", { "a Microsoft Network Monitor 1 capture", EDITCAP } },
    { 0, 4, "GMBU", { "a Microsoft Network Monitor 2 capture", EDITCAP } },
    { 0, 10, "iptrace 1.", { "an AIX iptrace capture", EDITCAP } },
    { 0, 10, "iptrace 2.", { "an AIX iptrace capture", EDITCAP } },
    { 0, 12, "TRSNIFF data", { "a Sniffer capture (DOS, .enc or .cap)", EDITCAP } },
    { 0, 4, "XCP\0", { "a Sniffer or NetXRay capture (Windows, .cap)", EDITCAP } },
    { 0, 4, "VL\0\0", { "an old NetXRay capture (.cap)", EDITCAP } },
    { 0, 6, "\x01\x10\x4c\x00\x01\x05", { "a Novell LANalyzer capture", EDITCAP } },
    { 0, 4, "\x01\x10\x4c\x00", { "a Novell LANalyzer capture", EDITCAP } },
    { 0, 2, "\x07\x10", { "a Novell LANalyzer capture (cyclic)", EDITCAP } },
    { 0, 5, "TR\0\x64\0", { "an HP-UX nettl trace", EDITCAP } },
    { 0, 11, "\0\0\0\x01\0\0\0\0\0\x07\xd0", { "an HP-UX nettl trace", EDITCAP } },
    { 0, 8, "\0\0\x02\0\x12\x05\0\x10", { "a Tektronix K12 capture (.rf5)", EDITCAP } },
    { 0, 26, "+---------+---------------+", { "a Tektronix K12 text capture", EDITCAP } },
    { 0, 4, "\xaa\xaa\xaa\xaa", { "a 5View capture", EDITCAP } },
    { 0, 4, "\x05VNF", { "a Visual Networks capture", EDITCAP } },
    { 0, 6, "EyeSDN", { "an EyeSDN trace", EDITCAP } },
    { 0, 8, "btsnoop\0", { "a Bluetooth btsnoop capture", RECORD_PACKETS } },
    { 0, 13, "ObserverPktBu", { "a Viavi Observer capture", EDITCAP } },
    { 0, 4, "\x7fver", { "an OmniPeek capture (.pkt)", EDITCAP } },
    { 0, 4, "LOGG", { "a Vector BLF log", RECORD_PACKETS } },
    { 0, 4, "\xac\x01\x00\x1c", { "an Ixia capture", EDITCAP } },
    { 0, 4, "\x1c\x00\x01\xac", { "an Ixia capture", EDITCAP } },
    { 0, 4, "\xab\x01\x00\x1c", { "an Ixia capture", EDITCAP } },
    { 0, 4, "\x1c\x00\x01\xab", { "an Ixia capture", EDITCAP } },
    { 0, 2, "\x0c\xa5", { "an nfcapd flow file, which holds no packets", RECORD_PACKETS } },
    { 0, 4, "MSCF", { "a Windows cabinet", "unpack it with `cabextract IN` and give the trace inside" } },
    { 0, 8, "ElfFile\0", { "a Windows event log (.evtx), which holds no packets", RECORD_PACKETS } },
    { 0, 4, "Rar!", { "a RAR archive", "unpack it with `unrar x IN` and give the captures inside" } },
    { 0, 2, "\x1f\x9d", { "compressed by compress (.Z)", "unpack it with `gzip -d IN`" } },
    { 0, 4, "LZIP", { "compressed by lzip", "unpack it with `lzip -d IN`" } },
    { 0, 5, "]\0\0\x80\0", { "compressed by lzma", "unpack it with `xz -d --format=lzma IN`" } },
    { 0, 9, "\x89LZO\0\r\n\x1a\n", { "compressed by lzop", "unpack it with `lzop -d IN`" } },
    { 1, 3, "\x2a\x4d\x18",
      { "compressed, with a frame to skip in front", "unpack it with `zstd -d IN` or `lz4 -d IN`" } },
    { 0, 8, "!<arch>\n", { "an ar archive", "unpack it with `ar x IN`" } },
    { 0, 6, "070701", { "a cpio archive", "unpack it with `cpio -i <IN`" } },
    { 0, 4, "\0\x05\x16\x07", { "an AppleDouble companion file of macOS", "give the file it belongs to" } },
    { 0, 8, "\x89PNG\r\n\x1a\n", { "a picture (PNG)", PICTURE } },
    { 0, 3, "\xff\xd8\xff", { "a picture (JPEG)", PICTURE } },
    { 0, 4, "GIF8", { "a picture (GIF)", PICTURE } },
    { 0, 5, "%PDF-", { "a PDF document", PICTURE } },
    { 0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", { "a Microsoft Office document", PICTURE } },
    { 0, 4, "\x7f" "ELF", { "a program", PICTURE } },
    { 0, 16, "SQLite format 3\0", { "an SQLite database", PICTURE } },
};

static const struct capture_foreign erf_capture = { "an Endace ERF capture", EDITCAP };
static const struct capture_foreign etl = {
    "a Windows event trace (.etl, from pktmon or netsh)",
    "convert it with `etl2pcapng IN OUT`, or on Windows with `pktmon etl2pcap IN`",
};
static const struct capture_foreign netscaler = { "a NetScaler trace (nstrace)", EDITCAP };
static const struct capture_foreign unknown = {
    "in no capture format that is known here",
    "if Wireshark opens it, convert it with `editcap -F pcapng IN OUT`",
};

static bool has(const uint8_t *head, size_t length, size_t offset, const char *bytes, size_t count)
{
    return offset <= length && length - offset >= count && memcmp(head + offset, bytes, count) == 0;
}

/* A record (Endace Record Format): time stamp, type, flags, length, loss counter, wire length, frame. False for what
 * no card writes. */
static bool erf_record(struct cursor *c, uint32_t *seconds)
{
    enum { TYPE_MASK = 0x7f, TYPE_MAX = 48, HEADER_BYTES = 16 };
    cursor_skip(c, 4);
    *seconds = cursor_u32le(c);
    uint8_t type = cursor_u8(c) & TYPE_MASK;
    cursor_skip(c, 1);
    uint16_t length = cursor_u16be(c);
    cursor_skip(c, 2);
    uint16_t wire_length = cursor_u16be(c);
    if (!cursor_ok(c) || type == 0 || type > TYPE_MAX || length < HEADER_BYTES || wire_length == 0)
        return false;
    cursor_skip(c, length - HEADER_BYTES);
    return cursor_ok(c);
}

/* ERF has no magic number: the first records have to make sense, within a day of each other. One alone counts only
 * when nothing follows it. */
static bool is_erf(const uint8_t *head, size_t length)
{
    enum { RECORDS = 3, YEAR_2000 = 946684800, DAY = 86400 };
    struct cursor c = cursor_make(head, length);
    uint32_t first, seconds;
    if (!erf_record(&c, &first) || first < YEAR_2000)
        return false;
    for (int i = 1; i < RECORDS && cursor_left(&c) > 0; i++) {
        bool whole = erf_record(&c, &seconds);
        if (!whole || seconds < first || seconds - first > DAY)
            return !cursor_ok(&c) && i > 1;
    }
    return true;
}

/* WMI_BUFFER_HEADER of 72 bytes (it begins with the buffer's size), then the trace header, an event marked so. */
static bool is_etl(const uint8_t *head, size_t length)
{
    enum { BUFFER_HEADER_BYTES = 72, BUFFER_BYTES_MAX = 16 * 1024 * 1024 };
    struct cursor c = cursor_make(head, length);
    uint32_t buffer_bytes = cursor_u32le(&c);
    cursor_skip(&c, BUFFER_HEADER_BYTES - 4);
    cursor_skip(&c, 2);
    uint8_t header_type = cursor_u8(&c);
    uint8_t marker = cursor_u8(&c);
    return cursor_ok(&c) && buffer_bytes > 0 && buffer_bytes % 1024 == 0 && buffer_bytes <= BUFFER_BYTES_MAX
           && (header_type == 1 || header_type == 2) && marker == 0xc0;
}

const struct capture_foreign *capture_foreign_find(const uint8_t *head, size_t length)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (has(head, length, magics[i].offset, magics[i].bytes, magics[i].length))
            return &magics[i].is;
    if (length > 0 && memmem(head, length, "NetScaler", 9))
        return &netscaler;
    const struct capture_foreign *text = capture_foreign_text(head, length);
    if (text)
        return text;
    if (is_etl(head, length))
        return &etl;
    return is_erf(head, length) ? &erf_capture : &unknown;
}
