# SPDX-License-Identifier: Apache-2.0
"""What a scenario is, and how one is recorded: build the network, sniff, act, stop, rewrite, dress, check, save."""
import dataclasses
import os
import shutil
import subprocess

import capfile
import rewrite
from net import LabError
from topology import Lab

ALL = {}


@dataclasses.dataclass
class Scenario:
    name: str
    act: object                  # act(lab): what happens while the taps record
    files: dict                  # tap -> (file name, dress(records) -> bytes or None)
    claims: list                 # (what must hold, tshark display filter, "== 0"), of the first file
    options: dict                # of Lab

    @property
    def text(self):
        return " ".join((self.act.__doc__ or "").split())


def scenario(name, ext="pcap", tap="inside", dress=None, claims=(), **options):
    """Decorates act(lab). dress turns rewritten records into the bytes of the file; files: several taps."""
    files = options.pop("files", None) or {tap: (f"{name}.{ext}", dress)}

    def register(act):
        ALL[name] = Scenario(name, act, files, list(claims), options)
        return act
    return register


def default_dress(name, records):
    return capfile.pcapng(records) if ".pcapng" in name else capfile.pcap(records)


def counts(path, filters):
    """How many packets match each display filter (none may hold a comma), in one reading."""
    done = subprocess.run(["tshark", "-n", "-q", "-r", path, "-z", ",".join(["io,stat,0", *filters])],
                          capture_output=True, timeout=60, check=False)
    rows = [line.split("|")[2::2][:len(filters)] for line in done.stdout.decode().splitlines() if " <> " in line]
    if len(rows) != 1 or len(rows[0]) != len(filters):
        raise LabError(f"tshark cannot read {path}: {done.stderr.decode(errors='replace').strip()}")
    return [int(cell) for cell in rows[0]]


def check_claims(what, path, strict):
    if shutil.which("tshark") is None:
        return "not checked: tshark is not installed"
    failed = []
    numbers = counts(path, [claim[1] for claim in what.claims])
    for number, (text, display_filter, test) in zip(numbers, what.claims):
        operator, limit = test.split()
        holds = {"==": number == int(limit), ">=": number >= int(limit), "<=": number <= int(limit)}[operator]
        if not holds:
            failed.append(f"{text}: {number} packets match '{display_filter}', expected {test}")
    if failed:
        text = "the recording is not what it claims to be: " + "; ".join(failed)
        if strict:
            raise LabError(text)
        return text
    return f"{len(what.claims)} claims hold"


def record(what, folder, strict=True):
    """Records one scenario into folder; returns what the path did and the result of the checks. Not strict: a
    recording that is not what it claims to be is saved all the same, to be looked at."""
    lab = Lab(**what.options)
    try:
        taps = {tap: lab.sniff(tap) for tap in what.files}
        what.act(lab)
        lab.wait()
        truth = lab.finish()
        made = []
        for tap, (name, dress) in what.files.items():
            records = capfile.read(taps[tap])
            records = [dataclasses.replace(r, frame=rewrite.frame(r.frame)) for r in records]
            data = dress(records) if dress else default_dress(name, records)
            path = os.path.join(lab.directory, name)
            capfile.write(path, data)
            made.append(path)
        verdict = check_claims(what, made[0], strict)
        for path in made:
            shutil.copyfile(path, os.path.join(folder, os.path.basename(path)))
    finally:
        lab.close()
    return truth, verdict
