# SPDX-License-Identifier: Apache-2.0
"""DNS, just enough: a server that answers from a table, and the client's question."""
import random
import socket
import struct

TYPES = {"A": 1, "AAAA": 28}
FAILURES = {"nxdomain": 3, "servfail": 2, "refused": 5}


def encode_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def question(name, kind):
    return struct.pack("!HHHHHH", random.getrandbits(16), 0x0100, 1, 0, 0, 0) + encode_name(name) + \
        struct.pack("!HH", TYPES[kind], 1)


def read_question(message):
    labels, at = [], 12
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode())
        at += 1 + message[at]
    kind = struct.unpack_from("!H", message, at + 1)[0]
    return ".".join(labels), kind, message[12:at + 5]


def answer(message, zone, policy):
    """The answer's bytes, or None for silence."""
    name, kind, asked = read_question(message)
    if policy.get(name) == "silent":
        return None
    family = {number: word for word, number in TYPES.items()}.get(kind)
    addresses = zone.get(name, {}).get(family, [])
    code = FAILURES.get(policy.get(name), 0 if name in zone else 3)
    if code:
        addresses = []
    head = message[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(addresses), 0, 0)
    records = b""
    for address in addresses:
        packed = socket.inet_pton(socket.AF_INET if family == "A" else socket.AF_INET6, address)
        records += struct.pack("!HHHIH", 0xC00C, kind, 1, 60, len(packed)) + packed
    return head + asked + records


def serve(sock, zone, policy, stopping):
    sock.settimeout(0.2)
    while not stopping.is_set():
        try:
            message, peer = sock.recvfrom(512)
            reply = answer(message, zone, policy)
            if reply is not None:
                sock.sendto(reply, peer)
        except (TimeoutError, OSError):
            continue
    sock.close()
