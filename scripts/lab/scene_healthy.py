# SPDX-License-Identifier: Apache-2.0
"""Sessions with nothing wrong: no finding may appear in them."""
import time

import capfile
import places
import transform
from clients import Client
from scenario import scenario

QUIET = [("no ICMP", "icmp || icmpv6.type < 128", "== 0"), ("no RST", "tcp.flags.reset == 1", "== 0")]


def prepare(lab, *quic_options, gateway=places.GATEWAY):
    """DNS, TLS and QUIC servers, started and given a moment."""
    lab.hosts.dns()
    lab.hosts.listen()
    lab.hosts.quic(gateway, 4195, *quic_options)
    time.sleep(0.3)


def quic_session(client, seconds=5, **options):
    """The usual order: log in, look the gateway up, authenticate over TCP 4195, stream over UDP 4195."""
    client.login()
    client.resolve(client.name)
    control = client.control()
    client.quic(seconds, **options)
    client.close(control)


@scenario("healthy-dcv-quic", ext="pcapng", claims=QUIET + [
    ("the stream comes over UDP 4195", "udp.srcport == 4195", ">= 100"),
    ("and goes on after the handshake", "quic.short && ip.src == 10.20.30.11", ">= 50")])
def healthy_quic(lab):
    """A DCV session: login, control connection on TCP 4195, stream by QUIC on UDP 4195. Nothing is wrong."""
    prepare(lab)
    quic_session(Client(lab))


@scenario("healthy-dcv-tcp", claims=QUIET + [
    ("the stream comes over TCP 4195", "tcp.srcport == 4195 && tcp.len > 0", ">= 80"),
    ("no UDP is tried", "udp.port == 4195", "== 0")])
def healthy_tcp(lab):
    """A DCV session of a client that uses TCP only: control connection and stream on TCP 4195. Nothing is wrong."""
    prepare(lab)
    client = Client(lab)
    client.login()
    client.resolve(client.name)
    control = client.control()
    client.stream(7)
    client.close(control)


@scenario("healthy-dcv-aga", ext="pcap.gz", dress=lambda r: capfile.pcap(r, nano=True), claims=QUIET + [
    ("the stream comes from Global Accelerator", "tcp.srcport == 443 && ip.src == 93.77.140.25 && tcp.len > 0",
     ">= 80"), ("nothing on 4195", "tcp.port == 4195 || udp.port == 4195", "== 0")])
def healthy_aga(lab):
    """A DCV session through Global Accelerator (93.77.140.25), TCP 443 only, which is its default. No fallback."""
    lab.hosts.zone[places.GATEWAY_NAME] = {"A": [places.AGA]}
    prepare(lab)
    client = Client(lab)
    client.login()
    client.resolve(client.name)
    control = client.control(places.AGA, 443)
    client.stream(7, places.AGA, 443)
    client.close(control)


@scenario("healthy-pcoip", dress=lambda r: capfile.pcap(transform.vxlan(r)), claims=QUIET + [
    ("datagrams both ways", "udp.srcport == 4172 && udp.dstport == 50002", ">= 60"),
    ("the client's", "udp.dstport == 4172 && udp.srcport == 50002", ">= 40")])
def healthy_pcoip(lab):
    """A PCoIP session: TLS on TCP 4172, sequence-numbered datagrams on UDP 4172. Mirrored in VXLAN."""
    prepare(lab)
    lab.hosts.pcoip()
    client = Client(lab)
    client.login()
    client.pcoip(6)


@scenario("healthy-dcv-ipv6", ext="pcapng", claims=QUIET + [
    ("the stream comes over IPv6", "ipv6.src == 2a05:d02c:8::57 && udp.srcport == 4195", ">= 80"),
    ("IPv4 is not tried", "ip.addr == 18.134.68.57", "== 0")])
def healthy_6(lab):
    """A DCV session over IPv6: control connection and QUIC to 2a05:d02c:8::57."""
    lab.hosts.zone[places.GATEWAY_NAME] = {"A": [places.GATEWAY], "AAAA": [places.GATEWAY_6]}
    prepare(lab, gateway=places.GATEWAY_6)
    client = Client(lab)
    client.login()
    client.resolve(client.name)
    control = client.control(places.GATEWAY_6)
    client.quic(5, places.GATEWAY_6)
    client.close(control)


@scenario("healthy-dcv-vpc-endpoint", claims=QUIET + [
    ("the stream comes from a private address", "ip.src == 10.20.64.18 && udp.srcport == 4195", ">= 80"),
    ("the name says why", 'dns.qry.name contains "vpce.amazonaws.com"', ">= 2")])
def healthy_private(lab):
    """A DCV session through a VPC endpoint: its name resolves to a private address, which is right."""
    prepare(lab, gateway=places.PRIVATE)
    client = Client(lab)
    client.login()
    client.resolve(places.PRIVATE_NAME)
    control = client.control(places.PRIVATE, name=places.PRIVATE_NAME)
    client.quic(5, places.PRIVATE, name=places.PRIVATE_NAME)
    client.close(control)


@scenario("healthy-dcv-retry", dress=lambda r: capfile.pcap(transform.erspan(r)), claims=QUIET + [
    ("one Retry", "quic.long.packet_type == 3", "== 1"), ("the stream goes on", "udp.srcport == 4195", ">= 100")])
def healthy_retry(lab):
    """The gateway answers the first Initial by Retry (address validation). Healthy. Mirrored in ERSPAN type II."""
    prepare(lab, "--validate-addr")
    quic_session(Client(lab))


@scenario("healthy-dcv-rebinding", ext="pcapng", claims=QUIET + [
    ("two ports of the client", "udp.dstport == 4195 && quic.long.packet_type == 0", ">= 1"),
    ("the stream goes on", "udp.srcport == 4195 && frame.time_relative > 5", ">= 40")])
def healthy_rebinding(lab):
    """A NAT forgets the client's port in mid-stream: the same QUIC connection goes on from another one. Healthy."""
    prepare(lab)
    quic_session(Client(lab), 7, options=["--change-local-addr=2500ms", "--nat-rebinding"])


@scenario("healthy-dcv-idle-user", claims=QUIET + [
    ("a stream", "tcp.srcport == 4195 && tcp.len > 0", ">= 60"), ("no data sent again", "tcp.analysis.retransmission",
                                                                  "== 0")])
def healthy_idle(lab):
    """The user rests for eight seconds in mid-session: short keep-alive exchanges only, then the picture moves on."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    control = client.control()
    stream = lab.start(client.stream, 16, pauses=[(4, 12)], keepalive=True)
    for _ in range(15):
        time.sleep(1)
        control.sendall(b"k" * 40)
        control.recv(100)
    lab.wait([stream])
    client.close(control)


@scenario("two-taps", nat=True, files={"inside": ("two-taps-inside.pcap", None),
                                       "outside": ("two-taps-outside.pcapng", None)}, claims=QUIET + [
    ("QUIC", "udp.srcport == 4195", ">= 60"), ("and TCP", "tcp.srcport == 4195 && tcp.len > 0", ">= 40")])
def two_taps(lab):
    """One session recorded at both sides of a NAT firewall: QUIC, then TCP. Outside the client is 203.0.113.2."""
    prepare(lab)
    client = Client(lab)
    client.login()
    client.resolve(client.name)
    control = client.control()
    client.quic(3)
    client.stream(4)
    client.close(control)
