# SPDX-License-Identifier: Apache-2.0
"""An office: many healthy clients, three that a firewall keeps out."""
import threading
import time

import capfile
import places
from clients import Client
from scenario import scenario

GATEWAYS = (places.GATEWAY, places.GATEWAY_2, places.GATEWAY_3)
UDP_BLOCKED, TCP_BLOCKED = (7, 22), (31,)   # client numbers; the address ends in 11 + number


def _user(lab, number, slots):
    """One user of the office: looks up, logs in, streams for some seconds over QUIC, TCP or PCoIP."""
    time.sleep(number * 0.35)
    with slots:
        client, gateway = Client(lab, number), GATEWAYS[number % 3]
        lab.hosts.zone[client.name] = {"A": [gateway]}
        client.login(steps=1 if number % 4 == 1 or number in TCP_BLOCKED else 0)
        client.resolve(client.name)
        if number in TCP_BLOCKED:
            client.attempt(gateway, 4195, wait=8)
        elif number % 5 == 4:
            client.pcoip(3, kbytes=4)
        elif number % 5 == 3:
            client.stream(3, gateway, kbytes=4)
        else:
            control = client.control(gateway)
            client.quic(0.4, gateway, options=["--handshake-timeout=5s"])
            if number in UDP_BLOCKED:
                client.stream(6, gateway, kbytes=10)
            client.close(control)


@scenario("office-40-clients", ext="pcapng", clients=40, claims=[
    ("two clients' Initials die", "(ip.addr == 10.20.30.18 || ip.addr == 10.20.30.33) && udp.dstport == 4195", ">= 6"),
    ("and are never answered", "(ip.dst == 10.20.30.18 || ip.dst == 10.20.30.33) && udp.srcport == 4195", "== 0"),
    ("they stream over TCP", "ip.dst == 10.20.30.18 && tcp.srcport == 4195 && tcp.len > 0", ">= 40"),
    ("one client's SYNs die", "ip.src == 10.20.30.42 && tcp.dstport == 4195 && tcp.flags.syn == 1", ">= 3"),
    ("and are never answered", "ip.dst == 10.20.30.42 && tcp.srcport == 4195", "== 0"),
    ("no ICMP", "icmp", "== 0"), ("no RST", "tcp.flags.reset == 1", "== 0"),
], dress=lambda records: capfile.pcapng(records, name="office-uplink"))
def office(lab):
    """Forty clients of one office within half a minute: DCV over QUIC and TCP, PCoIP. The firewall drops UDP 4195 of
    10.20.30.18 and .33 (they fall back to TCP 4195) and TCP 4195 of 10.20.30.42 (it gets no session)."""
    lab.block(*[f"ip saddr 192.0.2.{11 + n} udp dport 4195 drop" for n in UDP_BLOCKED],
              *[f"ip saddr 192.0.2.{11 + n} tcp dport 4195 drop" for n in TCP_BLOCKED])
    lab.hosts.dns()
    lab.hosts.listen()
    lab.hosts.pcoip()
    for gateway in GATEWAYS:
        lab.hosts.quic(gateway)
    time.sleep(0.3)
    slots = threading.Semaphore(12)
    for number in range(40):
        lab.start(_user, lab, number, slots)
    lab.wait(seconds=90)
