# SPDX-License-Identifier: Apache-2.0
"""Packets that no stack here would send: resets in somebody else's name."""
import random
import socket
import struct

from checksums import checksum, ipv4_header

RST = 4


def with_ttl(frame, ttl):
    """The IPv4 frame as if its sender began with another TTL."""
    return ipv4_header(frame[:22] + bytes([ttl]) + frame[23:])


def resets(packet, how):
    """RSTs to the sender of an IPv4 segment, in its receiver's name. how: count; step between their sequence numbers
    (the first is the one the sender waits for); ttl as it leaves; window; copy_id: the IP-ID of the segment itself."""
    frame = packet.frame
    source, destination = frame[30:34], frame[26:30]
    expected = struct.unpack_from("!I", frame, packet.start + 8)[0]
    for index in range(how.get("count", 1)):
        number = (expected + index * how.get("step", 1460)) & 0xFFFFFFFF
        tcp = struct.pack("!HHIIBBHHH", packet.dport, packet.sport, number, 0, 0x50, RST, how.get("window", 0), 0, 0)
        pseudo = source + destination + struct.pack("!HH", socket.IPPROTO_TCP, len(tcp))
        tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
        name = frame[18:20] if how.get("copy_id") else struct.pack("!H", random.getrandbits(16))
        head = struct.pack("!BBH", 0x45, 0, 20 + len(tcp)) + name + struct.pack("!HBBH", 0, how["ttl"], 6, 0)
        yield ipv4_header(frame[6:12] + frame[0:6] + frame[12:14] + head + source + destination + tcp)
