# SPDX-License-Identifier: Apache-2.0
"""Puts the published addresses in place of the TEST-NET ones: in headers, in headers quoted by ICMP and ICMPv6, in
ARP and neighbour discovery, in DNS answers. Every checksum is changed by the difference (RFC 1624), so that a right
one stays right and a wrong one wrong."""
import ipaddress
import socket
import struct

import places

TABLE_4 = {socket.inet_aton(old): socket.inet_aton(new) for old, new in places.REWRITE_4.items()}
TABLE_6 = [(ipaddress.ip_network(old), ipaddress.ip_network(new)) for old, new in places.REWRITE_6.items()]
CHECKSUM_AT = {6: 16, 17: 6, 58: 2}


def new_4(old):
    return TABLE_4.get(bytes(old), bytes(old))


def new_6(old):
    address = ipaddress.IPv6Address(bytes(old))
    for before, after in TABLE_6:
        if address in before:
            return (int(address) - int(before[0]) + int(after[0])).to_bytes(16, "big")
    return bytes(old)


class Delta:
    """The difference that changed 16-bit words make to a ones' complement sum."""

    def __init__(self):
        self.sum = 0

    def change(self, frame, at, new):
        for index in range(0, len(new), 2):
            old_word = struct.unpack_from("!H", frame, at + index)[0]
            self.sum += (~old_word & 0xFFFF) + struct.unpack_from("!H", new, index)[0]
        frame[at:at + len(new)] = new

    def apply(self, frame, at, zero_means_none=False):
        if at + 2 > len(frame):
            return
        old = struct.unpack_from("!H", frame, at)[0]
        if self.sum == 0 or (zero_means_none and old == 0):
            return
        total = (~old & 0xFFFF) + self.sum
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
        struct.pack_into("!H", frame, at, (~total & 0xFFFF) or (0xFFFF if zero_means_none else 0))


def frame(data):
    """One Ethernet frame, rewritten."""
    out = bytearray(data)
    kind = struct.unpack_from("!H", out, 12)[0]
    if kind == 0x0806:
        for at in (28, 38):
            out[at:at + 4] = new_4(out[at:at + 4])
    elif kind == 0x0800:
        _ipv4(out, 14)
    elif kind == 0x86DD:
        _ipv6(out, 14)
    return bytes(out)


def _words(frame_bytes, start, end):
    """The 16-bit words of a part, summed: to see what an inner change did to an outer checksum."""
    part = bytes(frame_bytes[start:end])
    part += b"\0" * (len(part) & 1)
    return sum(struct.unpack(f"!{len(part) // 2}H", part))


def _ipv4(out, at):
    delta = Delta()
    for offset in (12, 16):
        delta.change(out, at + offset, new_4(out[at + offset:at + offset + 4]))
    delta.apply(out, at + 10)
    first = not struct.unpack_from("!H", out, at + 6)[0] & 0x1FFF
    start = at + (out[at] & 15) * 4
    if first:
        _transport(out, out[at + 9], start, delta)


def _ipv6(out, at):
    delta = Delta()
    for offset in (8, 24):
        delta.change(out, at + offset, new_6(out[at + offset:at + offset + 16]))
    proto, start = out[at + 6], at + 40
    if proto == 44 and len(out) > start + 8:
        if struct.unpack_from("!H", out, start + 2)[0] & 0xFFF8:
            return
        proto, start = out[start], start + 8
    _transport(out, proto, start, delta)


def _transport(out, proto, start, delta):
    if proto == 1:
        _icmp(out, start, Delta(), (3, 4, 5, 11, 12), _ipv4)
    elif proto == 58:
        _icmp(out, start, delta, (1, 2, 3, 4), _ipv6)
    elif proto in (6, 17):
        if proto == 17 and 53 in struct.unpack_from("!HH", out, start):
            _dns(out, start + 8, delta)
        delta.apply(out, start + CHECKSUM_AT[proto], zero_means_none=proto == 17)


def _icmp(out, start, delta, errors, inner):
    before = _words(out, start + 8, len(out))
    if out[start] in errors:
        try:
            inner(out, start + 8)
        except struct.error:
            pass  # a quote cut short
    elif out[start] in (135, 136):
        out[start + 8:start + 24] = new_6(out[start + 8:start + 24])
    delta.sum += _words(out, start + 8, len(out)) - before
    if delta.sum < 0:
        delta.sum += 0xFFFF * (1 + -delta.sum // 0xFFFF)
    delta.apply(out, start + 2)


def _skip_name(out, at):
    while out[at] and out[at] < 192:
        at += 1 + out[at]
    return at + (2 if out[at] >= 192 else 1)


def _dns(out, at, delta):
    """The addresses of the answers; an odd offset within the message is summed by the caller's words alike."""
    questions, answers = struct.unpack_from("!HH", out, at + 4)
    base, where = at, at + 12
    for _ in range(questions):
        where = _skip_name(out, where) + 4
    for _ in range(answers):
        where = _skip_name(out, where)
        kind, length = struct.unpack_from("!HxxxxxxH", out, where)
        where += 10
        if kind in (1, 28):
            new = (new_4 if kind == 1 else new_6)(out[where:where + length])
            _change_anywhere(out, base, where, new, delta)
        where += length


def _change_anywhere(out, base, at, new, delta):
    """As Delta.change, for bytes that may begin in the middle of a 16-bit word of the checksum."""
    odd = (at - base) & 1
    start, end = at - odd, at + len(new) + odd
    padded = end > len(out)
    if padded:
        out.append(0)
    delta.change(out, start, bytes(out[start:at]) + new + bytes(out[at + len(new):end]))
    if padded:
        out.pop()
