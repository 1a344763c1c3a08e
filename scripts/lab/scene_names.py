# SPDX-License-Identifier: Apache-2.0
"""Names, proxies and certificates: what goes wrong before a session begins, and what only looks so."""
import time

import beside
import capfile
import places
from clients import Client
from deeds import ask_proxy, bound_to, empty_probe, refused_tls, talk, through_proxy
from scenario import scenario
from scene_healthy import QUIET, prepare

STREAM = ("a stream over TCP 4195", "tcp.srcport == 4195 && tcp.len > 0", ">= 25")
BROKER_NAME = places.LOGIN[0][0]


def short_session(client, gateway=places.GATEWAY, name=None):
    """Control connection and two seconds of stream over TCP 4195."""
    control = client.control(gateway, name=name)
    client.stream(2.5, gateway, kbytes=6, **({"name": name} if name else {}))
    client.close(control)


# -- proxy -----------------------------------------------------------------------------------------------------
@scenario("proxy-refused", tap="inside", claims=QUIET + [
    ("CONNECT to service names", 'http.request.method == "CONNECT"', "== 4"),
    ("all refused", "http.response.code == 403", "== 4"),
    ("no session", "tcp.port == 4195", "== 0")])
def proxy_403(lab):
    """The client's HTTP proxy answers CONNECT to WorkSpaces service names by 403, four times; login fails."""
    prepare(lab)
    beside.proxy(lab, lambda head: ("403 Forbidden", ["Connection: close"]))
    client = Client(lab)
    for name, _ in places.LOGIN[:2] * 2:
        sock, _ = ask_proxy(client, name)
        client.close(sock, "fin")
        time.sleep(0.5)


def _ntlm(head):
    """The three steps of NTLM: a bare challenge, one with a nonce, then it passes."""
    if "TlRMTVNTUAADAAAA" in head:
        return "200 Connection established", []
    token = " TlRMTVNTUAACAAAABgAGADgAAAAFgomi" if "TlRMTVNTUAABAAAA" in head else ""
    return "407 Proxy Authentication Required", [f"Proxy-Authenticate: NTLM{token}", "Proxy-Connection: keep-alive"]


@scenario("proxy-407-then-200", ext="pcapng", claims=QUIET + [
    ("two steps each", "http.response.code == 407", "== 4"),
    ("then it passes", "http.response.code == 200", "== 2"), STREAM])
def proxy_407(lab):
    """A look-alike: the proxy asks for credentials (407, the steps of NTLM), the client gives them on the same
    connection and is let through (200); then it streams without the proxy."""
    prepare(lab)
    beside.proxy(lab, _ntlm, 8080)
    client = Client(lab)
    steps = (None, "NTLM TlRMTVNTUAABAAAAB4IIog==", "NTLM TlRMTVNTUAADAAAAGAAYAHIAAAA=")
    for name, _ in places.LOGIN[:2]:
        sock, _ = ask_proxy(client, name, steps, 8080)
        talk(client, beside.any_tls().wrap_socket(sock, server_hostname=name))
    client.resolve(client.name)
    short_session(client)


@scenario("proxy-allowed", claims=QUIET + [("passes", "http.response.code == 200", "== 2"), STREAM])
def proxy_200(lab):
    """Login through an HTTP proxy that lets WorkSpaces pass, then a stream without it. Nothing is wrong."""
    prepare(lab)
    beside.proxy(lab, lambda head: ("200 Connection established", []))
    client = Client(lab)
    for name, _ in places.LOGIN[:2]:
        through_proxy(client, name)
    client.resolve(client.name)
    short_session(client)


# -- DNS -------------------------------------------------------------------------------------------------------
def _unresolved(lab, policy, tries=1):
    """Login works, the gateway's name does not resolve; the client asks four times and gives up."""
    prepare(lab)
    lab.hosts.zone_policy[places.GATEWAY_NAME] = policy
    client = Client(lab)
    client.login(steps=1)
    for _ in range(4 // tries):
        client.resolve(client.name, tries=tries)
        time.sleep(1.0)
    time.sleep(7)
    client.resolve(places.WEB_NAME)


NO_SESSION = ("no session", "tcp.port == 4195 || udp.port == 4195", "== 0")
ASKED = 'dns.qry.name contains "highlander" && dns.flags.response == '


@scenario("dns-nxdomain", claims=QUIET + [
    ("asked", ASKED + "0", "== 8"), ("no such name", "dns.flags.rcode == 3", "== 8"), NO_SESSION])
def nxdomain(lab):
    """The resolver says of the gateway's name that it does not exist (NXDOMAIN), four times; there is no session."""
    _unresolved(lab, "nxdomain")


@scenario("dns-servfail", ext="pcapng", claims=QUIET + [
    ("asked", ASKED + "0", "== 8"), ("server failure", "dns.flags.rcode == 2", "== 8"), NO_SESSION])
def servfail(lab):
    """The resolver fails on the gateway's name (SERVFAIL), four times; there is no session."""
    _unresolved(lab, "servfail")


@scenario("dns-timeout", claims=QUIET + [
    ("asked", ASKED + "0", "== 8"), ("not answered", ASKED + "1", "== 0"),
    ("other names are", "dns.flags.response == 1", ">= 4"), NO_SESSION])
def no_answer(lab):
    """The resolver answers other names, but never the gateway's (four tries, both families); there is no session."""
    _unresolved(lab, "silent", tries=2)


@scenario("dns-search-list", claims=QUIET + [
    ("names of the search list do not exist",
     'dns.flags.rcode == 3 && dns.qry.name contains "corp.example"', "== 8"), STREAM])
def search_list(lab):
    """A look-alike: the client's stub first appends the search list (corp.example, office.corp.example): NXDOMAIN;
    the names themselves resolve (no AAAA, which is no failure), the session is healthy."""
    prepare(lab)
    client = Client(lab)
    for name in (BROKER_NAME, client.name):
        for suffix in ("corp.example", "office.corp.example"):
            client.resolve(f"{name}.{suffix}")
        client.resolve(name)
    client.exchange(places.BROKER, 443, BROKER_NAME)
    short_session(client)


@scenario("dns-second-server", ext="pcapng", claims=QUIET + [
    ("the first fails", "dns.flags.rcode == 2 && ip.src == 10.20.0.53", ">= 2"),
    ("or is silent", "dns && ip.dst == 10.20.0.53 && dns.flags.response == 0", ">= 4"),
    ("the second answers", "dns.flags.rcode == 0 && dns.count.answers == 1 && ip.src == 10.20.0.54", ">= 1"), STREAM])
def second_server(lab):
    """A look-alike: the first resolver fails on one name and never answers the other; the second one knows both, the
    session is healthy."""
    prepare(lab)
    lab.hosts.zone_policy.update({places.GATEWAY_NAME: "servfail", BROKER_NAME: "silent"})
    lab.hosts.dns(places.RESOLVER_2, policy={})
    client = Client(lab)
    for name in (BROKER_NAME, client.name):
        client.resolve(name, tries=1)
        client.resolve(name, servers=(places.RESOLVER_2,))
    client.exchange(places.BROKER, 443, BROKER_NAME)
    short_session(client)


@scenario("dns-sinkhole", claims=[
    ("the answer", "dns.a == 10.66.66.66", "== 1"),
    ("SYNs to it", "ip.dst == 10.66.66.66 && tcp.flags.syn == 1", ">= 3"),
    ("not answered", "ip.src == 10.66.66.66", "== 0"), ("no ICMP", "icmp", "== 0")])
def sinkhole(lab):
    """The resolver answers the gateway's name by a private address (10.66.66.66, a DNS filter's sinkhole); nothing
    answers there."""
    lab.hosts.zone[places.GATEWAY_NAME] = {"A": [places.SINKHOLE]}
    prepare(lab)
    lab.block(f"ip daddr {places.SINKHOLE} drop")
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    client.attempt(places.SINKHOLE, 4195, wait=6)


@scenario("dns-private-zone", ext="pcapng", claims=QUIET + [
    ("a private address", "dns.a == 10.20.64.18", "== 1"),
    ("the stream comes from there", "ip.src == 10.20.64.18 && tcp.srcport == 4195 && tcp.len > 0", ">= 25")])
def private_zone(lab):
    """A look-alike of a sinkhole: a private DNS zone answers the gateway's public name by the address of a VPC
    endpoint, and the session works."""
    lab.hosts.zone[places.GATEWAY_NAME] = {"A": [places.PRIVATE]}
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    short_session(client, places.PRIVATE)


# -- certificates and handshakes ---------------------------------------------------------------------------------
CORPORATE = "Example Corp Web Security"
CERTIFICATE = "tls.handshake.type == 11 && "


@scenario("tls-intercepted", claims=[
    ("certificates of the interceptor", CERTIFICATE + f'x509sat.uTF8String contains "{CORPORATE}"', "== 3"),
    ("refused by the client", "tls.alert_message.desc == 48 && ip.src == 10.20.30.11", "== 3"),
    ("no ICMP", "icmp", "== 0")])
def intercepted(lab):
    """A transparent interceptor behind the firewall answers TLS 1.2 on 443 for three service names with certificates of
    its own authority; the client does not trust it (alert unknown_ca) and gives up."""
    prepare(lab)
    amazon = lab.hosts.certificates.files()[0].replace(".chain", ".ca")
    beside.intercept(lab, lab.hosts.certificates.context(CORPORATE, tls12=True))
    client = Client(lab)
    for name, address in places.LOGIN:
        client.resolve(name)
        refused_tls(client, address, 443, name, context=beside.trusting(amazon))
        time.sleep(0.3)


@scenario("tls-intercepted-hidden", ext="pcapng", claims=QUIET + [
    ("no certificate in clear", "tls.handshake.type == 11", "== 0"), STREAM])
def intercepted_13(lab):
    """A look-alike that no capture can tell: the interceptor speaks TLS 1.3, which hides its certificate, and the
    client trusts it. Everything works."""
    prepare(lab)
    beside.intercept(lab, lab.hosts.certificates.context(CORPORATE), ports=(443,))
    client = Client(lab)
    client.login(steps=2)
    client.resolve(client.name)
    short_session(client)


@scenario("tls12-genuine", claims=QUIET + [
    ("Amazon's certificates", CERTIFICATE + 'x509sat.printableString contains "Amazon" || ' + CERTIFICATE +
     'x509sat.uTF8String contains "Amazon"', ">= 4"), STREAM,
    ("PCoIP's own", CERTIFICATE + 'x509sat.uTF8String contains "Teradici"', "== 1")])
def genuine_12(lab):
    """A look-alike: TLS 1.2 shows its certificates, the issuer is Amazon on 443 and 4195; a PCoIP gateway on TCP 4172
    presents one of its own, as it may."""
    certificates = lab.hosts.certificates
    lab.hosts.dns()
    lab.hosts.listen((443, 4195), context=certificates.context(tls12=True))
    lab.hosts.listen((4172,), context=certificates.context("Teradici", tls12=True))
    lab.hosts.pcoip()
    client = Client(lab)
    client.login(steps=2)
    client.resolve(client.name)
    short_session(client)
    client.pcoip(2, kbytes=8)


@scenario("tls-handshake-alert", ext="pcapng", claims=[
    ("a fatal alert of the gateway",
     "tls.alert_message.desc == 70 && tls.alert_message.level == 2 && tcp.srcport == 4195", "== 3"),
    ("no stream", "tls.record.content_type == 23 && tcp.port == 4195", "== 0"), ("no ICMP", "icmp", "== 0")])
def handshake_alert(lab):
    """An old client offers TLS 1.2 at most, the gateway asks for 1.3: it ends three handshakes on TCP 4195 by the
    alert protocol_version."""
    lab.hosts.dns()
    lab.hosts.listen((443,))
    lab.hosts.listen((4195,), context=beside.new_tls_only(lab))
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    for _ in range(3):
        refused_tls(client, places.GATEWAY, 4195, client.name, context=beside.old_tls_only())
        time.sleep(0.5)


@scenario("tls-handshake-reset", claims=[
    ("RST after the ClientHello", "tcp.srcport == 4195 && tcp.flags.reset == 1 && ip.ttl == 52", "== 3"),
    ("ClientHellos", "tls.handshake.type == 1 && tcp.dstport == 4195", "== 3"),
    ("no ServerHello", "tls.handshake.type == 2 && tcp.srcport == 4195", "== 0")])
def handshake_reset(lab):
    """The gateway itself (usual TTL, after a round trip) answers three ClientHellos on TCP 4195 by RST."""
    lab.hosts.dns()
    lab.hosts.listen((443,))
    beside.reset_after_hello(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    for _ in range(3):
        refused_tls(client, places.GATEWAY, 4195, client.name)
        time.sleep(0.5)


@scenario("tls-hello-filtered", claims=QUIET + [
    ("ClientHellos sent again", "tcp.dstport == 4195 && tcp.len > 200", ">= 8"),
    ("never answered", "tcp.srcport == 4195 && tcp.len > 0", "== 0"),
    ("small segments pass", "tcp.srcport == 4195 && tcp.flags.syn == 1", "== 2")])
def hello_filtered(lab):
    """A filter that looks for the name drops the ClientHello on TCP 4195: the TCP handshake works, the ClientHello is
    sent again and again, nothing comes back; twice."""
    prepare(lab)
    lab.block("tcp dport 4195 meta length > 200 drop")
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    for _ in range(2):
        refused_tls(client, places.GATEWAY, 4195, client.name, wait=7)


@scenario("tls-empty-probes", claims=[
    ("no ClientHello of the probes", "tcp.dstport == 4195 && tls.handshake.type == 1", "== 2"),
    ("five connections", "tcp.dstport == 4195 && tcp.flags.syn == 1", "== 7"), STREAM, ("no ICMP", "icmp", "== 0")])
def empty_probes(lab):
    """A look-alike: a port check opens five connections to TCP 4195 and closes them without a word (three by FIN, two
    by RST); then a healthy session."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    client.resolve(client.name)
    for how in ("fin", "fin", "reset", "fin", "reset"):
        empty_probe(client, how=how)
        time.sleep(0.3)
    short_session(client)


# -- addresses and protocols -------------------------------------------------------------------------------------
@scenario("gateway-unpublished", dress=lambda r: capfile.pcap(r, big=True), claims=QUIET + [
    ("the stream from an unpublished address", "ip.src == 198.51.100.230 && tcp.srcport == 4195 && tcp.len > 0",
     ">= 25"),
    ("with a gateway's name", 'tls.handshake.extensions_server_name contains "highlander"', "== 2")])
def unpublished(lab):
    """A session to a gateway whose name is right (SNI) and whose address is in no published range. It works."""
    prepare(lab)
    client = Client(lab)
    client.login(steps=1)
    short_session(client, places.UNPUBLISHED)


@scenario("unexpected-protocol", claims=QUIET + [
    ("SSH on 4195", 'tcp.srcport == 4195 && tcp.payload contains "SSH-2.0"', "== 1"),
    ("both ways", "tcp.dstport == 4195 && tcp.len > 0", ">= 20")])
def other_protocol(lab):
    """Somebody's SSH server listens on port 4195 of an address that is no gateway; a conversation with it."""
    lab.hosts.dns()
    beside.banner(lab, 4195, b"SSH-2.0-OpenSSH_9.6p1\r\n")
    client = Client(lab)
    client.resolve(places.WEB_NAME)
    bound_to(client, 51022, places.WEB, 4195)


@scenario("client-port-4195", ext="pcapng", claims=QUIET + [
    ("the client's port is 4195", "tcp.srcport == 4195 && tcp.dstport == 22 && ip.src == 10.20.30.11", ">= 20")])
def client_port(lab):
    """A look-alike: SSH to port 22 of an unrelated server from the client's port 4195. No streaming."""
    lab.hosts.dns()
    beside.banner(lab, 22, b"SSH-2.0-OpenSSH_9.6p1\r\n")
    client = Client(lab)
    client.resolve(places.WEB_NAME)
    bound_to(client, 4195, places.WEB, 22)
