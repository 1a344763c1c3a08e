# SPDX-License-Identifier: Apache-2.0
"""The servers: TLS on 443, 4172 and 4195, QUIC by ngtcp2, PCoIP-like datagrams, health checks, DNS, an HTTP proxy and
a TLS interceptor. All of it answers to what the client asks in the first (encrypted) line."""
import json
import os
import random
import select
import socket
import ssl
import struct
import subprocess
import threading
import time

import names
import places
from net import LabError


class Certificates:
    """Lab authorities: one that calls itself Amazon, one of a corporate proxy."""

    def __init__(self, directory):
        self.directory = directory
        self._lock = threading.Lock()

    def context(self, issuer="Amazon", tls12=False, extra=()):
        """extra: authorities whose certificates are sent too, which makes the server's flight as long as usual."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        chain, key = self.files(issuer)
        parts = [chain] + [self.files(name)[0].replace(".chain", ".ca") for name in extra]
        with open(stem := f"{chain}-{len(parts)}", "w", encoding="ascii") as out:
            for part in parts:
                with open(part, encoding="ascii") as file:
                    out.write(file.read())
        context.load_cert_chain(stem, key)
        if tls12:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context

    def files(self, issuer="Amazon"):
        stem = os.path.join(self.directory, issuer.replace(" ", "-"))
        with self._lock:
            if not os.path.exists(stem + ".chain"):
                self._make(stem, issuer)
        return stem + ".chain", stem + ".key"

    def _make(self, stem, issuer):
        names = ["*." + places.ZONE, "*.eu-west-2.amazonaws.com", "*.amazonworkspaces.com", places.PRIVATE_NAME]
        authority = "/C=US/O=Amazon/CN=Amazon RSA 2048 M02" if issuer == "Amazon" else f"/O={issuer}/CN={issuer} CA"
        ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        self._openssl(["req", "-x509", *ec, "-days", "30", "-subj", authority, "-keyout", stem + ".cakey",
                       "-out", stem + ".ca"])
        self._openssl(["req", *ec, "-subj", f"/CN=*.{places.ZONE}", "-keyout", stem + ".key", "-out", stem + ".csr"])
        with open(stem + ".ext", "w", encoding="ascii") as file:
            file.write("subjectAltName=" + ",".join(f"DNS:{name}" for name in names) + "\n")
        self._openssl(["x509", "-req", "-in", stem + ".csr", "-CA", stem + ".ca", "-CAkey", stem + ".cakey",
                       "-set_serial", str(random.getrandbits(63)), "-days", "20", "-extfile", stem + ".ext",
                       "-out", stem + ".crt"])
        with open(stem + ".chain", "w", encoding="ascii") as out:
            for part in (".crt", ".ca"):
                with open(stem + part, encoding="ascii") as file:
                    out.write(file.read())

    @staticmethod
    def _openssl(arguments):
        done = subprocess.run(["openssl", *arguments], capture_output=True, timeout=20, check=False)
        if done.returncode != 0:
            raise LabError(f"openssl {arguments[0]} failed: {done.stderr.decode(errors='replace').strip()}")


def read_line(sock):
    data = b""
    while not data.endswith(b"\n"):
        piece = sock.recv(4096)
        if not piece:
            raise ConnectionError("closed before the request was complete")
        data += piece
    return json.loads(data)


def reset(sock):
    """Ends a connection by RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


class Hosts:
    def __init__(self, lab):
        self.lab = lab
        self.certificates = Certificates(lab.directory)
        self.zone = places.default_zone()
        self.zone_policy = {}          # name -> "nxdomain", "servfail", "refused", "silent"
        self.pcoip_peers = {}
        self.tls = {"context": None}

    # -- TCP ---------------------------------------------------------------------------------------------------
    def listen(self, ports=(443, 4172, 4195), context=None, space=None, address="::", serve=None):
        """TLS servers on every address of the servers' space. serve(connection): another service in their place."""
        context = context or (None if serve else self.certificates.context())
        for port in ports:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            sock = (space or self.lab.servers).socket(family)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((address, port))
            sock.listen(64)
            self._thread(self._accept, sock, serve or (lambda connection: self._serve(connection, context)))

    def _thread(self, function, *args):
        threading.Thread(target=function, args=args, daemon=True).start()

    def _accept(self, sock, serve):
        sock.settimeout(0.2)
        while not self.lab.stopping.is_set():
            try:
                connection, _ = sock.accept()
            except (TimeoutError, OSError):
                continue
            self._thread(self._until_closed, serve, connection)
        sock.close()

    @staticmethod
    def _until_closed(serve, connection):
        try:
            serve(connection)
        except OSError:
            connection.close()  # the other side ended it: its right

    def _serve(self, connection, context):
        try:
            local = connection.getsockname()[0].replace("::ffff:", "")
            connection.settimeout(40)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if local in places.HEALTH:
                self._echo(connection)
                return
            with context.wrap_socket(connection, server_side=True) as sock:
                request = read_line(sock)
                getattr(self, "_do_" + request["do"])(sock, request)
        except (OSError, ValueError, ConnectionError):
            connection.close()

    @staticmethod
    def _echo(connection):
        with connection:
            while data := connection.recv(2048):
                connection.sendall(data)

    @staticmethod
    def _do_exchange(sock, request):
        """A few answers of the given sizes, each after the client spoke; the client closes."""
        for size in request["sizes"]:
            sock.sendall(random.randbytes(size))
            if not sock.recv(4096):
                return
        sock.settimeout(60)
        sock.recv(4096)

    def _do_control(self, sock, request):
        """A session's control connection: authentication, then short answers until the client closes."""
        for size in request["sizes"]:
            sock.sendall(random.randbytes(size))
            sock.recv(4096)
        self._drain_quietly(sock, 60)

    def _do_stream(self, sock, request):
        """Frames at 15 a second; then as asked: close, reset or go silent."""
        start, step = time.monotonic(), 1 / request.get("fps", 15)
        pauses, alive = request.get("pauses", []), 0.0
        while (now := time.monotonic() - start) < request["seconds"]:
            if not any(begin <= now < end for begin, end in pauses):
                mean = request["kbytes"] * 1000 * step
                sock.settimeout(40)
                spread = 1 if request.get("even") else random.uniform(0.3, 1.7)
                sock.sendall(random.randbytes(max(60, int(spread * mean))))
            elif request.get("keepalive") and now - alive >= 1:
                alive = now
                sock.sendall(random.randbytes(24))
            self._drain(sock, step)
        if request.get("end") == "reset":
            reset(sock)
            return
        sock.settimeout(request.get("linger", 40))
        while sock.recv(16384):
            pass
        if request.get("end") == "reset-after-fin":
            reset(sock)

    @staticmethod
    def _drain(sock, seconds):
        limit = time.monotonic() + seconds
        while (left := limit - time.monotonic()) > 0:
            sock.settimeout(left)
            try:
                if not sock.recv(16384):
                    raise ConnectionError("the client closed")
            except TimeoutError:
                return

    def _do_pcoip(self, sock, request):
        """The control connection says how long and how much; the datagrams go beside it."""
        peer = sock.getpeername()[0].replace("::ffff:", "")
        self.pcoip_peers[peer] = request
        sock.sendall(random.randbytes(900))
        self._drain_quietly(sock, request["seconds"] + 4)

    @staticmethod
    def _drain_quietly(sock, seconds):
        sock.settimeout(seconds)
        while sock.recv(4096):
            sock.sendall(random.randbytes(40))

    # -- UDP ---------------------------------------------------------------------------------------------------
    def udp(self, address, port, function):
        sock = self.lab.servers.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((address, port))
        self._thread(function, sock)

    def health(self, addresses=places.HEALTH[:1]):
        for address in addresses:
            for port in (4172, 4195):
                self.udp(address, port, self._udp_echo)

    def _udp_echo(self, sock):
        sock.settimeout(0.2)
        while not self.lab.stopping.is_set():
            try:
                data, peer = sock.recvfrom(2048)
                sock.sendto(data, peer)
            except (TimeoutError, OSError):
                continue

    def pcoip(self, address=places.PCOIP):
        self.udp(address, 4172, self._pcoip_stream)

    def _pcoip_stream(self, sock):
        """SPI and 32-bit sequence number, then bytes that look encrypted; as long as the control connection said."""
        peers = {}
        while not self.lab.stopping.is_set():
            ready, _, _ = select.select([sock], [], [], 0.02)
            if ready:
                _, peer = sock.recvfrom(2048)
                request = self.pcoip_peers.get(peer[0], {"seconds": 5, "kbytes": 16})
                peers.setdefault(peer, {**request, "spi": random.getrandbits(32), "number": 1,
                                        "start": time.monotonic()})
            for peer, state in list(peers.items()):
                if time.monotonic() < state["start"] + state["seconds"]:
                    self._pcoip_burst(sock, peer, state)
        sock.close()

    @staticmethod
    def _pcoip_burst(sock, peer, state):
        """kbytes: a second; slow: [(begin, end, kbytes)], other rates for a while; size: of the largest datagram;
        steady: full datagrams evenly, in place of an encoder's bursts."""
        rate, now, most = state["kbytes"], time.monotonic() - state["start"], state.get("size", 1200)
        for begin, end, other in state.get("slow", []):
            rate = other if begin <= now < end else rate
        if state.get("steady"):
            due = state.get("credit", 0.0) + (now - state.get("last", now)) * rate * 1000
            left = int(due // most * most)
            state.update(credit=due - left, last=now)
        else:
            left = int(random.uniform(0.4, 1.6) * rate * 1000 * 0.05) if random.random() < 0.4 else 0
        while left > 0:
            size = min(left, most)
            sock.sendto(struct.pack("!II", state["spi"], state["number"]) + random.randbytes(max(24, size)), peer)
            state["number"] += 1
            left -= size

    # -- beside the firewall -----------------------------------------------------------------------------------
    def dns(self, address=places.RESOLVER, policy=None):
        sock = self.lab.office.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((address, 53))
        self._thread(names.serve, sock, self.zone, self.zone_policy if policy is None else policy, self.lab.stopping)

    # -- QUIC --------------------------------------------------------------------------------------------------
    def quic(self, address=places.GATEWAY, port=4195, *options):
        chain, key = self.certificates.files()
        process = self.lab.servers.popen(
            ["gtlsserver", "-q", "--no-quic-dump", "--no-http-dump", "--max-gso-dgrams=1", *options, address,
             str(port), key, chain], cwd=self.lab.directory, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.lab.processes.append(process)
        return process
