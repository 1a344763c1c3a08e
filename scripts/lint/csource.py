# SPDX-License-Identifier: Apache-2.0
"""What the lint scripts know of C: enough to find the definitions of a file in our own style, and no more."""
import pathlib
import re
import sys


def root():
    """The tree to look at: the argument, or the project itself."""
    return pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]


def sources(top, *suffixes):
    """C files of src/ and include/, in a fixed order."""
    found = [p for part in ("src", "include") for p in (top / part).rglob("*") if p.suffix in (suffixes or (".c", ".h"))]
    return sorted(found)


def finish(top, problems):
    """Prints the problems in order of file and line; the exit status."""
    for path, line, what in sorted(problems):
        print(f"{path.relative_to(top)}:{line}: {what}")
    sys.exit(1 if problems else 0)


TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.)*(?:\\\n(?:[^\n\\]|\\.)*)*", re.M | re.S)


def spaces(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    """Comments become spaces and string contents too: every line stays where it was."""
    def cover(match):
        token = match.group(0)
        if token[0] in "\"'":
            return token[0] + spaces(token[1:-1]) + token[-1]
        return spaces(token)
    return TOKENS.sub(cover, text)


def code_only(text):
    """Without preprocessor directives as well."""
    return DIRECTIVE.sub(lambda m: spaces(m.group(0)), without_comments(text))


class Definition:
    """Something at file scope that has a body or an initializer, or is declared."""

    def __init__(self, header, line, body, end_line):
        self.header, self.line, self.body, self.end_line = " ".join(header.split()), line, body, end_line
        bare = re.sub(r"__attribute__\s*\(\(.*?\)\)|_Noreturn|__extension__|alignas\s*\([^)]*\)", " ", self.header)
        match = re.search(r"(\w+)\s*\(", bare.split("=")[0])
        self.is_function = body is not None and match is not None and "=" not in bare
        self.is_declaration = body is None and "=" not in bare and match is not None
        self.is_type = re.match(r"\s*(typedef\b|(static )?(struct|enum|union)\b[^=()]*$)", bare) is not None and (
            body is not None or bare.strip().startswith("typedef") or re.fullmatch(r"(struct|enum|union) \w+", bare) is not None)
        self.is_static = re.search(r"\b(static|extern|_Static_assert|static_assert)\b", bare) is not None
        if self.is_function or self.is_declaration:
            self.name = match.group(1)
            self.parameters = self.split_parameters(bare[match.end() - 1:])
        else:
            named = re.search(r"(\w+)\s*(?:\[[^=]*)?$", bare.split("=")[0].strip())
            self.name, self.parameters = named.group(1) if named else "", []

    @staticmethod
    def split_parameters(text):
        depth, parts, part = 0, [], ""
        for char in text:
            depth += {"(": 1, ")": -1}.get(char, 0)
            if depth == 0:
                break
            if char == "," and depth == 1:
                parts.append(part)
                part = ""
            elif not (char == "(" and depth == 1):
                part += char
        parts.append(part)
        return [p.strip() for p in parts if p.strip() not in ("", "void")]


def definitions(text):
    """The definitions of a file, from its text."""
    code = code_only(text)
    found, header_from, at = [], 0, 0
    body = None
    while at < len(code):
        char = code[at]
        if char == "{":
            end, depth = at, 0
            while end < len(code):
                depth += {"{": 1, "}": -1}.get(code[end], 0)
                if depth == 0:
                    break
                end += 1
            body = code[at:end + 1]
            header = code[header_from:at]
            at = end
            if header.rstrip().endswith(")") and "=" not in header:
                found.append(make(code, header, header_from, body, end))
                header_from, body = end + 1, None
            else:
                code = code[:header_from] + header + spaces(code[header_from + len(header):end + 1]) + code[end + 1:]
        elif char == ";":
            header = code[header_from:at]
            if header.strip():
                found.append(make(code, header, header_from, body, at))
            header_from, body = at + 1, None
        at += 1
    return found


def make(code, header, header_from, body, end):
    start = header_from + len(header) - len(header.lstrip())
    return Definition(header, code.count("\n", 0, start) + 1, body, code.count("\n", 0, end) + 1)
