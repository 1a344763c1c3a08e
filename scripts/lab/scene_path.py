# SPDX-License-Identifier: Apache-2.0
"""What the path does to packets: sizes that do not fit, fragments, resets in the gateway's name."""
import time

import capfile
import places
import transform
from beside import udp_answers
from clients import Client
from deeds import refused_tls, upload
from scenario import scenario
from scene_healthy import QUIET, prepare
from scene_udp import GIVE_UP, begin

NO_ICMP = [QUIET[0]]
LARGE_UP, LARGE_DOWN = "tcp.dstport == 4195 && tcp.len > 1300", "tcp.srcport == 4195 && tcp.len > 1300"


@scenario("pmtu-blackhole-upstream", claims=QUIET + [
    ("large segments sent again and again", LARGE_UP + " && tcp.analysis.retransmission", ">= 3"),
    ("then smaller ones get through", "tcp.dstport == 4195 && tcp.len > 900 && tcp.len < 1100", ">= 5")])
def hole_up(lab):
    """Beyond the firewall packets of more than 1300 bytes vanish on the way up, no "too big" comes back. What the
    client pastes into the session is sent again four times, then in smaller pieces (RFC 4821), and gets through."""
    lab.set_path(up={"mtu": 1300, "mtu_icmp": False})
    prepare(lab)
    client = Client(lab)
    client.space.sysctl({"ipv4/tcp_mtu_probing": 1})
    client.login(steps=1)
    client.resolve(client.name)
    upload(client, [12000], wait=13)


@scenario("pmtu-blackhole-downstream", ext="pcapng", claims=QUIET + [
    ("handshakes work", "tcp.srcport == 4195 && tcp.flags.syn == 1", "== 2"),
    ("no large segment comes", LARGE_DOWN, "== 0"),
    ("but what follows it does", "tcp.srcport == 4195 && tcp.len > 0", ">= 2"),
    ("the client asks for the hole", "tcp.dstport == 4195 && tcp.options.sack.count >= 1", ">= 2")])
def hole_down(lab):
    """Packets of more than 1300 bytes vanish on the way down, no "too big": of the gateway's certificate only the
    short last segment arrives. Two connections hang in the TLS handshake for nine seconds each."""
    lab.hosts.dns()
    lab.hosts.listen(context=lab.hosts.certificates.context(extra=("Amazon Root CA 1", "Amazon Root CA 3")))
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    lab.set_path(down={"mtu": 1300, "mtu_icmp": False})
    refused_tls(client, places.GATEWAY, 4195, client.name, wait=9)
    refused_tls(client, places.GATEWAY, 4195, client.name, wait=9)


@scenario("pmtu-blackhole-udp", claims=NO_ICMP + [
    ("Initials of 1228 bytes", "udp.dstport == 4195 && ip.len == 1228", ">= 3"),
    ("no answer", "udp.srcport == 4195", "== 0"),
    ("the MSS is clamped to 1160", "tcp.flags.syn == 1 && tcp.options.mss_val == 1160", ">= 3"),
    ("the stream over TCP", "tcp.srcport == 4195 && tcp.len > 0", ">= 50")])
def hole_udp(lab):
    """A tunnel carries 1200 bytes: the router clamps the MSS to 1160, so TCP works, but QUIC's Initials of 1228 bytes
    vanish, no "too big". The client streams over TCP 4195."""
    size = {"mtu": 1200, "mtu_icmp": False}
    lab.set_path(up=size, down=size)
    lab.router_block("tcp flags syn tcp option maxseg size set 1160")
    client, control = begin(lab)
    client.quic(5, options=GIVE_UP)
    client.stream(5, kbytes=12)
    client.close(control)


@scenario("pmtu-lookalike-loss", tap="outside", claims=QUIET + [
    ("three large segments of the client sent again", LARGE_UP + " && (tcp.analysis.out_of_order || "
     "tcp.analysis.fast_retransmission)", ">= 3"), ("large ones get through", LARGE_UP, ">= 40")])
def hole_not(lab):
    """A look-alike of a black hole: three large segments of the client are lost in two places; sent again at the same
    size they get through."""
    lab.set_path(up={"rules": [{"proto": 6, "dport": 4195, "min_length": 1400, "skip": 3, "count": 1},
                               {"proto": 6, "dport": 4195, "min_length": 1400, "skip": 24, "count": 2}]})
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    upload(client, [28000, 1460, 28000], wait=8)


@scenario("pmtu-reduced", claims=[
    ("too big for 1400 bytes", "icmp.type == 3 && icmp.code == 4 && icmp.mtu == 1400", ">= 1"),
    ("then nothing larger", LARGE_UP + " && tcp.len > 1348 && frame.time_relative > 3 && !icmp", "== 0"),
    ("the data gets through", "tcp.dstport == 4195 && tcp.len > 1200 && tcp.len <= 1348 && !icmp", ">= 5")])
def reduced(lab):
    """A router three hops away passes 1400 bytes and says so (fragmentation needed); the client adapts."""
    lab.set_path(up={"mtu": 1400})
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    upload(client, [12000, 6000], wait=6)


@scenario("pmtu-reduced-below-quic", ext="pcapng", claims=[
    ("too big for 1220 bytes", "icmp.type == 3 && icmp.code == 4 && icmp.mtu == 1220", ">= 1"),
    ("Initials of 1228 bytes", "udp.dstport == 4195 && !icmp", ">= 1"),
    ("no QUIC", "udp.srcport == 4195 && !icmp", "== 0"),
    ("the stream over TCP", "tcp.srcport == 4195 && tcp.len > 0 && !icmp", ">= 50")])
def reduced_much(lab):
    """The way up passes 1220 bytes and says so: QUIC cannot run (its Initials need 1228), the client streams over
    TCP."""
    lab.set_path(up={"mtu": 1220})
    client, control = begin(lab)
    client.quic(5, options=GIVE_UP)
    client.stream(5, kbytes=12)
    client.close(control)


@scenario("pmtu-lookalike-invalid", dress=lambda r: capfile.pcap(r, nano=True), claims=[
    ("next-hop MTU 0", "icmp.type == 3 && icmp.code == 4 && icmp.mtu == 0", "== 2"),
    ("next-hop MTU above the packet", "icmp.type == 3 && icmp.code == 4 && icmp.mtu == 9000", "== 2"),
    ("large segments afterwards", LARGE_UP + " && !icmp", ">= 10")])
def reduced_not(lab):
    """A look-alike: "fragmentation needed" with next-hop MTU 0 and 9000 for segments that got through all the same;
    the client goes on with full segments."""
    def rule(skip, mtu):
        return {"proto": 6, "dport": 4195, "min_length": 1400, "skip": skip, "count": 2,
                "icmp": [3, 4, mtu], "pass": True}
    client, control = begin(lab)
    client.space.nft("add chain inet own in { type filter hook input priority 0; }\n"
                     "add rule inet own in icmp type destination-unreachable drop\n")
    lab.set_path(up={"rules": [rule(2, 0), rule(4, 9000)]})
    upload(client, [12000, 12000], wait=6)
    client.close(control)


@scenario("udp-fragmented", claims=QUIET + [
    ("first fragments", "ip.flags.mf == 1 && ip.src == 18.132.22.40", ">= 10"),
    ("and their rest", "ip.frag_offset > 0 && ip.src == 18.132.22.40", ">= 10")])
def fragmented(lab):
    """The PCoIP gateway sends datagrams of up to 1808 bytes: its stack makes two fragments of the large ones, all of
    them arrive."""
    prepare(lab)
    lab.hosts.pcoip()
    client = Client(lab)
    client.login(steps=1)
    client.pcoip(3, kbytes=32, size=1800)


@scenario("udp-fragments-lost", tap="outside", ext="pcapng", claims=QUIET + [
    ("first fragments", "ip.flags.mf == 1 && ip.src == 18.132.22.40", ">= 10"),
    ("no second one", "ip.frag_offset > 0 && ip.src == 18.132.22.40", "== 0")])
def fragments_lost(lab):
    """As udp-fragmented, but a filter on the way drops every second fragment (it knows no port): the large datagrams
    never complete. Recorded outside of the firewall."""
    lab.set_path(down={"rules": [{"later": True}]})
    prepare(lab)
    lab.hosts.pcoip()
    client = Client(lab)
    client.login(steps=1)
    client.pcoip(3, kbytes=32, size=1800)


@scenario("udp-fragments-of-others", claims=QUIET + [
    ("fragments of a web server", "ip.flags.mf == 1 && ip.src == 203.0.113.80", ">= 5"),
    ("none of a gateway", "(ip.flags.mf == 1 || ip.frag_offset > 0) && ip.addr == 18.134.68.57", "== 0"),
    ("a healthy stream", "tcp.srcport == 4195 && tcp.len > 0", ">= 40")])
def fragments_of_others(lab):
    """A look-alike: a server that has nothing to do with WorkSpaces sends fragmented datagrams while a healthy session
    runs."""
    udp_answers(lab, places.WEB, 5060, 1900)
    client, control = begin(lab)
    stream = lab.start(client.stream, 4, kbytes=8)
    for _ in range(8):
        client.probe(places.WEB, 5060, tries=1)
        time.sleep(0.3)
    lab.wait([stream])
    client.close(control)


def _forged(lab, **how):
    """A running stream, then resets from the path after one of the client's segments."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    stream = lab.start(client.stream, 5, kbytes=6)
    time.sleep(3)
    lab.set_path(up={"rules": [{"proto": 6, "dport": 4195, "flags": 16, "min_length": 60, "count": 1, "pass": True,
                                "forge": how}]})
    lab.wait([stream])
    time.sleep(0.8)


@scenario("tcp-reset-injected-guessed", claims=[
    ("six resets in the gateway's name", "tcp.flags.reset == 1 && ip.src == 18.134.68.57", "== 6"),
    ("with its usual TTL", "tcp.flags.reset == 1 && ip.src == 18.134.68.57 && ip.ttl == 52", "== 6"),
    ("the gateway goes on", "tcp.srcport == 4195 && tcp.len > 0", ">= 40")])
def reset_guessed(lab):
    """Something on the way sends six RSTs in the gateway's name, with its TTL, a window, and sequence numbers 1460
    apart (guessed): the first one ends the stream. The gateway knows nothing of it and goes on."""
    _forged(lab, hop=4, count=6, step=1460, ttl=53, window=512)


@scenario("tcp-reset-injected-copied", ext="pcapng", dress=lambda r: capfile.pcapng(transform.vlan(r, 30)), claims=[
    ("a reset in the gateway's name with another distance", "tcp.flags.reset == 1 && ip.src == 18.134.68.57 && "
     "ip.ttl == 59", "== 1"), ("the gateway goes on", "tcp.srcport == 4195 && tcp.len > 0", ">= 30")])
def reset_copied(lab):
    """An inspection device four hops away answers one of the client's segments by RST in the gateway's name; it copies
    the segment's IP-ID and is nearer than the gateway (TTL 59 against 52). VLAN tagged."""
    _forged(lab, hop=4, ttl=60, copy_id=True)


@scenario("tcp-reset-by-load-balancer", claims=[
    ("RST that began with TTL 255", "tcp.srcport == 4195 && tcp.flags.reset == 1 && ip.ttl == 243", ">= 1"),
    ("no other RST of the gateway", "tcp.srcport == 4195 && tcp.flags.reset == 1 && ip.ttl != 243", "== 0"),
    ("a stream before it", "tcp.srcport == 4195 && tcp.len > 0", ">= 30")])
def reset_balancer(lab):
    """A look-alike of a forged reset: the load balancer in front of the gateway ends the stream by RST. It is as far
    away, but begins with TTL 255 instead of 64."""
    lab.set_path(down={"rules": [{"proto": 6, "sport": 4195, "flags": flags, "ttl": 255} for flags in (4, 20)]})
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    client.stream(4, server_end="reset", linger_client=2, kbytes=8)
    time.sleep(0.5)
