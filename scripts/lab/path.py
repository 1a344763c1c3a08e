# SPDX-License-Identifier: Apache-2.0
"""The path between the firewall and the servers: a process between two TAP devices that delays, loses, shapes and
rejects, and counts what it did. Its counts are the ground truth of a recording.

Reads one JSON object a line on stdin: {"up": {...}, "down": {...}} changes the settings of a direction. Prints the
counts as one JSON object when stdin ends."""
import heapq
import json
import os
import random
import select
import socket
import struct
import sys
import time

import forge
from checksums import checksum

HOPS = 11
SETTINGS = {"delay_ms": 15.0, "jitter_ms": 0.3, "loss": 0.0, "rate_kbit": 0, "queue_ms": 200, "mtu": 0,
            "mtu_icmp": True, "rules": []}
COUNTERS = ("packets", "lost", "queue_drops", "too_big", "rule_drops", "expired", "late", "forged")


class Packet:
    """What the rules ask about one frame; None in proto means: not an IP packet of hosts (ARP, neighbour discovery)."""

    def __init__(self, frame):
        self.frame = frame
        self.proto = None
        kind = struct.unpack_from("!H", frame, 12)[0]
        if kind == 0x0800 and len(frame) >= 34:
            self._ipv4()
        elif kind == 0x86DD and len(frame) >= 54:
            self._ipv6()

    def _ipv4(self):
        frame = self.frame
        self.version, self.start = 4, 14 + (frame[14] & 15) * 4
        self.length = struct.unpack_from("!H", frame, 16)[0]
        flags = struct.unpack_from("!H", frame, 20)[0]
        self.dont_fragment = bool(flags & 0x4000)
        self.ttl, self.proto, self.later = frame[22], frame[23], bool(flags & 0x1FFF)
        self.src, self.dst = socket.inet_ntoa(frame[26:30]), socket.inet_ntoa(frame[30:34])
        self._ports(first=not flags & 0x1FFF)

    def _ipv6(self):
        frame = self.frame
        self.version, self.start, self.dont_fragment, self.later = 6, 54, True, False
        self.length = struct.unpack_from("!H", frame, 18)[0] + 40
        self.ttl, proto = frame[21], frame[20]
        if proto == 0 or proto == 58 and 133 <= frame[54] <= 137:
            return  # listener reports and neighbour discovery stay on the link
        self.proto = proto
        self.src = socket.inet_ntop(socket.AF_INET6, frame[22:38])
        self.dst = socket.inet_ntop(socket.AF_INET6, frame[38:54])
        self._ports(first=True)

    def _ports(self, first):
        self.sport = self.dport = self.flags = 0
        if first and self.proto in (6, 17) and len(self.frame) >= self.start + 4:
            self.sport, self.dport = struct.unpack_from("!HH", self.frame, self.start)
        if first and self.proto == 6 and len(self.frame) >= self.start + 14:
            self.flags = self.frame[self.start + 13]

    def age(self, hops):
        """The frame as it leaves after so many routers."""
        frame = bytearray(self.frame)
        if self.version == 6:
            frame[21] -= hops
            return bytes(frame)
        frame[22] -= hops
        frame[24:26] = b"\0\0"
        frame[24:26] = struct.pack("!H", checksum(bytes(frame[14:14 + (frame[14] & 15) * 4])))
        return bytes(frame)


def hop_address(version, hop):
    return f"203.0.113.{100 + hop}" if version == 4 else f"2001:db8:aaaa::{hop:x}"


def icmp_error(packet, kind, code, rest, hop, quoted_ttl=1):
    """An error from the hop-th router of the path, quoting the packet as it arrived there."""
    frame = bytearray(packet.frame)
    mac = bytes(frame[6:12] + frame[0:6] + frame[12:14])
    if packet.version == 6:
        frame[21] = quoted_ttl
        quote = bytes(frame[14:14 + 1232])
        source = socket.inet_pton(socket.AF_INET6, hop_address(6, hop))
        body = struct.pack("!BBHI", kind, code, 0, rest) + quote
        pseudo = source + bytes(frame[22:38]) + struct.pack("!II", len(body), 58)
        body = body[:2] + struct.pack("!H", checksum(pseudo + body)) + body[4:]
        return mac + struct.pack("!IHBB", 0x60000000, len(body), 58, 64 - hop + 1) + source + bytes(frame[22:38]) + body
    frame = bytearray(packet.age(packet.ttl - quoted_ttl))
    quote = bytes(frame[14:14 + 20 + 8 + (40 if packet.proto == 6 else 0)])
    body = struct.pack("!BBHI", kind, code, 0, rest) + quote
    body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
    head = struct.pack("!BBHHHBBH", 0x45, 0xC0, 20 + len(body), random.getrandbits(16), 0, 64 - hop + 1, 1, 0)
    head += socket.inet_aton(hop_address(4, hop)) + bytes(frame[26:30])
    return mac + head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def matches(rule, packet):
    numbers = ("proto", "sport", "dport", "src", "dst", "version", "later")
    if any(key in rule and rule[key] != getattr(packet, key) for key in numbers):
        return False
    if packet.length < rule.get("min_length", 0) or packet.length > rule.get("max_length", 65535):
        return False
    if "flags" in rule and packet.flags & 0x17 != rule["flags"]:
        return False
    rule["seen"] = rule.get("seen", 0) + 1
    if rule["seen"] <= rule.get("skip", 0) or rule["seen"] % rule.get("every", 1):
        return False
    return rule["seen"] <= rule.get("skip", 0) + rule.get("count", 1 << 30)


class Direction:
    def __init__(self, output, back):
        self.output, self.back = output, back
        self.set = dict(SETTINGS)
        self.counts = dict.fromkeys(COUNTERS, 0)
        self.dropped = {}
        self.line_free = self.last_out = 0.0
        self.extra = []            # what the path sends of its own: (time, descriptor, frame)

    def note(self, packet, why):
        self.counts[why] += 1
        port = packet.dport if packet.dport in (53, 443, 4172, 4195) else packet.sport
        key = f"{packet.proto}:{port} {why}"
        self.dropped[key] = self.dropped.get(key, 0) + 1

    def error(self, packet, now, kinds, hop):
        """An ICMP error goes back after the delay of the hops behind it."""
        kind, code, rest = kinds
        delay = 2 * self.set["delay_ms"] * hop / HOPS / 1000
        return (now + delay, self.back, icmp_error(packet, kind, code, rest, hop))

    def judge(self, packet, now):
        """Where and when the packet comes out: (time, descriptor, frame), or None."""
        self.counts["packets"] += 1
        for rule in self.set["rules"]:
            if matches(rule, packet):
                return self.act(rule, packet, now)
        if packet.ttl <= HOPS:
            self.note(packet, "expired")
            return self.error(packet, now, (11, 0, 0) if packet.version == 4 else (3, 0, 0), packet.ttl)
        mtu = self.set["mtu"]
        if mtu and packet.length > mtu and packet.dont_fragment:
            self.note(packet, "too_big")
            if not self.set["mtu_icmp"]:
                return None
            return self.error(packet, now, (3, 4, mtu) if packet.version == 4 else (2, 0, mtu), 3)
        if random.random() < self.set["loss"]:
            self.note(packet, "lost")
            return None
        return self.forward(packet, now)

    def act(self, rule, packet, now):
        """Drops the packet, unless the rule says pass; icmp: with an error; forge: with resets in its receiver's
        name; late_ms: lets it pass behind later ones; ttl: as if its sender began with another TTL."""
        if "late_ms" in rule:
            self.note(packet, "late")
            return (now + (self.set["delay_ms"] + rule["late_ms"]) / 1000, self.output, packet.age(HOPS))
        if "ttl" in rule:
            self.note(packet, "forged")
            packet.frame = forge.with_ttl(packet.frame, rule["ttl"])
            return self.forward(packet, now)
        if "icmp" in rule:
            self.extra.append(self.error(packet, now, rule["icmp"], rule.get("hop", 4)))
        for index, frame in enumerate(forge.resets(packet, rule["forge"]) if "forge" in rule else []):
            self.note(packet, "forged")
            delay = 2 * self.set["delay_ms"] * rule["forge"].get("hop", 4) / HOPS + 0.2 * index
            self.extra.append((now + delay / 1000, self.back, frame))
        if rule.get("pass"):
            return self.forward(packet, now)
        self.note(packet, "rule_drops")
        return None

    def forward(self, packet, now):
        leave = now
        if self.set["rate_kbit"]:
            start = max(now, self.line_free)
            if (start - now) * 1000 > self.set["queue_ms"]:
                self.note(packet, "queue_drops")
                return None
            leave = self.line_free = start + packet.length * 8 / (self.set["rate_kbit"] * 1000)
        leave += (self.set["delay_ms"] + random.random() * self.set["jitter_ms"]) / 1000
        leave = self.last_out = max(leave, self.last_out)
        return (leave, self.output, packet.age(HOPS))


class Emulator:
    def __init__(self, inner, outer):
        self.up, self.down = Direction(outer, inner), Direction(inner, outer)
        self.by_input = {inner: self.up, outer: self.down}
        self.queue, self.serial = [], 0
        self.commands = b""

    def command(self):
        """False when the lab has closed the pipe."""
        data = os.read(0, 65536)
        *lines, self.commands = (self.commands + data).split(b"\n")
        for line in lines:
            changes = json.loads(line)
            for name in ("up", "down"):
                getattr(self, name).set.update(changes.get(name, {}))
        return bool(data)

    def receive(self, fd):
        direction = self.by_input[fd]
        for _ in range(64):
            try:
                frame = os.read(fd, 65536)
            except BlockingIOError:
                return
            now = time.monotonic()
            packet = Packet(frame)
            result = (now, direction.output, frame) if packet.proto is None else direction.judge(packet, now)
            for when, output, data in ([result] if result is not None else []) + direction.extra:
                self.serial += 1
                heapq.heappush(self.queue, (when, self.serial, output, data))
            direction.extra.clear()

    def flush(self):
        now = time.monotonic()
        while self.queue and self.queue[0][0] <= now:
            _, _, fd, frame = heapq.heappop(self.queue)
            try:
                os.write(fd, frame)
            except OSError:
                pass  # the device is down or full: the end of a run

    def run(self):
        while True:
            wait = max(0.0, self.queue[0][0] - time.monotonic()) if self.queue else 1.0
            ready, _, _ = select.select([*self.by_input, 0], [], [], wait)
            self.flush()
            for fd in ready:
                if fd in self.by_input:
                    self.receive(fd)
                elif not self.command():
                    return

    def report(self):
        return {name: {**d.counts, "by_proto_and_port": d.dropped}
                for name, d in (("up", self.up), ("down", self.down))}


if __name__ == "__main__":
    emulator = Emulator(int(sys.argv[1]), int(sys.argv[2]))
    emulator.run()
    print(json.dumps(emulator.report()))
