"""Named endpoints with session = "any": many clients over two sessions, in order; and clients that give up waiting."""

import threading
import unittest

from support.client import Client
from support.rig import Rig
from support.tlsserver import close_in_order, read_until
from support.waiting import until

NAMES = {"alpha": "server.test", "beta": "www.myserver.com", "gamma": "localhost"}
TURNS = list(NAMES)


class AnySession(Rig):
    """The server notes who is served in which order, and answers when the test lets it."""

    def setUp(self):
        super().setUp()
        self.served = []
        self.gate = threading.Event()

        def serve(connection):
            line = read_until(connection, b"\n")
            self.served.append(line.decode().strip())
            self.gate.wait(60)
            connection.sendall(b"done " + line)
            close_in_order(connection)
        server = self.start_server(serve)
        self.addCleanup(self.gate.set)
        self.emulator = self.start_emulator(maps={f"{host}:443": server.where for host in NAMES.values()})

    def start(self, **keys):
        tables = {f"endpoint.{name}": {"host": host, "session": "any", **keys} for name, host in NAMES.items()}
        self.daemon = self.start_daemon(self.emulator.link, **tables)

    def client(self, name, number):
        client = Client(self.daemon.socket(name))
        self.addCleanup(client.close)
        client.send(f"{name} {number}\n".encode())
        return client

    def waiters(self):
        return self.daemon.status()["arbiter"]["waiters"]

    def until_waiting(self, count):
        self.daemon.child.until(lambda: len(self.waiters()) == count, f"{count} to wait", last=self.waiters)

    def until_served(self, count):
        until(lambda: len(self.served) == count, f"{count} to be served", last=lambda: self.served)

    def hold_both(self):
        """Two clients that have the two sessions until the gate opens."""
        clients = []
        for number in range(2):
            clients.append(self.client("alpha", number))
            self.until_served(number + 1)
        return clients

    def assert_done(self, client, name, number):
        self.assertEqual(client.read_to_end(), (f"done {name} {number}\n".encode(), "end"))

    def test_twenty_clients_in_their_order(self):
        self.start(transparent="never")
        clients = [(client, "alpha", number) for number, client in enumerate(self.hold_both())]
        for number in range(2, 20):
            name = TURNS[number % 3]
            clients.append((self.client(name, number), name, number))
            self.until_waiting(number - 1)
        self.gate.set()
        for client, name, number in clients:
            self.assert_done(client, name, number)
        self.assertEqual(sorted(self.served, key=lambda s: int(s.split()[1])), [f"{n} {i}" for _, n, i in clients])
        numbers = [int(s.split()[1]) for s in self.served]
        # Two are served at a time, and their first bytes may cross; nobody else may overtake.
        for place, number in enumerate(numbers):
            self.assertLessEqual(abs(place - number), 1, f"served in this order: {numbers}")

    def test_twenty_clients_at_once(self):
        """The default, in which one that is alone gets the transparent mode."""
        self.start()
        self.gate.set()
        clients = [(self.client(TURNS[number % 3], number), TURNS[number % 3], number) for number in range(20)]
        for client, name, number in clients:
            self.assert_done(client, name, number)
        for endpoint in NAMES:
            numbers = [int(s.split()[1]) for s in self.served if s.startswith(endpoint)]
            self.assertTrue(all(a - b <= 3 for a, b in zip(numbers, numbers[1:])), f"{endpoint}: {numbers}")

    def test_who_gives_up_waiting_is_forgotten(self):
        self.start(transparent="never")
        first, second = self.hold_both()
        third, fourth = self.client("beta", 2), self.client("gamma", 3)
        self.until_waiting(2)
        third.close()
        self.until_waiting(1)
        self.assertEqual([w["endpoint"] for w in self.waiters()], ["gamma"])
        self.assertEqual(self.daemon.session("beta")["client"], None)
        self.gate.set()
        for client, name, number in ((first, "alpha", 0), (second, "alpha", 1), (fourth, "gamma", 3)):
            self.assert_done(client, name, number)
        self.assertNotIn("beta 2", self.served)
        self.assertIsNone(self.daemon.session("beta")["last_error"], "giving up is no error")

    def test_who_only_finishes_writing_keeps_its_place(self):
        self.start(transparent="never")
        self.hold_both()
        third = self.client("beta", 2)
        third.finish_writing()
        self.until_waiting(1)
        self.gate.set()
        self.assert_done(third, "beta", 2)

    def test_waiters_are_explained(self):
        self.start(transparent="never")
        self.hold_both()
        self.client("beta", 2)
        self.until_waiting(1)
        waiting = self.daemon.session("beta")["waiting_for"]
        self.assertEqual((waiting["stack"], waiting["holder"]), ("ssl", "alpha"))

    def test_reject(self):
        self.start(transparent="never", busy="reject")
        first, _ = self.hold_both()
        self.assert_refused("beta")
        self.assertEqual(self.daemon.session("beta")["last_error"]["kind"], "busy")
        self.gate.set()
        self.assert_done(first, "alpha", 0)

    def assert_refused(self, name):
        """At once: perhaps before there was anything to write to."""
        try:
            self.assertEqual(self.client(name, 2).read_to_end(), (b"", "reset"))
        except BrokenPipeError:
            pass
        self.daemon.until_session(name, lambda s: s["last_error"], "the reason told")

    def test_kick(self):
        self.start(transparent="never", busy="kick")
        first, second = self.hold_both()
        third = self.client("beta", 2)
        self.until_served(3)
        self.gate.set()
        self.assert_done(third, "beta", 2)
        ends = [client.read_to_end() for client in (first, second)]
        self.assertEqual(sum(data == b"" for data, _ in ends), 1, f"one of them had to go: {ends}")


if __name__ == "__main__":
    unittest.main()
