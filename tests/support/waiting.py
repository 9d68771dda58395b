"""Waiting for a state, with a deadline; never for an amount of time. For integration tests and system tests."""

import os
import time

# Sanitizers and busy machines are slow; a deadline is only ever spent by something that is broken.
PATIENCE = float(os.environ.get("SIM52XX_PATIENCE", "1"))
LOOK_AGAIN = 0.01  # seconds


class Late(AssertionError):
    """What was waited for did not happen in time."""


def until(look, what, seconds=30, last=None):
    """Calls look() until its answer is true and returns that; `last` gives words about the state on failure."""
    deadline = time.monotonic() + seconds * PATIENCE
    while True:
        answer = look()
        if answer:
            return answer
        if time.monotonic() > deadline:
            words = f"; last seen: {last()}" if last else ""
            raise Late(f"not within {seconds * PATIENCE:g} s: {what}{words}")
        time.sleep(LOOK_AGAIN)
