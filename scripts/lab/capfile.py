# SPDX-License-Identifier: Apache-2.0
"""Reading tcpdump's pcap, writing pcap and pcapng in any dress."""
import dataclasses
import gzip
import struct

ETHERNET, RAW, SLL2 = 1, 101, 276
NANO, MICRO = 0xA1B23C4D, 0xA1B2C3D4


@dataclasses.dataclass
class Record:
    time_ns: int
    frame: bytes
    length: int                # on the wire
    comment: str = ""
    inward: bool | None = None  # for pcapng's direction flag


def read(path):
    """The records of a little-endian pcap written here by tcpdump."""
    with open(path, "rb") as file:
        data = file.read()
    unit = {NANO: 1, MICRO: 1000}[struct.unpack_from("<I", data)[0]]
    records, at = [], 24
    while at + 16 <= len(data):
        seconds, fraction, captured, length = struct.unpack_from("<IIII", data, at)
        at += 16
        records.append(Record(seconds * 10**9 + fraction * unit, data[at:at + captured], length))
        at += captured
    return records


def pcap(records, link=ETHERNET, nano=False, big=False, snap=262144):
    order, unit = (">" if big else "<"), (1 if nano else 1000)
    parts = [struct.pack(order + "IHHiIII", NANO if nano else MICRO, 2, 4, 0, 0, snap, link)]
    for record in records:
        seconds, fraction = divmod(record.time_ns, 10**9)
        parts.append(struct.pack(order + "IIII", seconds, fraction // unit, len(record.frame), record.length))
        parts.append(record.frame)
    return b"".join(parts)


def _option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def _block(order, kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack(order + "II", kind, len(body) + 12) + body + struct.pack(order + "I", len(body) + 12)


def pcapng(records, link=ETHERNET, big=False, snap=262144, **options):
    """options: filter (text), name, dropped (count by the kernel)."""
    order = ">" if big else "<"
    end = struct.pack(order + "HH", 0, 0)
    section = struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1)
    section += _option(order, 4, b"wspscope lab") + end
    face = struct.pack(order + "HHI", link, 0, snap) + _option(order, 2, options.get("name", "tap0").encode())
    face += _option(order, 9, b"\x09")
    if "filter" in options:
        face += _option(order, 11, b"\0" + options["filter"].encode())
    parts = [_block(order, 0x0A0D0D0A, section), _block(order, 1, face + end)]
    for record in records:
        parts.append(_packet(order, record, end))
    if "dropped" in options:
        counts = struct.pack(order + "III", 0, 0, 0) + _option(order, 5, struct.pack(order + "Q", options["dropped"]))
        parts.append(_block(order, 5, counts + end))
    return b"".join(parts)


def _packet(order, record, end):
    high, low = record.time_ns >> 32, record.time_ns & 0xFFFFFFFF
    body = struct.pack(order + "IIIII", 0, high, low, len(record.frame), record.length)
    body += record.frame + b"\0" * (-len(record.frame) % 4)
    extra = b""
    if record.comment:
        extra += _option(order, 1, record.comment.encode())
    if record.inward is not None:
        extra += _option(order, 2, struct.pack(order + "I", 1 if record.inward else 2))
    return _block(order, 6, body + (extra + end if extra else b""))


def write(path, data):
    """By its name: NAME.pcap, NAME.pcapng, NAME.pcap.gz."""
    if path.endswith(".gz"):
        data = gzip.compress(data, 9, mtime=0)
    with open(path, "wb") as file:
        file.write(data)
