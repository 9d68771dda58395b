"""An MQTT session on ssl0, transparent, that pages over ssl1 do not disturb; --long makes it ten minutes, and the round
trips two."""

import os
import queue
import re
import subprocess
import sys
import threading
import time
import unittest

from support.client import Client
from support.mqtt import Mqtt
from support.process import run
from support.rig import Rig
from support.waiting import until

LONG = bool(os.environ.get("SIM52XX_LONG"))
SECONDS, PAGES = (600, 50) if LONG else (30, 8)
TRIP_SECONDS, TRIP_PAGES = (120, 20) if LONG else (20, 5)
PAUSE = SECONDS / 60  # between two messages


class BesidePages(Rig):
    """A broker for ssl0, pages for ssl1."""

    def setUp(self):
        super().setUp()
        self.nginx, self.broker = self.start_nginx(), self.start_mosquitto()
        self.emulator = self.start_emulator(self.nginx, maps={"server.test:8883": self.broker.where})
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"port": 8883, "transparent": "auto"})
        self.pages, self.over, self.pages_done = [], threading.Event(), threading.Event()
        self.addCleanup(self.over.set)

    def start_loading(self, pages, seconds):
        """So many pages over ssl1 in about that time."""
        def load():
            try:
                for _ in range(pages):
                    done = self.curl(self.daemon.socket("ssl1"), "/small.txt")
                    self.pages.append((done.returncode, done.stdout))
                    self.over.wait(seconds / pages / 2)
            finally:
                self.pages_done.set()
        threading.Thread(target=load, daemon=True).start()

    def assert_undisturbed(self, name, pages):
        self.assertEqual(self.pages, [(0, "Hello through the modem.\n")] * pages)
        connects = re.findall(rf"New client connected from \S+ as {name}", self.broker.child.output())
        self.assertEqual(len(connects), 1, "MQTT never reconnects")
        self.assertEqual(self.emulator.status()["sessions"][0]["opens"], 1)
        self.assertEqual(self.daemon.session("ssl0")["mode"], "transparent")


class RoundTrips(BesidePages):
    """A client that gets back what it publishes: up and down through the modem, windows in between."""

    def test_round_trips_while_pages_are_loaded(self):
        client = Client(self.daemon.socket("ssl0"), seconds=60)
        self.addCleanup(client.close)
        mqtt = Mqtt(client, "traveller", "room/2")
        self.start_loading(TRIP_PAGES, TRIP_SECONDS)
        begin, times = time.monotonic(), []
        while time.monotonic() - begin < TRIP_SECONDS or not self.pages_done.is_set():
            start = time.monotonic()
            mqtt.round_trip(b"message %d +++\r\nCLOSED" % len(times))
            times.append(time.monotonic() - start)
            self.over.wait(0.2)  # nothing to wait for: a sensor publishes now and then
        self.assert_undisturbed("traveller", TRIP_PAGES)
        print(f"note: {len(times)} round trips, {TRIP_PAGES} pages in {time.monotonic() - begin:.0f} s; "
              f"worst round trip {max(times):.1f} s, median {sorted(times)[len(times) // 2]:.3f} s", file=sys.stderr)


class MqttBesidePages(BesidePages):
    def setUp(self):
        super().setUp()
        self.arrived = queue.Queue()
        self.subscribe()

    def subscribe(self):
        """mosquitto_sub for the whole time; each line it prints is dated as it comes."""
        self.subscriber = subprocess.Popen(
            ["mosquitto_sub", "--unix", self.daemon.socket("ssl0"), "-i", "subscriber", "-q", "1", "-k", "15",
             "-t", "room/#"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(self.subscriber.communicate)
        self.addCleanup(self.subscriber.kill)

        def listen():
            for line in self.subscriber.stdout:
                self.arrived.put((line.decode().strip(), time.monotonic()))
        threading.Thread(target=listen, daemon=True).start()
        until(lambda: "Received SUBSCRIBE from subscriber" in self.broker.child.output(), "the subscription", 60)

    def publish(self, text):
        """Straight to the broker, not through the modem."""
        done = run(["mosquitto_pub", "-h", self.broker.address, "-p", self.broker.port, "--cafile",
                    self.certificates.ca.cert, "--insecure", "-i", "publisher", "-q", "1", "-t", "room/1", "-m", text])
        self.assertEqual(done.returncode, 0, done.stderr)

    def deliver(self, number):
        """Seconds from the broker to the subscriber."""
        begin = time.monotonic()
        self.publish(f"message {number}")
        text, came = self.arrived.get(timeout=60)
        self.assertEqual(text, f"message {number}", "in order, none lost, none twice")
        return came - begin

    def test_messages_arrive_while_pages_are_loaded(self):
        self.start_loading(PAGES, SECONDS)
        begin, times = time.monotonic(), []
        while time.monotonic() - begin < SECONDS or not self.pages_done.is_set():
            times.append(self.deliver(len(times)))
            self.over.wait(PAUSE)  # nothing to wait for: a sensor publishes now and then
        self.assertIsNone(self.subscriber.poll())
        self.assert_undisturbed("subscriber", PAGES)
        print(f"note: {len(times)} messages, {PAGES} pages in {time.monotonic() - begin:.0f} s; "
              f"worst delivery {max(times):.1f} s, median {sorted(times)[len(times) // 2]:.2f} s", file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
