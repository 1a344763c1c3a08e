# SPDX-License-Identifier: Apache-2.0
"""What else a client may do: go through a proxy, send much, read slowly, open connections and say nothing."""
import random
import socket
import struct
import time

import places
from beside import read_head
from clients import TLS
from hosts import reset
from net import LabError


def talk(client, sock, sizes=(1800, 24)):
    """A login step on a connection that is there."""
    client.ask(sock, do="exchange", sizes=list(sizes), pad="x" * random.randint(100, 500))
    for size in sizes:
        while size > 0:
            size -= len(sock.recv(16384))
        sock.sendall(random.randbytes(24))
    client.close(sock)


def ask_proxy(client, name, tries=(None,), port=3128, target_port=443):
    """CONNECT, once for each of `tries` (the value of Proxy-Authorization), on one connection. The connection and
    the last status."""
    sock = client.connect(places.PROXY, port)
    for credentials in tries:
        lines = [f"CONNECT {name}:{target_port} HTTP/1.1", f"Host: {name}:{target_port}", "User-Agent: workspaces"]
        lines += [f"Proxy-Authorization: {credentials}"] if credentials else []
        sock.sendall("\r\n".join([*lines, "", ""]).encode())
        head = read_head(sock)
        status = int(head.split()[1])
        time.sleep(0.05)
    return sock, status


def through_proxy(client, name, tries=(None,)):
    """A login step through the proxy."""
    sock, status = ask_proxy(client, name, tries)
    if status != 200:
        raise LabError(f"the proxy says {status}, and this scenario says it lets {name} pass")
    talk(client, TLS.wrap_socket(sock, server_hostname=name))


def refused_tls(client, address, port, name, wait=10.0, context=TLS):
    """A TLS handshake that is expected to fail."""
    try:
        sock = client.tls(address, port, name, wait, context)
    except (OSError, ValueError):
        return
    sock.close()
    raise LabError(f"TLS to {address} port {port} works, and this scenario says it does not")


def upload(client, sizes, gateway=places.GATEWAY, port=4195, wait=15.0, gap=1.5):
    """A stream into which the client pastes so many bytes, one size after the other."""
    sock = client.tls(gateway, port, client.name)
    client.ask(sock, do="stream", seconds=wait, kbytes=3, pauses=[])
    limit = time.monotonic() + wait
    for size in sizes:
        client._watch(sock, gap, [], False)
        sock.settimeout(20)
        sock.sendall(random.randbytes(size))
    client._watch(sock, max(0.5, limit - time.monotonic()), [], False)
    client.close(sock, "keep" if wait < 0 else "notify")


def slow_reader(client, rests, seconds, kbytes=24, buffer=6000):
    """A stream whose client does not read during rests [(begin, end)], with a small receive buffer."""
    raw = client.space.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    raw.settimeout(10)
    raw.connect((places.GATEWAY, 4195))
    sock = TLS.wrap_socket(raw, server_hostname=client.name)
    client.ask(sock, do="stream", seconds=seconds, kbytes=kbytes, pauses=[])
    start = time.monotonic()
    for begin, end in rests:
        client._watch(sock, begin - (time.monotonic() - start), [], False)
        time.sleep(end - begin)
    client._watch(sock, seconds + 0.3 - (time.monotonic() - start), [], False)
    client.close(sock)


def background(client, bursts, until, port=80, buffer=16000):
    """Uploads of zeros to a web server (they compress well) during bursts [(begin, end, buffer)]; the buffer bounds
    the queue that the upload builds."""
    start = time.monotonic()
    for begin, end, size in bursts:
        time.sleep(max(0.0, begin - (time.monotonic() - start)))
        with client.space.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size or buffer)
            sock.settimeout(5)
            sock.connect((places.WEB, port))
            while time.monotonic() - start < end:
                sock.sendall(bytes(1000))
    time.sleep(max(0.0, until - (time.monotonic() - start)))


def paced(client, kbytes, seconds, port=80):
    """An upload at a steady rate that the line has room for."""
    with client.space.socket() as sock:
        sock.settimeout(5)
        sock.connect((places.WEB, port))
        for _ in range(int(seconds * 20)):
            sock.sendall(bytes(int(kbytes * 50)))
            time.sleep(0.05)


def empty_probe(client, port=4195, how="fin", gateway=places.GATEWAY):
    """A connection that says nothing: a port check."""
    sock = client.connect(gateway, port)
    time.sleep(0.2)
    if how == "reset":
        reset(sock)
    else:
        sock.close()


def bound_to(client, own_port, address, port):
    """A conversation from a port of the client's own choice."""
    with client.space.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((client.space.address, own_port))
        sock.settimeout(5)
        sock.connect((address, port))
        sock.recv(200)
        sock.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
        for _ in range(20):
            sock.sendall(struct.pack("!IB", 60, 8) + random.randbytes(59))
            sock.recv(400)
            time.sleep(0.1)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(400):
            pass
