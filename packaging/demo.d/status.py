"""Reads the control socket's answer to "status" and prints what a newcomer wants to see of it, as JSON."""

import json
import sys

status = json.load(sys.stdin)["result"]
modem_keys = ("device", "model", "imei", "operator", "technology", "signal_dbm")
session_keys = ("name", "state", "target", "last_error")
print(json.dumps({
    "state": status["state"],
    "modem": {key: status["modem"].get(key) for key in modem_keys},
    "sessions": [{key: session.get(key) for key in session_keys} for session in status["sessions"]],
}, indent=2))
