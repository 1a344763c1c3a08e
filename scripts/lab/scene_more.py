# SPDX-License-Identifier: Apache-2.0
"""Traffic that has nothing to do with WorkSpaces, and corners of the other scenes."""
import socket
import struct
import time

import capfile
import places
from clients import Client
from scenario import scenario
from scene_healthy import QUIET, prepare
from scene_udp import GIVE_UP, health_servers


@scenario("background-only", ext="pcapng", claims=[
    ("nothing of WorkSpaces", "tcp.port == 4172 || tcp.port == 4195 || udp.port == 4172 || udp.port == 4195", "== 0"),
    ("HTTPS to a web server", "tcp.srcport == 443 && tls", ">= 5"),
    ("failing HTTPS", "tcp.dstport == 443 && ip.dst == 203.0.113.90", ">= 3"),
    ("resets", "tcp.flags.reset == 1", ">= 2"), ("errors", "icmp.type == 3", ">= 2")])
def background_only(lab):
    """An hour without WorkSpaces, so to speak: names, HTTPS that works, HTTPS that dies, resets, ICMP errors, all to
    servers that have nothing to do with it."""
    prepare(lab)
    lab.block("ip daddr 203.0.113.90 drop", "tcp dport 25 reject with icmp type admin-prohibited")
    client = Client(lab)
    client.resolve(places.WEB_NAME)
    client.resolve("no-such-name.example")
    client.exchange(places.WEB, 443, places.WEB_NAME, sizes=(12000, 24))
    for _ in range(2):
        client.attempt(places.WEB, 8443)
        client.attempt(places.WEB, 25)
    client.attempt("203.0.113.90", 443, wait=8)
    client.exchange(places.WEB, 443, places.WEB_NAME)


@scenario("icmp-about-packets-to-client", claims=[
    ("errors of the access router", "icmp.type == 3 && icmp.code == 1 && ip.src == 10.20.31.1", ">= 2"),
    ("the stream goes on", "tcp.srcport == 4195 && tcp.len > 0 && !icmp && frame.time_relative > 7", ">= 20")])
def icmp_to_client(lab):
    """For two seconds of a stream the access router cannot reach the client and says so to the gateway (host
    unreachable); then the stream goes on."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    stream = lab.start(client.stream, 12, kbytes=6)
    time.sleep(3)
    lab.router_block("ip daddr 192.0.2.11 reject with icmp type host-unreachable")
    time.sleep(2)
    lab.router.nft("flush chain inet filter forward\n")
    lab.wait([stream])


@scenario("healthy-nat-four-users", ext="pcapng", clients=4, nat=True, tap="outside", claims=QUIET + [
    ("one address for all", "tcp.dstport == 4195 && ip.src != 203.0.113.2", "== 0"),
    ("eight connections", "tcp.dstport == 4195 && tcp.flags.syn == 1", ">= 6"),
    ("QUIC too", "udp.srcport == 4195", ">= 60")])
def nat(lab):
    """Four users behind one NAT address, recorded outside: two stream over QUIC, two over TCP, at the same time, with
    two gateways. Nothing is wrong."""
    gateways = (places.GATEWAY, places.GATEWAY_2)
    prepare(lab)
    lab.hosts.quic(places.GATEWAY_2)
    time.sleep(0.2)

    def user(number):
        client, gateway = Client(lab, number), gateways[number % 2]
        lab.hosts.zone[client.name] = {"A": [gateway]}
        time.sleep(number * 0.4)
        client.login(steps=1)
        client.resolve(client.name)
        control = client.control(gateway)
        if number < 2:
            client.quic(1.2, gateway)
        else:
            client.stream(4, gateway, kbytes=5)
        client.close(control)
    for number in range(4):
        lab.start(user, number)
    lab.wait()


@scenario("healthcheck-two-rounds-lost", claims=QUIET + [
    ("two probes", "udp.dstport == 4195", "== 2"), ("no answer", "udp.srcport == 4195", "== 0"),
    ("UDP 4172 answered", "udp.srcport == 4172", "== 2")])
def two_rounds(lab):
    """Health check: one probe a round to UDP 4195, two rounds eleven seconds apart, both unanswered; the other checks
    pass in both."""
    health_servers(lab)
    lab.block("udp dport 4195 drop")
    client = Client(lab)
    for pause in (11, 3):
        client.health_check(checks=(("tcp", 4172), ("tcp", 4195), ("udp", 4172)), dns=pause == 11)
        client.probe(places.HEALTH[0], 4195, tries=1)
        time.sleep(pause - 1)
    client.resolve(places.WEB_NAME)


@scenario("udp4195-rejected-icmp6", ext="pcapng", claims=[
    ("errors from the firewall", "icmpv6.type == 1 && icmpv6.code == 1", ">= 1"),
    ("no answer", "udp.srcport == 4195 && !icmpv6", "== 0"),
    ("no IPv4 to a gateway", "ip.addr == 18.134.68.57", "== 0"),
    ("the stream over TCP", "ipv6 && tcp.srcport == 4195 && tcp.len > 0", ">= 50")])
def rejected_6(lab):
    """IPv6: the firewall rejects UDP 4195 (ICMPv6, administratively prohibited), the client streams over TCP 4195,
    still over IPv6."""
    lab.hosts.zone[places.GATEWAY_NAME] = {"AAAA": [places.GATEWAY_6]}
    lab.block("meta nfproto ipv6 udp dport 4195 reject with icmpv6 type admin-prohibited")
    prepare(lab, gateway=places.GATEWAY_6)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    control = client.control(places.GATEWAY_6)
    client.quic(5, places.GATEWAY_6, options=GIVE_UP)
    client.stream(6, places.GATEWAY_6, kbytes=10)
    client.close(control)


def _port(record, offset):
    return struct.unpack_from("!H", record.frame, 34 + offset)[0]


def _one_side_of_last(records):
    """Without what the server sent on the last connection to 4195: another member of a link aggregate carried it."""
    tcp = [r for r in records if r.frame[12:14] == b"\x08\x00" and r.frame[23] == socket.IPPROTO_TCP]
    last = [_port(r, 0) for r in tcp if _port(r, 2) == 4195 and r.frame[47] == 2][-1]
    gone = {id(r) for r in tcp if _port(r, 0) == 4195 and _port(r, 2) == last}
    return capfile.pcap([r for r in records if id(r) not in gone])


@scenario("one-way-minority", dress=_one_side_of_last, claims=QUIET + [
    ("connections to 4195", "tcp.dstport == 4195 && tcp.flags.syn == 1", "== 4"),
    ("answered ones", "tcp.srcport == 4195 && tcp.flags.syn == 1", "== 3")])
def one_way_minority(lab):
    """Of the connections of a healthy session one lacks what the gateway sent: another member of a link aggregate
    carried it, the tap saw one. Most flows were seen in both directions."""
    prepare(lab)
    client = Client(lab)
    client.login()
    client.resolve(client.name)
    control = client.control()
    for _ in range(3):
        client.stream(2.5, kbytes=6)
    client.close(control)


@scenario("duplicate-acks", ext="pcapng", claims=QUIET + [
    ("many duplicate ACKs", "tcp.dstport == 4195 && tcp.analysis.duplicate_ack", ">= 20"),
    ("for few losses", "tcp.srcport == 4195 && (tcp.analysis.out_of_order || tcp.analysis.retransmission || "
     "tcp.analysis.fast_retransmission)", "<= 8")])
def duplicate_acks(lab):
    """A look-alike of a mirror that copies: a client without SACK and time stamps answers each segment behind a hole by
    the same ACK. A few losses in large frames, each mended at once; the session is healthy."""
    prepare(lab)
    client = Client(lab)
    client.space.sysctl({"ipv4/tcp_sack": 0, "ipv4/tcp_timestamps": 0})
    client.login(steps=1)
    client.resolve(client.name)
    control = client.control()
    lab.set_path(down={"rules": [{"proto": 6, "sport": 4195, "min_length": 1400, "skip": skip, "count": 1}
                                 for skip in (14, 38, 62, 86)]})
    client.stream(9, kbytes=18, fps=1, even=True)
    client.close(control)
