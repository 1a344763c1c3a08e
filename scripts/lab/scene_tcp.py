# SPDX-License-Identifier: Apache-2.0
"""TCP that does not get through, and what only looks so."""
import random
import socket
import struct
import time

import capfile
import places
import transform
from clients import Client
from checksums import checksum
from scenario import scenario
from scene_healthy import QUIET, prepare

SYN_4195 = "tcp.dstport == 4195 && tcp.flags.syn == 1 && tcp.flags.ack == 0"


def to_nano(records):
    return capfile.pcap(records, nano=True)


def to_big_endian(records):
    return capfile.pcap(records, big=True)


@scenario("tcp4195-dropped", dress=to_big_endian, claims=[
    ("SYNs repeated", SYN_4195, ">= 6"), ("never answered", "tcp.srcport == 4195", "== 0"),
    ("no ICMP", "icmp", "== 0")])
def dropped(lab):
    """The firewall drops outbound TCP 4195 without a word: login works, the control connection's SYNs (Linux's
    repeats) die; the client tries twice and gives up."""
    prepare(lab)
    lab.block("tcp dport 4195 drop")
    client = Client(lab)
    client.login()
    client.resolve(client.name)
    client.attempt(places.GATEWAY, 4195, wait=8)
    client.attempt(places.GATEWAY, 4195, wait=4)
    time.sleep(1)
    client.resolve(places.WEB_NAME)


def send_syn(sock, source, destination, port):
    """A SYN as a scanner makes it: no options but MSS, a random sequence number."""
    tcp = struct.pack("!HHIIBBHHHBBH", random.randint(1024, 65000), port, random.getrandbits(32), 0, 0x60, 2, 1024, 0,
                      0, 2, 4, 1460)
    pseudo = socket.inet_aton(source) + socket.inet_aton(destination) + struct.pack("!HH", 6, len(tcp))
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), random.getrandbits(16), 0, 128, 6, 0,
                       socket.inet_aton(source), socket.inet_aton(destination))
    sock.sendto(head + tcp, (destination, 0))


@scenario("tcp4195-scan", claims=[
    ("sixty SYNs", SYN_4195, "== 60"), ("no answer", "tcp.srcport == 4195", "== 0"),
    ("none repeated", "tcp.analysis.retransmission", "== 0")])
def scan(lab):
    """A look-alike of dropped sessions: sixty addresses send one SYN each to TCP 4195 of a gateway, none repeats it;
    the firewall drops them all. A scan, not sixty failing users."""
    lab.hosts.dns()
    lab.block("tcp dport 4195 drop")
    with lab.client_spaces[0].socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
        for number in range(60):
            send_syn(sock, f"192.0.2.{60 + number}", places.GATEWAY, 4195)
            time.sleep(0.05)
    time.sleep(4)
    Client(lab).resolve(places.WEB_NAME)


@scenario("tcp-handshake-repeated", tap="outside", dress=to_nano, claims=QUIET + [
    ("two SYNs of the first connection", "tcp.port == 4195 && tcp.flags.syn == 1 && tcp.flags.ack == 0", ">= 4"),
    ("a SYN-ACK repeated", "tcp.srcport == 4195 && tcp.flags.syn == 1", ">= 3")])
def repeated(lab):
    """A look-alike: of the control connection the first SYN is lost beyond the tap, of the stream the first SYN-ACK
    between tap and client; both connect at the second try. One lost packet is no filter."""
    prepare(lab)
    lab.set_path(up={"rules": [{"proto": 6, "dport": 4195, "flags": 2, "count": 1}]})
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    control = client.control()
    lab.block("tcp sport 4195 tcp flags & (syn | ack) == syn | ack drop")
    stream = lab.start(client.stream, 5)
    time.sleep(0.5)
    lab.unblock()
    lab.wait([stream])
    client.close(control)


@scenario("tcp4195-reset-by-firewall", dress=lambda r: capfile.pcap(transform.vlan(r, 120)), claims=[
    ("SYNs answered by RST with the firewall's TTL", "tcp.srcport == 4195 && tcp.flags.reset == 1 && ip.ttl == 64",
     ">= 2"),
    ("no SYN-ACK from 4195", "tcp.srcport == 4195 && tcp.flags.syn == 1", "== 0"),
    ("the gateway's own TTL on 443", "tcp.srcport == 443 && ip.src == 18.134.68.57 && ip.ttl == 52", ">= 20")])
def reset_by_firewall(lab):
    """The firewall answers SYNs to TCP 4195 by RST in the gateway's name (TTL 64 against 52, at once instead of after
    30 ms) and drops UDP 4195; the client streams over TCP 443. All frames carry a VLAN tag."""
    prepare(lab)
    lab.block("tcp dport 4195 reject with tcp reset", "udp dport 4195 drop")
    client = Client(lab)
    client.login()
    client.resolve(client.name)
    for _ in range(3):
        client.attempt(places.GATEWAY, 4195)
        time.sleep(0.6)
    client.stream(5, port=443)


@scenario("tcp4195-reset-by-server", ext="pcap.gz", claims=[
    ("RST from eleven hops away", "tcp.srcport == 4195 && tcp.flags.reset == 1 && ip.ttl == 52", "== 3"),
    ("the same TTL on 443", "tcp.srcport == 443 && ip.src == 18.134.68.57 && ip.ttl == 52", ">= 5")])
def reset_by_server(lab):
    """Nothing listens on TCP 4195 of the gateway: it answers SYNs by RST itself (its usual TTL, after a round trip).
    Its port 443 works. Compressed."""
    lab.hosts.dns()
    lab.hosts.listen(ports=(443,))
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    client.exchange(places.GATEWAY, 443, client.name)
    for _ in range(3):
        client.attempt(places.GATEWAY, 4195)
        time.sleep(0.7)


CODES = ("net-unreachable", "host-unreachable", "prot-unreachable", "port-unreachable", "net-prohibited",
         "host-prohibited", "admin-prohibited")


def _rejected(lab, gateway, port, family=socket.AF_INET):
    for number in range(len(lab.client_spaces)):
        client = Client(lab, number, family)
        client.attempt(gateway, port)
        time.sleep(0.3)
        client.attempt(gateway, port)
        time.sleep(0.3)


@scenario("tcp4172-rejected-icmp", clients=7, dress=lambda r: capfile.pcap(transform.sll2(r, r[0].frame[6:12]), 276),
          claims=[("an error for every SYN", "icmp.type == 3 && ip.src == 10.20.31.2", "== 14"),
                  ("seven codes", "icmp.code < 4 || icmp.code in {9..10} || icmp.code == 13", "== 14"),
                  ("no TCP answer", "tcp.srcport == 4172 && !icmp", "== 0")])
def rejected(lab):
    """The firewall rejects TCP 4172 with ICMP unreachable, a different code for each of seven clients (0, 1, 2, 3, 9,
    10, 13). Linux cooked capture, version 2."""
    lab.block(*[f"ip saddr 192.0.2.{11 + n} tcp dport 4172 reject with icmp type {code}"
                for n, code in enumerate(CODES)])
    _rejected(lab, places.PCOIP, 4172)


CODES_6 = ("no-route", "admin-prohibited", "addr-unreachable", "port-unreachable")


@scenario("tcp4195-rejected-icmp6", clients=4, ext="pcapng", claims=[
    ("an error for every SYN", "icmpv6.type == 1", ">= 8"),
    ("no TCP answer", "tcp.srcport == 4195 && !icmpv6", "== 0")])
def rejected6(lab):
    """The firewall rejects TCP 4195 over IPv6 with ICMPv6 unreachable, codes 0, 1, 3 and 4, one for each client."""
    lab.block(*[f"ip6 saddr 2001:db8:30::{11 + n} tcp dport 4195 reject with icmpv6 type {code}"
                for n, code in enumerate(CODES_6)])
    _rejected(lab, places.GATEWAY_6, 4195, socket.AF_INET6)


@scenario("tcp4195-return-lost", tap="outside", dress=to_nano, claims=[
    ("SYN-ACKs pass the tap", "tcp.srcport == 4195 && tcp.flags.syn == 1 && tcp.flags.ack == 1", ">= 4"),
    ("the client repeats its SYN", SYN_4195, ">= 4"),
    ("and never completes", "tcp.dstport == 4195 && tcp.flags.ack == 1", "== 0")])
def return_lost(lab):
    """A stateless rule on the firewall drops what comes back from TCP 4195. Recorded outside of it: SYN-ACKs pass the
    tap, the client repeats its SYN, the gateway its SYN-ACK."""
    prepare(lab)
    lab.block("tcp sport 4195 drop")
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    client.attempt(places.GATEWAY, 4195, wait=9)
    time.sleep(1)


@scenario("tcp-reset-by-server-midstream", claims=[
    ("RST from the gateway's distance", "tcp.srcport == 4195 && tcp.flags.reset == 1 && ip.ttl == 52", ">= 1"),
    ("no FIN on the stream before it", "tcp.srcport == 4195 && tcp.flags.fin == 1", "<= 1"),
    ("a stream before it", "tcp.srcport == 4195 && tcp.len > 0", ">= 40")])
def reset_midstream(lab):
    """The gateway's own stack resets the running stream after five seconds (usual TTL, no FIN before it)."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    client.stream(5, server_end="reset", linger_client=2)
    time.sleep(1)


@scenario("tcp-reset-by-firewall-midstream", ext="pcapng", claims=[
    ("RST with the firewall's TTL", "tcp.srcport == 4195 && tcp.flags.reset == 1 && ip.ttl == 64", ">= 1"),
    ("a stream before it", "tcp.srcport == 4195 && tcp.len > 0", ">= 40")])
def reset_injected(lab):
    """A rule that is loaded while the stream runs makes the firewall reset it in the gateway's name (TTL 64 against
    52, at once)."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    stream = lab.start(client.stream, 10)
    time.sleep(5)
    lab.block("tcp sport 4195 drop", "tcp dport 4195 reject with tcp reset")
    lab.wait([stream])
    time.sleep(1)


@scenario("tcp-client-closes-with-reset", claims=[
    ("RST from the client only", "tcp.flags.reset == 1 && ip.src == 10.20.30.11", ">= 2"),
    ("none from a server", "tcp.flags.reset == 1 && ip.dst == 10.20.30.11", "== 0"),
    ("both with the client's TTL", "tcp.flags.reset == 1 && ip.ttl != 127", "== 0")])
def client_resets(lab):
    """A look-alike: the user ends two streams, the client closes both by RST while the gateway still sends."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    for _ in range(2):
        client.stream(4, end="reset", linger_client=-0.7)


@scenario("tcp-reset-after-fin", ext="pcapng", dress=lambda r: capfile.pcapng(r, big=True), claims=[
    ("RST from the gateway", "tcp.srcport == 4195 && tcp.flags.reset == 1", ">= 1"),
    ("after the client's FIN", "tcp.dstport == 4195 && tcp.flags.fin == 1", ">= 1")])
def reset_after_fin(lab):
    """A look-alike: the client closes by FIN, and the gateway's stack drops the connection by RST afterwards."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    client.stream(4, server_end="reset-after-fin", end="fin")
    client.stream(3, server_end="reset-after-fin", end="fin")
    time.sleep(0.5)


@scenario("tcp-idle-expiry", ext="pcapng", claims=QUIET + [
    ("data of the client sent again", "tcp.dstport == 4195 && tcp.analysis.retransmission", ">= 4")])
def idle_expiry(lab):
    """The stream runs five seconds, then both sides rest for nine. The firewall forgets a connection after six idle
    seconds and silently drops what belongs to none: the client's data is sent again and again, nothing comes back."""
    prepare(lab)
    lab.block("tcp flags & syn == 0 ct state new,invalid drop")
    lab.firewall.sysctl({"netfilter/nf_conntrack_tcp_timeout_established": 6, "netfilter/nf_conntrack_tcp_loose": 0})
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    client.stream(27, pauses=[(5, 14)], end="keep")


@scenario("tcp-client-gone", claims=QUIET + [
    ("the gateway sends again", "tcp.srcport == 4195 && tcp.analysis.retransmission", ">= 3"),
    ("a stream before it", "tcp.srcport == 4195 && tcp.len > 0", ">= 40")])
def client_gone(lab):
    """A look-alike of a black hole: the client's machine goes away (lid closed); all its flows fall silent together
    and the gateway sends the same data again and again."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    control = client.control()
    lab.start(client.stream, 14, end="keep")
    time.sleep(5)
    lab.router_block("ip saddr 192.0.2.11 drop", "ip daddr 192.0.2.11 drop")
    lab.wait()
    client.close(control, "keep")
