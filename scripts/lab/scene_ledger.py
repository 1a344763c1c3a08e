# SPDX-License-Identifier: Apache-2.0
"""Healthy sessions, badly recorded: what a capture cannot tell."""
import capfile
import places
import transform
from clients import Client
from scenario import scenario
from scene_healthy import prepare

CLIENT_4 = "10.20.30.11"
CLIENT_MAC = bytes.fromhex("021c3000000b")


def sessions(lab, quic_seconds=3, tcp_seconds=4):
    """A healthy session over QUIC, then one over TCP."""
    prepare(lab)
    client = Client(lab)
    client.login()
    client.resolve(client.name)
    control = client.control()
    client.quic(quic_seconds)
    client.stream(tcp_seconds)
    client.close(control)


@scenario("one-way-client", dress=lambda r: capfile.pcap(transform.only_from(r, "10.20.30.")), claims=[
    ("nothing towards the client", "ip.dst == 10.20.30.11", "== 0"),
    ("its acknowledgments advance", "tcp.dstport == 4195 && tcp.flags.ack == 1", ">= 30"),
    ("QUIC gets past Initials", "quic.short", ">= 30")])
def one_way_client(lab):
    """Only what the client sent was recorded of healthy sessions over QUIC and TCP."""
    sessions(lab)


@scenario("one-way-server", ext="pcapng", dress=lambda r: capfile.pcapng(transform.only_to(r, "10.20.30.")), claims=[
    ("nothing from the client", "ip.src == 10.20.30.11", "== 0"), ("SYN-ACKs", "tcp.flags.syn == 1", ">= 4"),
    ("datagrams", "udp.srcport == 4195", ">= 60")])
def one_way_server(lab):
    """Only what came towards the client was recorded of healthy sessions over QUIC and TCP."""
    sessions(lab)


@scenario("late-start", dress=lambda r: capfile.pcap(transform.after(r, 4.0)), claims=[
    ("no SYN", "tcp.flags.syn == 1", "== 0"), ("no Initial", "quic.header_form == 1", "== 0"),
    ("a TCP stream", "tcp.srcport == 4195 && tcp.len > 0", ">= 60"), ("a QUIC stream", "udp.srcport == 4195", ">= 60")])
def late_start(lab):
    """Recording began when two sessions, one over QUIC and one over TCP, were already running."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    control = client.control()
    stream = lab.start(client.stream, 8)
    client.quic(7)
    lab.wait([stream])
    client.close(control)


@scenario("truncated", ext="pcap.gz", dress=lambda r: capfile.pcap(transform.snap(r, 60), snap=60), claims=[
    ("every longer packet is cut", "frame.cap_len > 60", "== 0"), ("there were such", "frame.len > 1000", ">= 60")])
def truncated(lab):
    """Recorded with a snap length of 60 bytes: headers only. The sessions are healthy."""
    sessions(lab)


@scenario("clock-step-back", ext="pcapng", dress=lambda r: capfile.pcapng(
    transform.clock_step(r, len(r) // 2, -37.5)), claims=[("time runs backwards", "frame.time_delta < -30", "== 1")])
def clock_step_back(lab):
    """The recorder's clock was set back by 37.5 seconds in the middle. The sessions are healthy."""
    sessions(lab)


def _filtered(records):
    kept = [r for r in records if r.frame[12:14] == b"\x08\x00" and r.frame[23] == 17 and
            (4195).to_bytes(2, "big") in (r.frame[34:36], r.frame[36:38])]
    return capfile.pcapng(kept, filter="udp port 4195")


@scenario("filtered-udp4195", ext="pcapng", dress=_filtered, claims=[
    ("only UDP 4195", "!(udp.port == 4195)", "== 0"), ("a stream", "udp.srcport == 4195", ">= 60")])
def filtered(lab):
    """Recorded with the capture filter `udp port 4195`, which the file's own option says. The session is healthy."""
    sessions(lab, tcp_seconds=1)


@scenario("offload", tap="client", dress=lambda r: capfile.pcap(transform.super_segments(r, "10.20.30.")), claims=[
    ("segments above the MSS", "tcp.len > 1460", ">= 20")])
def offload(lab):
    """Recorded on the client itself: neighbouring segments came up as one (GRO), its own checksums are not filled
    in yet. The sessions are healthy."""
    sessions(lab, quic_seconds=2, tcp_seconds=6)


@scenario("duplicates-span", ext="pcap.gz", dress=lambda r: capfile.pcap(transform.span_copies(r), nano=True), claims=[
    ("tshark takes the copies for retransmissions", "tcp.analysis.retransmission || tcp.analysis.fast_retransmission "
     "|| tcp.analysis.spurious_retransmission", ">= 30")])
def duplicates_span(lab):
    """A mirror of both ports: every frame comes twice within microseconds. The sessions are healthy."""
    sessions(lab)


@scenario("duplicates-routed", ext="pcapng", dress=lambda r: capfile.pcapng(transform.routed_copies(r)), claims=[
    ("a copy with one TTL less", "ip.src == 10.20.30.11 && ip.ttl == 126", ">= 100"),
    ("of each packet", "ip.src == 10.20.30.11 && ip.ttl == 127", ">= 100")])
def duplicates_routed(lab):
    """A mirror before and after a router: the second copy has other MACs and one TTL less. Healthy."""
    sessions(lab, quic_seconds=2, tcp_seconds=3)


@scenario("capture-loses-10-percent", dress=lambda r: capfile.pcap(transform.lose(r, 0.10)), claims=[
    ("acknowledged data never seen", "tcp.analysis.ack_lost_segment || tcp.analysis.lost_segment", ">= 10")])
def loses(lab):
    """The recorder lost one packet in ten; the network none. The sessions are healthy."""
    sessions(lab, tcp_seconds=8)


@scenario("kernel-dropped", ext="pcapng",
     dress=lambda r: capfile.pcapng(transform.lose(r, 0.05, 7), dropped=61), claims=[
    ("acknowledged data never seen", "tcp.analysis.ack_lost_segment || tcp.analysis.lost_segment", ">= 5")])
def kernel_dropped(lab):
    """The recorder lost one packet in twenty and says so in the interface statistics. The sessions are healthy."""
    sessions(lab, tcp_seconds=6)


@scenario("cut-short", dress=lambda r: capfile.pcap(r)[:-700], claims=[
    ("a stream", "tcp.srcport == 4195 && tcp.len > 0", ">= 40")])
def cut_short(lab):
    """The file ends inside a packet (the disk was full). The sessions are healthy."""
    sessions(lab)
