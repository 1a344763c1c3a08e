# SPDX-License-Identifier: Apache-2.0
"""Network namespaces without names: each lives only as long as a descriptor of this process is open, so nothing can
be left behind, however the run ends."""
import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
import threading

CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 0x0002, 0x1000
SIOCETHTOOL = 0x8946
ETHTOOL_OFF = (0x15, 0x17, 0x19, 0x1F, 0x22, 0x24, 0x2C)  # rx-csum tx-csum sg tso ufo gso gro

libc = ctypes.CDLL(None, use_errno=True)


class LabError(Exception):
    """Something the lab needs did not work; the text is for people."""


def _setns(fd):
    if libc.setns(fd, CLONE_NEWNET) != 0:
        raise LabError(f"cannot enter a network namespace: {os.strerror(ctypes.get_errno())} (run as root)")


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


class Namespace:
    """One host. Sockets, TAP devices and programs are made inside it; the thread returns to where it was."""

    def __init__(self, name):
        self.name = name
        self.fd = -1
        self.error = None
        thread = threading.Thread(target=self._make)
        thread.start()
        thread.join()
        if self.error is not None:
            raise self.error
        self.ip("link set lo up")

    def _make(self):
        try:
            if libc.unshare(CLONE_NEWNET) != 0:
                raise LabError(f"cannot make a network namespace: {os.strerror(ctypes.get_errno())} (run as root)")
            self.fd = os.open(f"/proc/self/task/{threading.get_native_id()}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        except (LabError, OSError) as error:
            self.error = error

    @property
    def path(self):
        return f"/proc/{os.getpid()}/fd/{self.fd}"

    def inside(self, function):
        """Runs function in this namespace, in a thread of its own: no other thread may ever see the change."""
        result = []

        def work():
            try:
                _setns(self.fd)
                result.append((function(), None))
            except Exception as error:  # handed to the caller below
                result.append((None, error))
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        value, error = result[0]
        if error is not None:
            raise error
        return value

    def socket(self, family=socket.AF_INET, kind=socket.SOCK_STREAM, proto=0):
        return self.inside(lambda: socket.socket(family, kind, proto))

    def popen(self, command, **options):
        def enter():
            die_with_parent()
            os.setsid()
            _setns(self.fd)
        return subprocess.Popen(command, preexec_fn=enter, **options)

    def run(self, command, text=None):
        process = self.popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output, _ = process.communicate(text.encode() if text else None, timeout=20)
        if process.returncode != 0:
            raise LabError(f"{' '.join(command)} in {self.name} failed: {output.decode(errors='replace').strip()}")
        return output.decode(errors="replace")

    def ip(self, *lines):
        self.run(["ip", "-batch", "-"], "\n".join(lines) + "\n")

    def nft(self, text):
        self.run(["nft", "-f", "-"], text)

    def sysctl(self, values):
        """values: {"ipv4/ip_forward": 1, ...}"""
        def write():
            for key, value in values.items():
                with open("/proc/sys/net/" + key, "w", encoding="ascii") as file:
                    file.write(str(value))
        self.inside(write)

    def no_offload(self, device):
        """Packets on this device look as they would on a wire: no super-segments, checksums filled in."""
        def switch():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                for command in ETHTOOL_OFF:
                    value = ctypes.create_string_buffer(struct.pack("=II", command, 0))
                    request = struct.pack("16sQ16x", device.encode(), ctypes.addressof(value))
                    try:
                        fcntl.ioctl(sock, SIOCETHTOOL, request)
                    except OSError:
                        pass  # a feature this kernel does not have is off already
        self.inside(switch)

    def tap(self, device):
        def make():
            fd = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
            fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TAP | IFF_NO_PI))
            return fd
        return self.inside(make)

    def close(self):
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def veth(left, left_device, right, right_device):
    left.ip(f"link add name {left_device} type veth peer name {right_device} netns {right.path}")
    for space, device in ((left, left_device), (right, right_device)):
        space.no_offload(device)
        space.ip(f"link set dev {device} up")
