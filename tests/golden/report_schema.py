# SPDX-License-Identifier: Apache-2.0
"""Reports against src/report/report.schema.json: what `validate` and `run` share."""

import json
import pathlib

import jsonschema

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "src/report/report.schema.json"


class Unreadable(Exception):
    """Neither JSON nor a JSON value a line."""


def load_schema():
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


def _no_repeats(pairs):
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        raise Unreadable(f"the key {next(k for k in keys if keys.count(k) > 1)!r} occurs twice in one object")
    return made


def _no_constant(word):
    raise Unreadable(f"{word} is not JSON")


def parse(text):
    """One JSON value; keys stay in the order of the text."""
    try:
        return json.loads(text, object_pairs_hook=_no_repeats, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Unreadable(f"line {error.lineno}, column {error.colno}: {error.msg}") from error


def _where(error):
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path) or "the whole"


def _deepest(error):
    """Of a choice, the branch that came nearest says what is wrong."""
    while error.context:
        error = max(error.context, key=lambda each: (len(each.absolute_path), -each.schema_path[0]
                                                     if isinstance(each.schema_path[0], int) else 0))
    return error


class Checker:
    def __init__(self):
        schema = load_schema()
        jsonschema.Draft202012Validator.check_schema(schema)
        self._document = jsonschema.Draft202012Validator(schema)
        self._line = self._document.evolve(schema={"$schema": schema["$schema"], "$defs": schema["$defs"],
                                                   "$ref": "#/$defs/line"})

    def _complaints(self, validator, value):
        errors = sorted(validator.iter_errors(value), key=lambda error: list(map(str, error.absolute_path)))
        found = []
        for error in errors:
            error = _deepest(error)
            message = error.message if len(error.message) < 300 else error.message[:300] + "..."
            found.append(f"{_where(error)}: {message}")
        return found

    def document(self, value):
        """Complaints about one document or an array of them; then what a schema cannot say."""
        if isinstance(value, list):
            return [f"[{i}]{text}" for i, each in enumerate(value) for text in self.document(each)]
        found = self._complaints(self._document, value)
        return found or rules_beyond_schema(value)

    def lines(self, text):
        found = []
        for number, line in enumerate(text.splitlines(), 1):
            found += [f"line {number}: {each}" for each in self._complaints(self._line, parse(line))]
        return found

    def text(self, text):
        """Complaints about a document, an array of them, or NDJSON, whichever `text` is."""
        first_line = text.partition("\n")[0]
        if first_line.startswith('{"event_type"'):
            return self.lines(text)
        return self.document(parse(text))


def rules_beyond_schema(report):
    """Sums and references of FINDINGS and the ledger that hold in every report."""
    found = []
    packets = report["ledger"]["packets"]
    kinds = ("decoded", "truncated", "malformed", "unsupported", "duplicate")
    if packets["read"] != sum(packets[kind] for kind in kinds):
        found.append(f".ledger.packets: read {packets['read']} is not the sum of {', '.join(kinds)}")
    if packets["decoded"] != sum(packets["of_decoded"].values()):
        found.append(".ledger.packets: decoded is not the sum of of_decoded")
    if packets["unsupported"] != sum(row["packets"] for row in report["ledger"]["unsupported"]):
        found.append(".ledger.unsupported: its packets do not add up to .ledger.packets.unsupported")
    ids = [finding["id"] for finding in report["findings"]]
    if ids != [f"F{i + 1}" for i in range(len(ids))]:
        found.append(f".findings: the ids are not F1, F2 and so on, but {', '.join(ids)}")
    if report["verdict"]["primary"] != (ids[0] if ids else None):
        found.append(".verdict.primary: it is not the first finding")
    order = ["problem", "warning", "notice"]
    severities = [order.index(finding["severity"]) for finding in report["findings"]]
    if severities != sorted(severities):
        found.append(".findings: they are not sorted by severity")
    for i, finding in enumerate(report["findings"]):
        for who in ("client", "server"):
            if len(finding[who + "s"]) != min(100, finding[who + "_count"]):
                found.append(f".findings[{i}].{who}s: it lists {len(finding[who + 's'])} of {finding[who + '_count']}")
    return found
