#!/usr/bin/env python3
"""Looks for what the house rule about coroutines forbids, because GCC 12 compiles it into a second destruction.

A co_await begins its expression (`co_await f(a);`, `const auto x = co_await f(a);`, after `if (...)` too), there is one
in a statement, and its operands are names and plain calls: no braces, no lambdas, no `?:`, no objects made on the spot.
Coroutines take no rvalue references. And nothing is raced: no awaitable operators, no channels, no detached tasks.
It knows no C++ beyond brackets; tests/toolchain shows what the compiler does to each form.

usage: coroutines.py [FILE...]     (without: daemon/ and tests/)
"""

import pathlib
import re
import sys

TREE = pathlib.Path(__file__).resolve().parents[2]

LITERALS = re.compile(r"""R"([^()\s]*)\(.*?\)\1"|"(?:[^"\\\n]|\\.)*"|(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)*'"""
                      r"""|//[^\n]*|/\*.*?\*/""", re.S)
BEGIN = re.compile(r"(?:co_return\s+|return\s+)?$"
                   r"|(?:[\w:<>,&*\s\[\]().]|->)*[\w\])&]\s*=\s*$")  # a declaration or an assignment
CONTROL = re.compile(r"\s*(?:else\b\s*)?(?:(?:if|while|for|switch)\s*(?:constexpr\s*)?\(|else\b|do\b|case\b(?:[^:;]|::)*:|"
                     r"default\s*:|\[\[\w+\]\])")
MADE = re.compile(r"(?<![\w.>])(?:(?!asio::)\w+::)*(?:[A-Z]\w*[a-z]\w*|string|vector|optional|function|unique_ptr|map|set)\s*"
                  r"(?:<[^;()]*>)?\s*\((?!\))")
BANNED = {
    r"\bawaitable_operators\b": "a race of two awaitables loses data: wait on state (Event)",
    r"\bexperimental::channel\b": "Asio 1.26's channel breaks: use Mailbox or Event",
    r"\basio::detached\b": "detached swallows exceptions: use TaskGroup",
}


def blank(match):
    return re.sub(r"[^\n]", " ", match[0]) if match[0].startswith("/") else '""' + " " * (len(match[0]) - 2)


def closing(text, begin):
    """Where the bracket that opens at begin is closed."""
    depth = 0
    for place in range(begin, len(text)):
        depth += (text[place] in "([{") - (text[place] in ")]}")
        if depth == 0:
            return place
    return len(text)


def statement_begin(text, place):
    """Where the statement around place begins: after ; { } or a control's brackets."""
    depth = 0
    begin = place
    while begin > 0:
        sign = text[begin - 1]
        depth += (sign in ")]") - (sign in "([")
        value = sign == "{" and re.match(r"[\w>]", text[begin - 2:begin - 1])  # Agg a{...}, not a block
        if (sign in "{}" and not value) or (sign == ";" and depth <= 0):
            break
        begin -= 1
    while begin < place:
        control = CONTROL.match(text, begin, place)
        if not control:
            break
        end = control.end()
        if text[end - 1] == "(":
            end = closing(text, end - 1) + 1
        if end > place:
            break  # inside of the condition
        begin = end
    return begin


def statement_end(text, place):
    """Where the full expression ends: at ; or where a bracket around it is closed."""
    while place < len(text) and text[place] not in ";)]}":
        place = closing(text, place) + 1 if text[place] in "([{" else place + 1
    return place


def of_await(text, place):
    """What is wrong with the co_await at this place."""
    begin = statement_begin(text, place)
    before, after = text[begin:place], text[place + len("co_await"):statement_end(text, place)]
    if not BEGIN.match(before.strip() + (" " if before.strip().endswith("return") else "")):
        yield "co_await inside of an expression: give it a line of its own"
    if "co_await" in after:
        yield "two co_await in one expression"
    if "{" in after:
        yield "braces in an expression that awaits: name the object first"
    if re.search(r"(?<![\w\])])\[", after):
        yield "a lambda in an expression that awaits: name it first"
    if re.search(r"\?(?!\s*[\w.]+\s*:\s*[\w.]+\s*[,)])", before + after):  # between two names nothing is made
        yield "a choice with ?: in an expression that awaits: use if"
    if MADE.search(after):
        yield f"an object made in an expression that awaits: name it first ({MADE.search(after)[0]}...)"


def of_parameters(text):
    for match in re.finditer(r"\bawaitable<", text):
        bracket = re.compile(r"[^;={}()]*\(").match(text, match.end())
        if bracket and "&&" in text[bracket.end():closing(text, bracket.end() - 1)]:
            yield match.start(), "a coroutine takes an rvalue reference: take a value"


def findings(source):
    """(line, what is wrong) for a file's text."""
    text = LITERALS.sub(blank, source)
    found = [(match.start(), wrong) for match in re.finditer(r"\bco_await\b", text)
             for wrong in of_await(text, match.start())]
    found += of_parameters(text)
    found += [(match.start(), wrong) for banned, wrong in BANNED.items() for match in re.finditer(banned, text)]
    return [(text.count("\n", 0, place) + 1, wrong) for place, wrong in sorted(found)]


def sources():
    for folder in ("daemon", "tests"):
        for path in sorted((TREE / folder).rglob("*.[ch]pp")):
            if "toolchain" not in path.parts:  # which shows what is wrong
                yield path


def main():
    bad = 0
    for path in map(pathlib.Path, sys.argv[1:]) if len(sys.argv) > 1 else sources():
        for line, wrong in findings(path.read_text(encoding="utf-8")):
            bad += 1
            print(f"{path}:{line}: {wrong}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
