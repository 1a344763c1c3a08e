# SPDX-License-Identifier: Apache-2.0
"""UDP that does not get through, fallbacks, ICMP, health checks, IPv6; and what only looks so."""
import socket
import time

import capfile
import places
import transform
from clients import Client
from scenario import scenario
from scene_healthy import QUIET, prepare, quic_session

UP = "udp.dstport == 4195 && !icmp && !icmpv6"
DOWN = "udp.srcport == 4195 && !icmp && !icmpv6"
GIVE_UP = ["--handshake-timeout=5s", "--timeout=8s"]


def begin(lab, **options):
    """Login, name and control connection; returns the client and that connection."""
    prepare(lab, **options)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    return client, client.control()


@scenario("udp4195-dropped", ext="pcapng", claims=QUIET + [
    ("Initials", UP, ">= 3"), ("no answer", DOWN, "== 0"),
    ("the stream over TCP", "tcp.srcport == 4195 && tcp.len > 0", ">= 50")])
def dropped(lab):
    """The firewall drops UDP 4195 without a word: four QUIC Initials, no answer, after five seconds the client
    streams over TCP 4195 to the same gateway."""
    lab.block("udp dport 4195 drop")
    client, control = begin(lab)
    client.quic(5, options=GIVE_UP)
    client.stream(6)
    client.close(control)


@scenario("udp4172-dropped", claims=QUIET + [
    ("datagrams of the client", "udp.dstport == 4172", ">= 20"), ("no answer", "udp.srcport == 4172", "== 0"),
    ("the control connection stays open", "tcp.srcport == 4172 && tcp.len > 0", ">= 3")])
def pcoip_dropped(lab):
    """PCoIP: TCP 4172 works, UDP 4172 is dropped by the firewall; the picture never comes."""
    prepare(lab)
    lab.hosts.pcoip()
    lab.block("udp dport 4172 drop")
    client = Client(lab)
    client.login(steps=1)
    client.pcoip(6)


@scenario("udp-first-initial-lost", ext="pcapng", claims=QUIET + [
    ("the Initial comes twice", UP + " && quic.long.packet_type == 0 && frame.len > 1000", ">= 2"),
    ("and is answered", DOWN, ">= 100")])
def first_lost(lab):
    """A look-alike: the first QUIC Initial is lost on the way, the second is answered, the session is healthy."""
    lab.set_path(up={"rules": [{"proto": 17, "dport": 4195, "count": 1}]})
    client, control = begin(lab)
    client.quic(5)
    client.close(control)


@scenario("udp4195-rejected-icmp", dress=lambda r: capfile.pcap(r, nano=True), claims=[
    ("errors from the firewall", "icmp.type == 3 && icmp.code == 13 && ip.src == 10.20.31.2", ">= 1"),
    ("no answer", DOWN, "== 0"), ("the stream over TCP", "tcp.srcport == 4195 && tcp.len > 0 && !icmp", ">= 50")])
def rejected(lab):
    """The firewall rejects UDP 4195 with ICMP code 13; the client streams over TCP 4195."""
    lab.block("udp dport 4195 reject with icmp type admin-prohibited")
    client, control = begin(lab)
    client.quic(5, options=GIVE_UP)
    client.stream(6)
    client.close(control)


@scenario("udp-client-port-closed", stealth=False, claims=[
    ("the client's own port unreachable", "icmp.type == 3 && icmp.code == 3 && ip.src == 10.20.30.11", ">= 1"),
    ("no other error", "icmp && ip.src != 10.20.30.11", "== 0"), ("a healthy stream before", DOWN, ">= 100")])
def own_port_closed(lab):
    """A look-alike: the program ends, the gateway's last datagrams meet a closed port and the client's own stack
    says so. The session was healthy."""
    client, control = begin(lab)
    client.quic(9, stop=5)
    client.close(control)
    time.sleep(0.3)


@scenario("udp-return-lost-midstream", ext="pcapng", claims=QUIET + [
    ("datagrams both ways first", DOWN, ">= 100"),
    ("the client goes on alone", UP + " && frame.time_relative > 6", ">= 3")])
def return_lost_midstream(lab):
    """Five seconds into the stream the firewall begins to drop what comes back from UDP 4195; the client goes on alone
    with growing gaps while the control connection stays open."""
    client, control = begin(lab)
    stream = lab.start(client.quic, 12, options=["--timeout=9s"])
    time.sleep(5)
    lab.block("udp sport 4195 drop")
    for _ in range(10):
        time.sleep(1)
        control.sendall(b"x" * 40)
        control.recv(100)
    lab.wait([stream])
    client.close(control)


@scenario("udp-return-lost-handshake", claims=QUIET + [
    ("answers pass the tap", DOWN, ">= 3"), ("the client repeats its Initial", UP, ">= 3"),
    ("and gets no further", UP + " && (quic.short || quic.long.packet_type == 2)", "== 0")])
def return_lost_handshake(lab):
    """The access router drops what comes back from UDP 4195, behind the tap: the gateway's answers pass it, the client
    repeats its Initial as if there were none, and streams over TCP."""
    lab.router_block("udp sport 4195 drop")
    client, control = begin(lab)
    client.quic(5, options=GIVE_UP)
    client.stream(6)
    client.close(control)


@scenario("port-fallback-443", ext="pcapng", claims=QUIET + [
    ("SYNs to 4195", "tcp.dstport == 4195", ">= 3"), ("no answer", "tcp.srcport == 4195", "== 0"),
    ("the stream on 443", "tcp.srcport == 443 && ip.src == 18.134.68.57 && tcp.len > 0", ">= 50")])
def fallback_443(lab):
    """The firewall drops TCP and UDP 4195; the client gives up after four seconds and streams over TCP 443."""
    prepare(lab)
    lab.block("tcp dport 4195 drop", "udp dport 4195 drop")
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    client.attempt(places.GATEWAY, 4195, wait=4)
    client.stream(6, port=443)


@scenario("routing-loop", dress=lambda r: capfile.pcap(transform.vlan(r, 30)), claims=[
    ("time exceeded from a router", "icmp.type == 11 && ip.src == 203.0.113.104", ">= 5"),
    ("the stream goes on afterwards", "tcp.srcport == 4195 && tcp.len > 0 && frame.time_relative > 8", ">= 30")])
def loop(lab):
    """For two seconds of a running stream two routers beyond the firewall send the client's packets back and forth:
    time exceeded for segments that left with a full TTL. Then it goes on. VLAN tagged."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    stream = lab.start(client.stream, 12)
    time.sleep(4)
    lab.set_path(up={"rules": [{"dst": places.GATEWAY, "icmp": [11, 0, 0]}]})
    time.sleep(2)
    lab.set_path(up={"rules": []})
    lab.wait([stream])


def _step(client, kind, ttl):
    """One probe of a traceroute: a SYN or a datagram to port 4195 with a small TTL."""
    with client.space.socket(socket.AF_INET, kind) as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        sock.settimeout(0.4)
        try:
            sock.connect((places.GATEWAY, 4195))
            sock.send(b"probe")
            sock.recv(16)
        except OSError:
            pass


@scenario("traceroute", ext="pcapng", claims=[
    ("time exceeded from many routers", "icmp.type == 11", ">= 16"), ("a healthy stream", DOWN, ">= 100")])
def traceroute(lab):
    """A look-alike: while a healthy session runs, somebody traces the way to the gateway with SYNs and datagrams to
    port 4195 and TTLs from 1 up: time exceeded, no loop."""
    client, control = begin(lab)
    stream = lab.start(client.quic, 6)
    for ttl in range(2, 11):
        _step(client, socket.SOCK_STREAM, ttl)
        _step(client, socket.SOCK_DGRAM, ttl)
    lab.wait([stream])
    client.close(control)


def health_servers(lab):
    lab.hosts.dns()
    lab.hosts.listen()
    lab.hosts.health()
    time.sleep(0.2)


@scenario("healthcheck-passed", claims=QUIET + [
    ("UDP answered", "udp.srcport == 4172 || udp.srcport == 4195", ">= 2"),
    ("TCP answered", "tcp.srcport == 4172 || tcp.srcport == 4195", ">= 6")])
def health_passed(lab):
    """The four checks of drp-lhr (TCP and UDP, 4172 and 4195) are answered."""
    health_servers(lab)
    client = Client(lab)
    client.login(steps=1)
    client.health_check()


@scenario("healthcheck-udp4195-dropped", ext="pcap.gz", claims=QUIET + [
    ("four probes", UP, "== 4"), ("no answer", DOWN, "== 0"), ("UDP 4172 answered", "udp.srcport == 4172", ">= 1")])
def health_udp(lab):
    """Health check: UDP 4195 is dropped (four probes a second apart), the three others pass. Compressed."""
    health_servers(lab)
    lab.block("udp dport 4195 drop")
    Client(lab).health_check()
    time.sleep(1.2)


@scenario("healthcheck-4172-blocked", claims=[
    ("SYNs to 4172 unanswered", "tcp.srcport == 4172", "== 0"), ("UDP 4172 rejected", "icmp.type == 3", ">= 1"),
    ("UDP 4195 answered", DOWN, ">= 1"), ("TCP 4195 answered", "tcp.srcport == 4195", ">= 3")])
def health_4172(lab):
    """Health check: TCP 4172 is dropped, UDP 4172 rejected with ICMP code 3 by the firewall; 4195 passes."""
    health_servers(lab)
    lab.block("tcp dport 4172 drop", "udp dport 4172 reject with icmp type port-unreachable")
    Client(lab).health_check()
    time.sleep(1.2)


@scenario("healthcheck-one-probe-lost", claims=QUIET + [
    ("two probes to UDP 4195", UP, "== 2"), ("one answer", DOWN, "== 1")])
def health_one_lost(lab):
    """A look-alike: one probe to UDP 4195 is lost, the second is answered."""
    health_servers(lab)
    lab.set_path(up={"rules": [{"proto": 17, "dport": 4195, "count": 1}]})
    Client(lab).health_check()
    time.sleep(1.2)


@scenario("ipv6-attempt", ext="pcapng", claims=[
    ("SYNs over IPv6", "ipv6 && tcp.dstport == 4195", ">= 2"), ("no answer", "ipv6 && tcp.srcport == 4195", "== 0"),
    ("a stream over IPv4", "ip && " + DOWN, ">= 100")])
def ipv6_attempt(lab):
    """The gateway's name has both families; IPv6 is dropped on the way, after four seconds the client uses IPv4 and
    all is well."""
    lab.hosts.zone[places.GATEWAY_NAME]["AAAA"] = [places.GATEWAY_6]
    prepare(lab)
    lab.set_path(up={"rules": [{"version": 6}]})
    client = Client(lab)
    client.login()
    client.resolve(client.name)
    client.attempt(places.GATEWAY_6, 4195, wait=4)
    control = client.control()
    client.quic(5)
    client.close(control)
