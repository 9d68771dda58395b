"""Bodies: short ones in the line, long ones and files by descriptor (SCM_RIGHTS)."""

from __future__ import annotations

import base64
import contextlib
import os
from typing import Any, Dict, Iterator, List, Union

Body = Union[bytes, str, Any]  # or what has fileno(): a file, a pipe, a stream socket

INLINE = 128 * 1024  # bytes; larger bodies go by descriptor


@contextlib.contextmanager
def passed(method: str, params: Dict[str, Any], steps: List[Dict[str, Any]]) -> Iterator[Any]:
    """The parameters with what `body` and `into` of the steps mean to the daemon, and the descriptors to pass."""
    with contextlib.ExitStack() as ours:
        fds: List[int] = []

        def index(fd: int) -> int:
            fds.append(fd)
            return len(fds) - 1

        told = []
        for step in steps:
            step = dict(step)
            body, into = step.pop("body", None), step.pop("into", None)
            if isinstance(body, str):
                body = body.encode()
            if isinstance(body, (bytes, bytearray)) and len(body) > INLINE:
                file = ours.enter_context(os.fdopen(os.memfd_create("body"), "wb+"))
                file.write(body)
                file.seek(0)
                body = file
            if isinstance(body, (bytes, bytearray)):
                step["body_base64"] = base64.b64encode(body).decode()
            elif body is not None:
                step["body_fd"] = index(body.fileno())
            if into is not None:
                if hasattr(into, "flush"):
                    into.flush()
                step["response_fd"] = index(into.fileno())
            told.append(step)
        yield ({**params, **told[0]} if method == "https.request" else {**params, "steps": told}), fds
