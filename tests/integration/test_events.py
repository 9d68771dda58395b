"""events.subscribe: what happens in the daemon, as it happens."""

import unittest

from support.control import Control, RpcError
from support.rig import Rig
from support.service import service
from support.client import Client
from support.tlsserver import one_page


class Events(Rig):
    def set_up(self, server, subscribe=True, **tables):
        self.emulator = self.start_emulator(server)
        self.daemon = self.start_daemon(self.emulator.link, **tables)
        self.control = Control(self.daemon.socket("control"), 60)
        self.addCleanup(self.control.close)
        if subscribe:
            self.subscribed = self.control.call("events.subscribe")

    def until_type(self, kind, look=lambda event: True):
        return self.control.until_event(lambda event: event["type"] == kind and look(event))

    def test_the_life_of_a_session(self):
        self.set_up(self.start_server(service))
        with Client(self.daemon.socket("ssl1")) as client:
            client.ask("GET /1000/close")
            data, end = client.read_to_end()
        self.assertEqual((len(data), end), (1000, "end"))
        opening = self.until_type("session.opening")
        self.assertEqual((opening["session"], opening["id"]), ("ssl1", 1))
        self.assertEqual(opening["target"], {"host": "server.test", "port": 443})
        self.assertEqual(set(opening["client"]), {"pid", "uid"})
        self.assertEqual(self.until_type("session.open")["mode"], "counted")
        closed = self.until_type("session.closed")
        self.assertEqual((closed["session"], closed["reason"]), ("ssl1", "peer_closed"))
        self.assertEqual(closed["down"], 1000)
        self.assertGreater(closed["up"], 0)

    def test_order_and_numbers(self):
        self.set_up(self.start_server(one_page(b"x")))
        self.assert_served(self.curl(self.daemon.socket("ssl0"), "/"))
        types, last = [], self.subscribed["seq"]
        while "arbiter.released" not in types:
            event = self.control.event()
            self.assertEqual(event["seq"], last + 1, "nothing is missing")
            last = event["seq"]
            types.append(event["type"])
            self.assertRegex(event["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        wanted = ["arbiter.granted", "session.opening", "session.open", "session.closed", "arbiter.released"]
        self.assertEqual([t for t in types if t in wanted], wanted)
        self.assertEqual(len(self.subscribed["boot_id"]), 32)

    def test_a_refused_certificate_is_told_in_words(self):
        self.set_up(self.start_server(one_page(b"x"), self.certificates.self_signed))
        self.curl(self.daemon.socket("ssl0"), "/")
        alert = self.until_type("session.alert")
        self.assertEqual((alert["session"], alert["level"], alert["verdict"]), ("ssl0", "suspend", "refused"))
        self.assertIn("bad-issuer", alert["bits"])
        self.assertEqual(alert["target"]["host"], "server.test")
        self.assertGreater(alert["err"], 0)
        self.assertIn('accept_alerts = ["bad-issuer"', alert["error"]["message"])
        self.assertIn("[ssl0]", alert["error"]["message"])
        self.assertEqual(self.until_type("session.closed")["reason"], "tls_alert")

    def test_an_accepted_one_is_told_too(self):
        self.set_up(self.start_server(one_page(b"x"), self.certificates.self_signed),
                    ssl0={"accept_alerts": ["bad-issuer", "view-certificate"]})
        self.assert_served(self.curl(self.daemon.socket("ssl0"), "/"))
        alert = self.until_type("session.alert")
        self.assertEqual(alert["verdict"], "accepted")
        self.assertNotIn("error", alert)

    def test_the_life_of_the_modem(self):
        self.set_up(None)
        self.emulator.control("reboot")
        self.until_type("modem.rebooted")
        self.until_type("modem.recovery")
        ready = self.until_type("modem.ready")
        self.assertEqual(ready["state"], "ready")
        self.assertTrue(ready["model"])

    def test_an_unknown_line(self):
        self.set_up(None)
        self.emulator.control("urc", line="+NOBODY: knows this")
        self.assertEqual(self.until_type("urc.unknown")["line"], "+NOBODY: knows this")

    def test_only_what_was_subscribed_to(self):
        self.set_up(self.start_server(one_page(b"x")), subscribe=False)
        self.control.call("events.subscribe", topics=["session"])
        self.assert_served(self.curl(self.daemon.socket("ssl0"), "/"))
        types = []
        while "session.closed" not in types:
            types.append(self.control.event()["type"])
        self.assertEqual(types, ["session.opening", "session.open", "session.closed"])
        with self.assertRaises(RpcError) as refused:
            self.control.call("events.subscribe", topics=["sessions"])
        self.assertIn("topics", str(refused.exception))

    def test_a_snapshot_to_begin_with(self):
        self.set_up(None, subscribe=False)
        snapshot = self.control.call("events.subscribe", snapshot=True)["snapshot"]
        self.assertEqual(snapshot["state"], "ready")
        self.assertEqual([s["name"] for s in snapshot["sessions"]], ["ssl0", "ssl1"])

    def test_the_end_of_the_daemon(self):
        self.set_up(None)
        self.daemon.terminate()
        self.until_type("daemon.stopping")
        self.assertEqual(self.daemon.child.wait(20), 0)


if __name__ == "__main__":
    unittest.main()
