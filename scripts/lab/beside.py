# SPDX-License-Identifier: Apache-2.0
"""Services that are not WorkSpaces' own: an HTTP proxy, a TLS interceptor, a sink for uploads, banners."""
import random
import select
import socket
import ssl
import threading

import places
from hosts import reset


def read_head(connection):
    """The bytes of an HTTP head, or b"" at the end of the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(4096)
        if not piece:
            return b""
        data += piece
    return data


def relay(left, right):
    """Both ways until one side closes."""
    pair = {left: right, right: left}
    while True:
        for ready in select.select([left, right], [], [], 60)[0]:
            data = ready.recv(16384)
            if not data:
                return
            pair[ready].sendall(data)


def proxy(lab, answer, port=3128):
    """An HTTP proxy on places.PROXY. answer(head) gives the status and more header lines of a CONNECT."""
    def serve(connection):
        with connection:
            while head := read_head(connection):
                status, lines = answer(head.decode("ascii"))
                body = b"" if status.startswith("200") else b"<html>" + status.encode() + b"</html>"
                length = [f"Content-Length: {len(body)}"] if body else []
                text = "\r\n".join([f"HTTP/1.1 {status}", "Via: 1.1 proxy.corp.example", *lines, *length, "", ""])
                connection.sendall(text.encode() + body)
                if not body:
                    _tunnel(lab, connection, head)
                    return
    lab.hosts.listen((port,), space=lab.office, address=places.PROXY, serve=serve)


def _tunnel(lab, connection, head):
    name, port = head.split()[1].decode().rsplit(":", 1)
    with lab.office.socket() as onward:
        onward.connect((lab.hosts.zone[name]["A"][0], int(port)))
        relay(connection, onward)


def intercept(lab, context, ports=(443, 4195)):
    """A transparent interceptor: the firewall hands it what goes to these ports. It answers in the server's place."""
    numbers = ", ".join(map(str, ports))
    lab.firewall.nft("add chain ip nat pre { type nat hook prerouting priority -100; }\n"
                     f"add rule ip nat pre iifname in0 tcp dport {{ {numbers} }} dnat to {places.PROXY}\n")
    lab.hosts.listen(ports, context=context, space=lab.office, address=places.PROXY)


def banner(lab, port, text):
    """A server that speaks first, as SSH does, then answers whatever comes."""
    def serve(connection):
        with connection:
            connection.sendall(text)
            while connection.recv(4096):
                connection.sendall(random.randbytes(120))
    lab.hosts.listen((port,), serve=serve)


def sink(lab, port=80):
    """Takes any upload, on every address."""
    def serve(connection):
        with connection:
            while connection.recv(65536):
                pass
    lab.hosts.listen((port,), serve=serve)


def reset_after_hello(lab, ports=(4195,)):
    """A server that reads the ClientHello and ends the connection by RST."""
    def serve(connection):
        connection.recv(16384)
        reset(connection)
    lab.hosts.listen(ports, serve=serve)


def old_tls_only():
    """A client's context that ends at TLS 1.2."""
    context = any_tls()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def new_tls_only(lab):
    """A server's context that begins with TLS 1.3."""
    context = lab.hosts.certificates.context()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def trusting(path):
    """A client's context that believes one authority only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(path)
    return context


def udp_answers(lab, address, port, size):
    """A server that answers each datagram with one of the given size."""
    sock = lab.servers.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, port))
    sock.settimeout(0.2)

    def serve():
        while not lab.stopping.is_set():
            try:
                _, peer = sock.recvfrom(2048)
                sock.sendto(bytes(size), peer)
            except (TimeoutError, OSError):
                continue
    threading.Thread(target=serve, daemon=True).start()


def any_tls():
    """A client's context that believes anybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
