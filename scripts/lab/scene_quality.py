# SPDX-License-Identifier: Apache-2.0
"""Sessions that run, but not well: delay, queues, jitter, loss, rates, stalls; and what only looks so."""
import time

import capfile
from beside import sink
from clients import Client
from deeds import background, paced, slow_reader
from scenario import scenario
from scene_healthy import QUIET, prepare

STREAM = ("a stream", "tcp.srcport == 4195 && tcp.len > 0", ">= 40")


def session(lab, seconds=6, kbytes=6, **options):
    """Login, control connection, stream over TCP 4195."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    control = client.control()
    client.stream(seconds, kbytes=kbytes, **options)
    client.close(control)


def both_ways(lab, **settings):
    lab.set_path(up=settings, down=settings)


# -- delay -----------------------------------------------------------------------------------------------------
@scenario("high-rtt-dcv", claims=QUIET + [
    STREAM, ("round trips of 300 ms", "tcp.analysis.ack_rtt > 0.29 && tcp.srcport == 4195", ">= 5"),
    ("none shorter", "tcp.analysis.ack_rtt < 0.29 && tcp.srcport == 4195", "== 0")])
def high_rtt(lab):
    """The gateway is 300 ms away (round trip): degraded by AWS's own bands for DCV."""
    both_ways(lab, delay_ms=150)
    session(lab)


@scenario("high-rtt-lookalike-200", ext="pcapng", claims=QUIET + [
    STREAM, ("round trips of 200 ms", "tcp.analysis.ack_rtt > 0.19 && tcp.srcport == 4195", ">= 5")])
def rtt_200(lab):
    """A look-alike: the gateway is 200 ms away, which is good for DCV."""
    both_ways(lab, delay_ms=98)
    session(lab)


@scenario("bufferbloat", ext="pcap.gz", clients=2, claims=QUIET + [
    STREAM, ("the upload beside it", "tcp.dstport == 80 && tcp.len > 0 && ip.src == 10.20.30.12", ">= 100"),
    ("short round trips", "tcp.analysis.ack_rtt < 0.09 && tcp.srcport == 4195", ">= 15"),
    ("and long ones", "tcp.analysis.ack_rtt > 0.2 && tcp.srcport == 4195", ">= 10")])
def bloat(lab):
    """A line of 400 kbit/s up with a deep queue: whenever a neighbour uploads (three times, ever more at once) the
    stream's round trip grows from 30 ms to some hundreds. Compressed."""
    sink(lab)
    lab.set_path(up={"rate_kbit": 400, "queue_ms": 1500})
    neighbour = Client(lab, 1)
    lab.start(background, neighbour, [(2, 4.9, 7000), (7, 9.9, 12000), (12, 14.9, 20000)], 17)
    session(lab, 16, kbytes=3)


@scenario("load-without-queue", ext="pcap.gz", clients=2, claims=QUIET + [
    STREAM, ("the upload beside it", "tcp.dstport == 80 && tcp.len > 0 && ip.src == 10.20.30.12", ">= 60"),
    ("no long round trips", "tcp.analysis.ack_rtt > 0.12 && tcp.srcport == 4195", "<= 1")])
def load_only(lab):
    """A look-alike of bufferbloat: the same line, but the neighbour's uploads stay below its rate; round trips do not
    grow. Compressed."""
    sink(lab)
    lab.set_path(up={"rate_kbit": 400, "queue_ms": 1500})
    neighbour = Client(lab, 1)

    def uploads():
        for begin, kbytes in ((3, 15), (4, 25), (3, 30)):
            time.sleep(begin)
            paced(neighbour, kbytes, 2)
    lab.start(uploads)
    session(lab, 17, kbytes=3)


@scenario("high-jitter", claims=QUIET + [
    STREAM, ("short round trips", "tcp.analysis.ack_rtt < 0.10 && tcp.srcport == 4195", ">= 3"),
    ("and long ones", "tcp.analysis.ack_rtt > 0.18 && tcp.srcport == 4195", ">= 5")])
def jitter(lab):
    """The path's delay varies from packet to packet by up to 130 ms each way (order is kept), whatever the load."""
    both_ways(lab, jitter_ms=130)
    session(lab, 8)


@scenario("high-jitter-lookalike", ext="pcapng", claims=QUIET + [
    STREAM, ("no long round trips", "tcp.analysis.ack_rtt > 0.14 && tcp.srcport == 4195", "<= 2")])
def jitter_little(lab):
    """A look-alike: the path's delay varies by up to 12 ms each way, as radio links do; no harm."""
    both_ways(lab, jitter_ms=12)
    session(lab, 6)


# -- loss ------------------------------------------------------------------------------------------------------
SENT_AGAIN = "tcp.srcport == 4195 && (tcp.analysis.out_of_order || tcp.analysis.retransmission || " \
    "tcp.analysis.fast_retransmission)"


@scenario("packet-loss-tcp", claims=QUIET + [
    ("data segments", "tcp.srcport == 4195 && tcp.len > 0", ">= 180"), ("lost and sent again", SENT_AGAIN, ">= 5")])
def loss_tcp(lab):
    """The path loses every 30th segment of the gateway (3 %); each is sent again and arrives."""
    lab.set_path(down={"rules": [{"proto": 6, "sport": 4195, "min_length": 120, "every": 30}]})
    session(lab, 13)


@scenario("packet-loss-pcoip", ext="pcapng", claims=QUIET + [
    ("datagrams of the gateway", "udp.srcport == 4172", ">= 100"),
    ("the 32nd is there", "udp.srcport == 4172 && udp.payload[4:4] == 00:00:00:20", "== 1"),
    ("the 33rd is not", "udp.srcport == 4172 && udp.payload[4:4] == 00:00:00:21", "== 0")])
def loss_pcoip(lab):
    """PCoIP: the path loses every 33rd datagram of the gateway (3 %); the sequence numbers tell."""
    lab.set_path(down={"rules": [{"proto": 17, "sport": 4172, "every": 33}]})
    prepare(lab)
    lab.hosts.pcoip()
    client = Client(lab)
    client.login(steps=1)
    client.pcoip(8, kbytes=10, size=500)


@scenario("reordering", claims=QUIET + [
    ("segments out of order", "tcp.srcport == 4195 && tcp.analysis.flags && tcp.len > 0", ">= 3"),
    ("PCoIP datagrams", "udp.srcport == 4172", ">= 60")])
def reordering(lab):
    """A look-alike of loss: some segments and datagrams arrive a few milliseconds late, behind later ones; none is
    lost. DCV over TCP, then PCoIP."""
    lab.set_path(down={"rules": [{"proto": 6, "sport": 4195, "min_length": 1400, "every": 6, "late_ms": 2.5},
                                 {"proto": 17, "sport": 4172, "every": 9, "late_ms": 40}]})
    lab.hosts.pcoip()
    session(lab, 9, kbytes=13, fps=6)
    Client(lab).pcoip(5, kbytes=8, size=500)


@scenario("rate-limited", claims=QUIET + [
    ("datagrams that passed", "udp.srcport == 4172", ">= 150"), ("not more", "udp.srcport == 4172", "<= 450"),
    ("of more than 512", "udp.srcport == 4172 && udp.payload[4:4] > 00:00:02:00", ">= 20")])
def rate_limited(lab):
    """PCoIP through a policer on the firewall (7 kB/s): the gateway sends 14 kB/s and half of it is dropped; for three
    seconds it sends 3 kB/s, and nothing is; then 14 again."""
    prepare(lab)
    lab.hosts.pcoip()
    lab.block("udp sport 4172 limit rate over 7 kbytes/second burst 1000 bytes drop")
    client = Client(lab)
    client.login(steps=1)
    client.pcoip(15, kbytes=14, size=280, slow=[(6, 9, 3)], steady=True)


# -- receivers and stalls ----------------------------------------------------------------------------------------
@scenario("zero-window", claims=QUIET + [
    STREAM, ("the client's window is shut", "tcp.dstport == 4195 && tcp.analysis.zero_window", ">= 2"),
    ("the gateway probes", "tcp.srcport == 4195 && tcp.analysis.keep_alive", ">= 2")])
def zero_window(lab):
    """The client's program stops reading twice, for two and a half seconds: its window shuts, the gateway probes."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    slow_reader(client, [(1.5, 4), (5.5, 8)], 9, kbytes=12, buffer=4500)


@scenario("zero-window-short", ext="pcapng", claims=QUIET + [
    STREAM, ("the client's window is shut", "tcp.dstport == 4195 && tcp.analysis.zero_window", ">= 1")])
def zero_window_short(lab):
    """A look-alike: the client's program is late by a second three times; its window shuts for less than half
    a second."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    slow_reader(client, [(1, 2.1), (3, 4.1), (5, 6.1)], 7, kbytes=12, buffer=4500)


@scenario("stream-stall-host", claims=QUIET + [
    ("no frames for a while",
     "tcp.srcport == 4195 && tcp.len > 150 && frame.time_relative > 6 && frame.time_relative < 9", "== 0"),
    STREAM,
    ("nothing sent again", "tcp.analysis.retransmission", "== 0")])
def stall_host(lab):
    """The stream rests for five seconds with nothing outstanding while the control connection is answered every
    second: the host paused, or the user rested; the capture cannot tell which."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    control = client.control()
    stream = lab.start(client.stream, 12, kbytes=9, pauses=[(4, 9)])
    for _ in range(11):
        time.sleep(1)
        control.sendall(b"k" * 120)
        control.recv(100)
    lab.wait([stream])
    client.close(control)


@scenario("stream-stall-path", ext="pcapng", claims=QUIET + [
    ("the client's data sent again", "tcp.dstport == 4195 && tcp.analysis.retransmission", ">= 3"), STREAM])
def stall_path(lab):
    """For four seconds nothing passes the path in either direction; the client's data is sent again with growing gaps,
    then the stream goes on."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    control = client.control()
    stream = lab.start(client.stream, 13, kbytes=8)
    time.sleep(4)
    both_ways(lab, rules=[{"version": 4}])
    time.sleep(4)
    both_ways(lab, rules=[])
    lab.wait([stream])
    client.close(control)


# -- sessions --------------------------------------------------------------------------------------------------
@scenario("session-reconnects", claims=[
    ("sessions end by the gateway's RST", "tcp.srcport == 4195 && tcp.flags.reset == 1", ">= 3"),
    ("three of them", "tcp.dstport == 4195 && tcp.flags.syn == 1", "== 3"), STREAM])
def reconnects(lab):
    """Three sessions within half a minute, each reset by the gateway after four seconds; the client comes back at
    once."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    for _ in range(3):
        client.resolve(client.name)
        client.stream(4, kbytes=6, server_end="reset", linger_client=1)
        time.sleep(3)


@scenario("reconnects-by-user", dress=lambda r: capfile.pcap(r, nano=True), claims=[
    STREAM, ("no RST of the gateway", "tcp.srcport == 4195 && tcp.flags.reset == 1", "== 0"),
    ("four sessions", "tcp.dstport == 4195 && tcp.flags.syn == 1", "== 4")])
def reconnects_by_user(lab):
    """A look-alike: the user ends and begins four sessions within half a minute (close_notify, FIN, the client's own
    RST)."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    for end in ("notify", "fin", "reset", "notify"):
        client.resolve(client.name)
        client.stream(3, kbytes=6, end=end)
        time.sleep(1.5)
