# SPDX-License-Identifier: Apache-2.0
"""What a client does: look names up, log in, open the control connection, stream, probe the health-check hosts. Every
function runs in the thread of one client and returns when the client is done with it."""
import json
import random
import select
import signal
import socket
import ssl
import struct
import subprocess
import time

import names
import places
from hosts import reset
from net import LabError

TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE
INPUT_SECONDS = 0.12


class Client:
    def __init__(self, lab, number=0, family=socket.AF_INET):
        self.lab, self.space, self.family = lab, lab.client_spaces[number], family
        self.name = places.gateway_name(number) if number else places.GATEWAY_NAME

    # -- names and login ---------------------------------------------------------------------------------------
    def resolve(self, name, kinds=("A", "AAAA"), servers=(places.RESOLVER,), tries=2, wait=2.0):
        """All questions at once; True when every one was answered."""
        left = set(kinds)
        with self.space.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            for server in [server for server in servers for _ in range(tries)]:
                asked = {}
                for kind in sorted(left):
                    message = names.question(name, kind)
                    asked[message[:2]] = kind
                    sock.sendto(message, (server, 53))
                left -= self._answers(sock, asked, wait)
                if not left:
                    return True
        return False

    @staticmethod
    def _answers(sock, asked, wait):
        got, limit = set(), time.monotonic() + wait
        while len(got) < len(asked) and (rest := limit - time.monotonic()) > 0:
            if select.select([sock], [], [], rest)[0]:
                try:
                    got.add(asked.get(sock.recv(512)[:2]))
                except ConnectionRefusedError:
                    return got
        return got

    def connect(self, address, port, wait=10.0, quickly=True):
        """A TCP connection, or the error the stack gave."""
        sock = self.space.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        sock.settimeout(wait)
        try:
            if quickly:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect((address, port))
        except OSError as error:
            sock.close()
            return error
        return sock

    def attempt(self, address, port, wait=10.0):
        """A connection that is expected to fail."""
        sock = self.connect(address, port, wait)
        if isinstance(sock, socket.socket):
            sock.close()
            raise LabError(f"{address} port {port} answered, and this scenario says it does not")

    def tls(self, address, port, name, wait=10.0, context=TLS):
        sock = self.connect(address, port, wait)
        if not isinstance(sock, socket.socket):
            raise LabError(f"{address} port {port}: {sock}")
        return context.wrap_socket(sock, server_hostname=name)

    @staticmethod
    def ask(sock, **request):
        sock.sendall(json.dumps(request).encode() + b"\n")

    def exchange(self, address, port, name, sizes=(1800, 24), end="notify"):
        """A short conversation: the login steps, the control connection's authentication."""
        sock = self.tls(address, port, name)
        self.ask(sock, do="exchange", sizes=list(sizes), pad="x" * random.randint(100, 500))
        for size in sizes:
            while size > 0:
                size -= len(sock.recv(16384))
            sock.sendall(random.randbytes(24))
            time.sleep(0.05)
        self.close(sock, end)

    def login(self, steps=3, dns=True):
        for name, address in places.LOGIN[:steps]:
            if dns:
                self.resolve(name)
            self.exchange(address, 443, name)
            time.sleep(0.1)

    @staticmethod
    def close(sock, how="notify"):
        """notify: close_notify, then FIN. fin: without. reset: RST. keep: leaves it open."""
        if how == "keep":
            return
        if how == "reset":
            reset(sock)
            return
        if how == "notify":
            try:
                sock.settimeout(2)
                sock.unwrap()
            except OSError:
                pass
        sock.close()

    # -- DCV over TCP ------------------------------------------------------------------------------------------
    def control(self, gateway=places.GATEWAY, port=4195, name=None):
        """The control connection of a session: authenticates, then stays open until the caller closes it."""
        sock = self.tls(gateway, port, name or self.name)
        self.ask(sock, do="control", sizes=[1100, 300])
        for size in (1100, 300):
            while size > 0:
                size -= len(sock.recv(16384))
            sock.sendall(random.randbytes(90))
        return sock

    def stream(self, seconds, gateway=places.GATEWAY, port=4195, **options):
        """options: kbytes (a second), pauses [(begin, end)], end (of the client), name, server_end, linger,
        keepalive (short records in the pauses), fps (frames a second), even (frames of one
        size)."""
        sock = self.tls(gateway, port, options.get("name", self.name))
        pauses = options.get("pauses", [])
        self.ask(sock, do="stream", seconds=seconds, kbytes=options.get("kbytes", 16), pauses=pauses,
                 keepalive=options.get("keepalive", False), fps=options.get("fps", 15),
                 even=options.get("even", False), end=options.get("server_end"), linger=options.get("linger", 40))
        try:
            self._watch(sock, seconds + options.get("linger_client", 0.3), pauses, options.get("keepalive", False))
        except OSError as error:
            sock.close()
            return error
        self.close(sock, options.get("end", "notify"))
        return None

    @staticmethod
    def _watch(sock, seconds, pauses, keepalive):
        start = last = time.monotonic()
        while (now := time.monotonic()) - start < seconds:
            sock.settimeout(0.05)
            try:
                if not sock.recv(16384):
                    return
            except TimeoutError:
                pass
            idle = any(begin <= now - start < end for begin, end in pauses)
            gap = (1.0 if keepalive else seconds) if idle else INPUT_SECONDS
            if now - last >= gap:
                last = now
                sock.settimeout(20)
                sock.sendall(random.randbytes(24 if idle else random.randint(30, 90)))

    # -- DCV over QUIC -----------------------------------------------------------------------------------------
    def quic(self, seconds, gateway=places.GATEWAY, port=4195, options=(), name=None, window=900, stop=0):
        """An HTTP/3 download whose small window spreads it over the time. Returns when it is over, or given up: the
        program's exit status does not tell which. stop: ends the program after so many seconds."""
        size = int(seconds * window / 0.035)
        process = self.space.popen(
            ["gtlsclient", "-q", "--no-quic-dump", "--no-http-dump", "--exit-on-all-streams-close",
             f"--max-stream-data-bidi-local={window}", f"--max-stream-window={window}",
             f"--sni={name or self.name}", *options, gateway, str(port), f"https://{name or self.name}/{size}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd=self.lab.directory)
        self.lab.processes.append(process)
        try:
            return process.wait(stop or seconds * 3 + 15)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return None

    # -- PCoIP -------------------------------------------------------------------------------------------------
    def pcoip(self, seconds, gateway=places.PCOIP, kbytes=16, name="pcoip-default-sni", **options):
        """options: slow, size and steady, of the gateway's datagrams."""
        control = self.tls(gateway, 4172, name)
        self.ask(control, do="pcoip", seconds=seconds, kbytes=kbytes, **options)
        control.recv(4096)
        heard = self.pcoip_datagrams(seconds, gateway)
        self.close(control)
        return heard

    def pcoip_datagrams(self, seconds, gateway=places.PCOIP):
        """SPI, 32-bit sequence, then bytes that look encrypted; from port 50002. How many datagrams came back."""
        spi, number, heard = random.getrandbits(32), 1, 0
        with self.space.socket(socket.AF_INET6 if ":" in gateway else socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind(("", 50002))
            limit = time.monotonic() + seconds
            while time.monotonic() < limit:
                try:
                    sock.sendto(struct.pack("!II", spi, number) + random.randbytes(random.randint(60, 200)),
                                (gateway, 4172))
                    number += 1
                    heard += self._hear(sock, random.uniform(0.04, 0.15))
                except OSError:
                    time.sleep(0.5)
        return heard

    @staticmethod
    def _hear(sock, seconds):
        count, limit = 0, time.monotonic() + seconds
        while (rest := limit - time.monotonic()) > 0:
            if select.select([sock], [], [], rest)[0]:
                sock.recv(4096)
                count += 1
        return count

    # -- health check ------------------------------------------------------------------------------------------
    def health_check(self, address=places.HEALTH[0], checks=(("tcp", 4172), ("tcp", 4195), ("udp", 4172),
                                                             ("udp", 4195)), dns=True, wait=6.0):
        if dns:
            self.resolve(places.HEALTH_NAME, ("A",))
        for proto, port in checks:
            if proto == "tcp":
                self._check_tcp(address, port, wait)
            else:
                self.probe(address, port)

    def _check_tcp(self, address, port, wait):
        sock = self.connect(address, port, wait)
        if isinstance(sock, socket.socket):
            sock.sendall(random.randbytes(32))
            sock.recv(64)
            sock.close()

    def probe(self, address, port, tries=4, wait=1.0):
        """True when one was answered."""
        with self.space.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(wait)
            sock.connect((address, port))
            for _ in range(tries):
                try:
                    sock.send(random.randbytes(32))
                    sock.recv(64)
                    return True
                except TimeoutError:
                    continue
                except OSError:
                    time.sleep(wait)
        return False
