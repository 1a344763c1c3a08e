# SPDX-License-Identifier: Apache-2.0
"""What a way of capturing does to packets, done after the recording: tags, tunnels, cuts, copies, losses, clocks."""
import dataclasses
import random
import struct

from checksums import checksum

SLL2_TYPE = {True: 0, False: 4}  # to us, sent by us


def change(record, **values):
    return dataclasses.replace(record, **values)


def vlan(records, number, priority=0):
    tag = struct.pack("!HH", 0x8100, priority << 13 | number)
    return [change(r, frame=r.frame[:12] + tag + r.frame[12:], length=r.length + 4) for r in records]


def _ipv4(proto, payload, source, destination, number):
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), number & 0xFFFF, 0x4000, 64, proto, 0)
    head += bytes(map(int, source.split("."))) + bytes(map(int, destination.split(".")))
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def _carry(records, wrap, extra):
    mac = bytes.fromhex("02aa00000002" "02aa00000001") + b"\x08\x00"
    return [change(r, frame=mac + wrap(r, number), length=r.length + extra + 14)
            for number, r in enumerate(records, 1)]


def vxlan(records, network=4195):
    def wrap(record, number):
        inner = struct.pack("!II", 0x08000000, network << 8) + record.frame
        udp = struct.pack("!HHHH", 49152 + number % 997, 4789, 8 + len(inner), 0) + inner
        return _ipv4(17, udp, "10.20.99.1", "10.20.99.2", number)
    return _carry(records, wrap, 36)


def erspan(records, session=7):
    """ERSPAN type II: GRE with a sequence number, then eight bytes."""
    def wrap(record, number):
        head = struct.pack("!HHI", 0x1000, 0x88BE, number) + struct.pack("!HHI", 0x1000 | 120, session, 1)
        return _ipv4(47, head + record.frame, "10.20.99.1", "10.20.99.2", number)
    return _carry(records, wrap, 36)


def sll2(records, inner_mac):
    """Linux cooked v2, as `tcpdump -i any` gives it. inner_mac: the address that packets to this host carry."""
    out = []
    for record in records:
        inward = record.frame[0:6] == inner_mac
        head = record.frame[12:14] + struct.pack("!HIHBB", 0, 2, 1, SLL2_TYPE[inward], 6)
        out.append(change(record, frame=head + record.frame[6:12] + b"\0\0" + record.frame[14:],
                          length=record.length + 6))
    return out


def snap(records, size):
    return [change(r, frame=r.frame[:size]) for r in records]


def span_copies(records):
    """A mirror of both ports: every frame again, a few microseconds later."""
    copies = [change(r, time_ns=r.time_ns + random.randint(2000, 9000)) for r in records]
    return sorted(records + copies, key=lambda r: r.time_ns)


def routed_copies(records):
    """A mirror before and after a router: the second copy has other MACs and TTL - 1."""
    copies = []
    for record in records:
        frame = bytearray(record.frame)
        if frame[12:14] != b"\x08\x00" or frame[22] < 2:
            continue
        frame[0:12] = bytes.fromhex("02bb00000002" "02bb00000001")
        frame[22] -= 1
        frame[24:26] = b"\0\0"
        frame[24:26] = struct.pack("!H", checksum(bytes(frame[14:34])))
        copies.append(change(record, frame=bytes(frame), time_ns=record.time_ns + random.randint(20000, 60000)))
    return sorted(records + copies, key=lambda r: r.time_ns)


def lose(records, share, seed=1):
    """The capture itself loses packets."""
    dice = random.Random(seed)
    return [r for r in records if dice.random() >= share]


def after(records, seconds):
    """Recording began so many seconds late."""
    return [r for r in records if r.time_ns - records[0].time_ns >= seconds * 10**9]


def clock_step(records, after, seconds):
    """The recorder's clock is set: packets from index `after` on carry another time."""
    return records[:after] + [change(r, time_ns=r.time_ns + int(seconds * 1e9)) for r in records[after:]]


def addresses(record):
    """(source, destination) as text, or None."""
    frame = record.frame
    if frame[12:14] == b"\x08\x00":
        return ".".join(map(str, frame[26:30])), ".".join(map(str, frame[30:34]))
    if frame[12:14] == b"\x86\xdd":
        return frame[22:38].hex(), frame[38:54].hex()
    return None


def only_from(records, prefix):
    """One direction: what these senders sent (and no ARP)."""
    return [r for r in records if addresses(r) and addresses(r)[0].startswith(prefix)]


def only_to(records, prefix):
    return [r for r in records if addresses(r) and addresses(r)[1].startswith(prefix)]


def _segment(record):
    """(flow, sequence, length, payload offset) of a TCP segment with data, else None."""
    frame = record.frame
    if frame[12:14] != b"\x08\x00" or frame[23] != 6:
        return None
    start = 14 + (frame[14] & 15) * 4
    offset = start + (frame[start + 12] >> 4) * 4
    length = struct.unpack_from("!H", frame, 16)[0] + 14 - offset
    if length <= 0 or frame[start + 13] & 7:
        return None
    return frame[26:34] + frame[start:start + 4], struct.unpack_from("!I", frame, start + 4)[0], length, offset


def super_segments(records, sender_prefix, gap_ns=2_000_000, limit=60000):
    """What a host with GRO and TSO shows: neighbouring segments as one, its own checksums not filled in."""
    out, last = [], {}
    for record in records:
        parts = _segment(record)
        if parts is None:
            out.append(_unfinished(record, sender_prefix))
            continue
        flow, number, length, offset = parts
        index = last.get(flow)
        if index is not None and _joins(out[index], number, record, gap_ns, limit, length):
            out[index] = _join(out[index], record, offset)
            continue
        out.append(_unfinished(record, sender_prefix))
        last[flow] = len(out) - 1
    return out


def _joins(before, number, record, gap_ns, limit, length):
    _, first, size, _ = _segment(before)
    return first + size == number and record.time_ns - before.time_ns <= gap_ns and size + length <= limit


def _join(before, record, offset):
    frame = bytearray(before.frame + record.frame[offset:])
    struct.pack_into("!H", frame, 16, len(frame) - 14)
    frame[24:26] = b"\0\0"
    frame[24:26] = struct.pack("!H", checksum(bytes(frame[14:34])))
    return change(before, frame=bytes(frame), length=len(frame))


def _unfinished(record, sender_prefix):
    """Checksum offload: the stack leaves the pseudo-header's sum and the card would do the rest."""
    names = addresses(record)
    if names is None or not names[0].startswith(sender_prefix) or record.frame[23] not in (6, 17):
        return record
    frame = bytearray(record.frame)
    start = 14 + (frame[14] & 15) * 4
    pseudo = bytes(frame[26:34]) + struct.pack("!HH", frame[23], len(frame) - start)
    struct.pack_into("!H", frame, start + (16 if frame[23] == 6 else 6), ~checksum(pseudo) & 0xFFFF)
    return change(record, frame=bytes(frame))
