# SPDX-License-Identifier: Apache-2.0
"""One network for one recording: clients - access router - firewall - emulated path - servers, DNS and proxy beside
the firewall. Taps: "client" (the first client's cable), "inside" (between router and firewall), "outside"."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import hosts
import places
from net import LabError, Namespace, die_with_parent, veth

HERE = os.path.dirname(os.path.abspath(__file__))
ROUTER_SYSCTL = {"ipv4/ip_forward": 1, "ipv6/conf/all/forwarding": 1, "ipv4/icmp_ratemask": 0,
                 "ipv6/icmp/ratelimit": 0, "ipv4/conf/all/rp_filter": 0, "ipv4/conf/default/rp_filter": 0}
QUIET_6 = {"ipv6/conf/all/accept_dad": 0, "ipv6/conf/default/accept_dad": 0,
           "ipv6/conf/default/router_solicitations": 0, "ipv6/conf/default/mldv2_unsolicited_report_interval": 0}
TAPS = {"client": ("client", "eth0"), "inside": ("firewall", "in0"), "outside": ("firewall", "wan0")}


class Lab:
    def __init__(self, clients=1, nat=False, stealth=True):
        self.directory = tempfile.mkdtemp(prefix="wspscope-lab-")
        self.processes, self.spaces, self.taps, self.threads = [], [], [], []
        self.sniffers = []
        self.stopping = threading.Event()
        try:
            self._build(clients, nat, stealth)
        except BaseException:
            self.close()
            raise

    def _space(self, name):
        space = Namespace(name)
        self.spaces.append(space)
        space.sysctl(QUIET_6)
        return space

    def _build(self, clients, nat, stealth):
        self.router, self.firewall = self._space("router"), self._space("firewall")
        self.servers, self.office = self._space("servers"), self._space("office")
        for space in (self.router, self.firewall):
            space.sysctl(ROUTER_SYSCTL)
        self.servers.sysctl({"ipv4/conf/all/rp_filter": 0, "ipv4/icmp_ratemask": 0, "ipv6/icmp/ratelimit": 0,
                             "ipv6/ip_nonlocal_bind": 1})
        self._uplink()
        self._office()
        self._path()
        self.client_spaces = [self._client(number) for number in range(clients)]
        self.firewall.nft("add table inet filter\nadd table ip nat\n"
                          "add chain inet filter forward { type filter hook forward priority 0; }\n"
                          "add chain ip nat post { type nat hook postrouting priority 100; }\n")
        for space in self.client_spaces if stealth else []:
            self._stealth(space)
        if nat:
            self.firewall.nft("add rule ip nat post oifname wan0 masquerade\n")
        self.hosts = hosts.Hosts(self)

    def _uplink(self):
        veth(self.router, "up0", self.firewall, "in0")
        self.router.ip("address add 192.0.2.129/30 dev up0", "route add default via 192.0.2.130",
                       "address add 2001:db8:31::1/64 dev up0 nodad", "route add default via 2001:db8:31::2")
        self.firewall.ip("address add 192.0.2.130/30 dev in0", "route add 192.0.2.0/25 via 192.0.2.129",
                         "address add 2001:db8:31::2/64 dev in0 nodad",
                         "route add 2001:db8:30::/64 via 2001:db8:31::1")

    def _office(self):
        veth(self.firewall, "dmz0", self.office, "eth0")
        self.firewall.ip("address add 192.0.2.145/28 dev dmz0")
        self.office.ip("address add 192.0.2.150/28 dev eth0", "address add 192.0.2.153/28 dev eth0",
                       "address add 192.0.2.154/28 dev eth0", "route add default via 192.0.2.145")

    def _path(self):
        inner, outer = self.firewall.tap("wan0"), self.servers.tap("net0")
        self.taps = [inner, outer]
        self.firewall.ip("link set dev wan0 up", "address add 203.0.113.2/30 dev wan0",
                         "route add default via 203.0.113.1", "address add 2001:db8:aaaa:1::2/64 dev wan0 nodad",
                         "route add default via 2001:db8:aaaa:1::1")
        self.servers.ip("link set dev net0 up", "address add 203.0.113.1/30 dev net0",
                        "route add default via 203.0.113.2", "route add local 198.51.100.0/24 dev lo",
                        "route add local 203.0.113.80/32 dev lo",
                        "address add 2001:db8:aaaa:1::1/64 dev net0 nodad",
                        "route add default via 2001:db8:aaaa:1::2",
                        "route add local 2001:db8:d02c::/48 dev lo", "route add local 2001:db8:d032::/48 dev lo")
        self.path = subprocess.Popen([sys.executable, os.path.join(HERE, "path.py"), str(inner), str(outer)],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=(inner, outer),
                                     preexec_fn=self._own_session)
        self.processes.append(self.path)

    @staticmethod
    def _own_session():
        die_with_parent()
        os.setsid()

    def _client(self, number):
        space, device = self._space(f"client{number}"), f"lan{number}"
        last = places.CLIENT_BASE + number
        veth(self.router, device, space, "eth0")
        self.router.ip(f"address add 192.0.2.1/32 dev {device}", f"route add 192.0.2.{last}/32 dev {device}",
                       f"address add 2001:db8:30::1/128 dev {device} nodad",
                       f"route add 2001:db8:30::{last}/128 dev {device}")
        space.sysctl({"ipv4/ip_default_ttl": 128, "ipv6/conf/all/hop_limit": 128, "ipv6/conf/eth0/hop_limit": 128})
        space.ip(f"link set dev eth0 address 02:1c:30:00:00:{last:02x}", f"address add 192.0.2.{last}/32 dev eth0",
                 "route add 192.0.2.1/32 dev eth0 scope link", f"route add default via 192.0.2.1 src 192.0.2.{last}",
                 f"address add 2001:db8:30::{last}/128 dev eth0 nodad", "route add 2001:db8:30::1/128 dev eth0",
                 "route add default via 2001:db8:30::1")
        space.address, space.address6 = f"192.0.2.{last}", f"2001:db8:30::{last}"
        return space

    @staticmethod
    def _stealth(space):
        """Windows' own firewall tells nobody that a port is closed."""
        space.nft("add table inet own\nadd chain inet own out { type filter hook output priority 0; }\n"
                  "add rule inet own out icmp type destination-unreachable drop\n"
                  "add rule inet own out icmpv6 type destination-unreachable drop\n")

    def set_path(self, up=None, down=None):
        self.path.stdin.write(json.dumps({"up": up or {}, "down": down or {}}).encode() + b"\n")
        self.path.stdin.flush()

    def block(self, *rules):
        """Rules of the firewall's forward chain, in nftables' words."""
        self.firewall.nft("".join(f"add rule inet filter forward {rule}\n" for rule in rules))

    def unblock(self):
        self.firewall.nft("flush chain inet filter forward\n")

    def router_block(self, *rules):
        self.router.nft("add table inet filter\n"
                        "add chain inet filter forward { type filter hook forward priority 0; }\n" +
                        "".join(f"add rule inet filter forward {rule}\n" for rule in rules))

    def sniff(self, tap="inside"):
        """Starts tcpdump at a tap; the file is complete after finish()."""
        where, device = TAPS[tap]
        space = self.client_spaces[0] if where == "client" else self.firewall
        path = os.path.join(self.directory, f"{tap}.pcap")
        process = space.popen(["tcpdump", "-i", device, "-w", path, "-U", "-s", "0", "-B", "8192", "-Z", "root",
                               "--immediate-mode", "--time-stamp-precision=nano", "-n"],
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.processes.append(process)
        self.sniffers.append(process)
        line = process.stderr.readline()
        while b"listening on" not in line:
            if not line:
                raise LabError(f"tcpdump does not start at the tap {tap}")
            line = process.stderr.readline()
        return path

    def start(self, function, *args, **options):
        """A client's doing, in a thread of its own."""
        def work():
            try:
                function(*args, **options)
            except Exception as error:  # shown: a scenario that did not happen is no recording
                print(f"{function.__name__}: {type(error).__name__}: {error}", file=sys.stderr)
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        self.threads.append(thread)
        return thread

    def wait(self, threads=None, seconds=60):
        limit = time.monotonic() + seconds
        for thread in threads or self.threads:
            thread.join(max(0.0, limit - time.monotonic()))
            if thread.is_alive():
                raise LabError("a client of this scenario is still busy after its time")

    def finish(self):
        """Stops recording; what the path did."""
        time.sleep(0.15)
        for sniffer in self.sniffers:
            self._end(sniffer, signal.SIGINT)
        self.stopping.set()
        self.path.stdin.close()
        return json.loads(self.path.stdout.read())

    @staticmethod
    def _end(process, number):
        if process.poll() is not None:
            return
        try:
            process.send_signal(number)
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self):
        self.stopping.set()
        for process in self.processes:
            self._end(process, signal.SIGTERM)
        for fd in self.taps:
            os.close(fd)
        for space in self.spaces:
            space.close()
        shutil.rmtree(self.directory, ignore_errors=True)
