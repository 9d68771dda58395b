r"""Dialogues between host and modem, written down by hand: the files in tests/traces.

    # a comment: where it comes from, and what is odd about it
    > AT+CSSLSTART\r            bytes the host sends; \r \n \\ and \xHH are escapes
    < \r\nOK\r\n                bytes the modem sends
    ~ 1.0                       at least so many seconds of silence from the host
    @ 12.345                    what follows came then, in seconds; a trace of the daemon has that
    ! opened /dev/modem         the port was opened, closed or has vanished

\{4} is four bytes that were masked. Lines of the same direction that follow each other are one run of bytes.
"""

import dataclasses
import re

from .places import TRACES

_escape = re.compile(rb"\\(r|n|t|\\|x[0-9a-f]{2}|\{[0-9]+\})")
_meaning = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"\\": b"\\"}
MASKED = b"\x00"  # any byte


@dataclasses.dataclass
class Step:
    who: str  # "host", "modem" or "silence"
    data: bytes = b""
    seconds: float = 0.0
    line: int = 0


def _bytes(text):
    def meant(match):
        word = match[1]
        if word.startswith(b"{"):
            return MASKED * int(word[1:-1])
        return _meaning[word] if word in _meaning else bytes([int(word[1:], 16)])
    return _escape.sub(meant, text.encode())


def shown(data):
    """Bytes as the transcripts write them."""
    out = []
    for byte in data:
        char = {13: "\\r", 10: "\\n", 92: "\\\\"}.get(byte)
        out.append(char or (chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}"))
    return "".join(out)


def unlike(expected, received):
    """The words for bytes that are not those of the transcript."""
    return f"expected: {shown(expected)}\nreceived: {shown(received)}"


def parse(text):
    steps = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line[0] in "#@!":
            continue
        mark, rest = line[0], line[2:]
        if mark == "~":
            steps.append(Step("silence", seconds=float(rest), line=number))
            continue
        who = {">": "host", "<": "modem"}[mark]
        if steps and steps[-1].who == who:
            steps[-1].data += _bytes(rest)
        else:
            steps.append(Step(who, _bytes(rest), line=number))
    return steps


def load(name):
    return parse((TRACES / f"{name}.trace").read_text())


def sent_by(steps, who):
    return b"".join(step.data for step in steps if step.who == who)
