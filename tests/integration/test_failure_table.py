"""Every failure that a client can meet, as a table, each in both modes: the client is reset where it can be (and sees the
end where it has written nothing), and status, event and journal say why, in the same words, from that moment on."""

import json
import socket
import unittest

from support.client import Client
from support.control import Control
from support.places import free_port, loopback
from support.rig import Rig
from support.service import echo
from support.tlsserver import read_until

MODES = {"transparent": ("ssl0", {"transparent": "always"}), "counted": ("ssl1", {})}

# Before the session is open: kind, stage, words of the reason ({name}: the endpoint).
OPENING = {
    "alert": ("tls_alert", "handshake", "server.test", "certificate-expired",
              'accept_alerts = ["certificate-expired"', "into [{name}]"),
    "refused": ("connect_failed", "open", "could not connect to server.test:443", "ERROR"),
    "dns": ("connect_failed", "open", "could not connect to no-such-host.invalid:443", "ERROR"),
    "connect_timeout": ("timeout", "open", "no connection to server.test:443 in time"),
    "no_modem": ("modem_absent", "modem", "the modem is not ready", "modem_absent"),
    "no_network": ("not_registered", "modem", "waiting for the network"),
    "busy": ("busy", "acquire", "in use by {name}"),
}

# While the client waits for the second half of an answer.
IN_SESSION = {
    "reboot": ("interrupted", "modem", "the modem was lost", "restarted"),
    "unplugged": ("interrupted", "modem", "the modem was lost"),
    "kicked": ("interrupted", "session", "took the session over"),
    "idle": ("timeout", "idle", "idle_timeout"),
    "admin_closes": ("interrupted", "session", "an admin closed the session"),
    "admin_resets": ("interrupted", "modem", "reset"),
}


class Told(Rig):
    """What is said of a failure when the client has just seen its end; nothing here waits for it."""

    def start(self, device, ready=True, **tables):
        self.daemon = self.start_daemon(device, ready=ready, **tables)
        self.control = Control(self.daemon.socket("control"), 60)
        self.addCleanup(self.control.close)
        self.control.call("events.subscribe")

    def client(self, name):
        client = Client(self.daemon.socket(name))
        self.addCleanup(client.close)
        return client

    def assert_told(self, name, row, mode):
        """`mode`: of the session that ended; None where there was none."""
        kind, stage, *words = row
        said = self.daemon.session(name)
        error, last = said["last_error"], said["last"]
        self.assertEqual((error["kind"], error["stage"], last["reason"]), (kind, stage, kind))
        for word in words:
            self.assertIn(word.format(name=name), error["message"])
        if mode:
            self.assertEqual(last["mode"], mode)
        self.assertIn(error["message"], self.daemon.child.output())
        event = self.control.until_event(lambda e: e["type"] == "session.closed" and e["session"] == name)
        self.assertEqual((event["reason"], event["error"]["message"]), (kind, error["message"]))


class Opening(Told):
    def alert(self, keys):
        emulator = self.start_emulator(self.start_server(echo, self.certificates.expired))
        self.start(emulator.link, **keys)

    def refused(self, keys):
        emulator = self.start_emulator(maps={"server.test:443": f"{loopback()}:{free_port(loopback())}"})
        self.start(emulator.link, **keys)

    def dns(self, keys):
        emulator = self.start_emulator()
        self.start(emulator.link, **{name: {**table, "host": "no-such-host.invalid"} for name, table in keys.items()})

    def connect_timeout(self, keys):
        """The server accepts and says nothing; the modem's own two minutes are six seconds here."""
        mute = socket.create_server((loopback(), 0))
        self.addCleanup(mute.close)
        emulator = self.start_emulator(maps={"server.test:443": "{}:{}".format(*mute.getsockname())},
                                       more=["--time-scale", "0.05"])
        self.start(emulator.link, **keys, **{"timeouts.ssl": {"connect": 1}})

    def no_modem(self, keys):
        self.start(self.folder / "modem", ready=False, **keys, timeouts={"connect": 1})
        self.daemon.until_state("modem_absent")

    def no_network(self, keys):
        emulator = self.start_emulator()
        emulator.control("set", registration=2)
        self.start(emulator.link, ready=False, **keys, timeouts={"connect": 1})
        self.daemon.child.until(lambda: self.daemon.status()["modem"]["registration"] == 2, "the modem to be asked")

    def busy(self, keys):
        emulator = self.start_emulator(self.start_server(echo))
        self.start(emulator.link, **{name: {**table, "busy": "reject"} for name, table in keys.items()})
        for name in keys:
            first = self.client(name)
            first.send(b"here")
            self.assertEqual(first.read(4), b"here")

    def check(self, what, mode):
        name, keys = MODES[mode]
        getattr(self, what)({name: keys})
        with self.client(name) as client:
            client.send(b"hello")
            self.assertEqual(client.read_to_end(), (b"", "reset"))
        opened = what in ("alert", "refused", "dns", "connect_timeout")
        self.assert_told(name, OPENING[what], mode if opened else None)
        if what == "connect_timeout":
            return  # and once more would wait for the modem, which is still at the first
        with self.client(name) as silent:
            self.assertEqual(silent.read_to_end(), (b"", "end"))
        self.assert_told(name, OPENING[what], mode if opened else None)
        self.assertEqual(self.endpoint(name)["failed"], 2)

    def endpoint(self, name):
        return next(e for e in self.daemon.status()["endpoints"] if e["name"] == name)


class InSession(Told):
    def begin(self, what, name, keys):
        def half(connection):
            while read_until(connection, b"\n"):
                connection.sendall(b"half of")
        self.emulator = self.start_emulator(self.start_server(half))
        more = {"kicked": {"busy": "kick"}, "idle": {"idle_timeout": 1}}.get(what, {})
        self.start(self.emulator.link, **{name: {**keys, **more}})
        client = self.client(name)
        self.ask(client)
        return client

    def ask(self, client):
        client.send(b"request\n")
        self.assertEqual(client.read(7), b"half of")

    def reboot(self, _):
        self.emulator.control("reboot")

    def unplugged(self, _):
        self.emulator.control("vanish", ms=500, reboot=True)

    def kicked(self, name):
        self.second = self.client(name)
        self.second.send(b"mine\n")

    def idle(self, _):
        """Nothing needs to be done for it."""

    def admin_closes(self, name):
        self.daemon.control("session.close", session=name)

    def admin_resets(self, _):
        self.daemon.control("modem.reset")

    def check(self, what, mode):
        name, keys = MODES[mode]
        client = self.begin(what, name, keys)
        getattr(self, what)(name)
        self.assertEqual(client.read_to_end(), (b"", "reset"), "half an answer never looks like all of it")
        self.assert_told(name, IN_SESSION[what], mode)
        last = self.daemon.session(name)["last"]
        self.assertEqual((last["up"], last["down"]), (8, 7), json.dumps(last))
        if what == "kicked":
            self.assertEqual(self.second.read(7), b"half of")
            self.second.close()
        self.daemon.until_ready(60)
        self.ask(self.client(name))


def _add(case, table):
    def one(what, mode):
        def test(self):
            self.check(what, mode)
        setattr(case, f"test_{what}_{mode}", test)
    for what in table:
        for mode in MODES:
            one(what, mode)


_add(Opening, OPENING)
_add(InSession, IN_SESSION)


if __name__ == "__main__":
    unittest.main()
