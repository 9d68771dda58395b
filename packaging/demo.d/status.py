"""Reads the control socket's answer to "status" and prints what a newcomer wants to see of it, as JSON."""

import json
import sys

status = json.load(sys.stdin)["result"]
keys = ("name", "state", "mode", "target", "up", "down", "last_error")
print(json.dumps({
    "state": status["state"],
    "modem": status["modem"],
    "sessions": [{key: session.get(key) for key in keys} for session in status["sessions"]],
}, indent=2))
