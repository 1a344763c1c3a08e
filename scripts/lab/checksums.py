# SPDX-License-Identifier: Apache-2.0
"""The Internet checksum (RFC 1071)."""
import struct


def checksum(data):
    if len(data) & 1:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ipv4_header(frame):
    """The frame with the checksum of its IPv4 header made right again."""
    frame = bytearray(frame)
    frame[24:26] = b"\0\0"
    frame[24:26] = struct.pack("!H", checksum(bytes(frame[14:14 + (frame[14] & 15) * 4])))
    return bytes(frame)
