"""An MQTT session on ssl0, transparent, that pages over ssl1 do not disturb; --long makes it ten minutes."""

import os
import queue
import re
import subprocess
import sys
import threading
import time
import unittest

from support.process import run
from support.rig import Rig
from support.waiting import until

LONG = bool(os.environ.get("SIM52XX_LONG"))
SECONDS, PAGES = (600, 50) if LONG else (30, 8)
PAUSE = SECONDS / 60  # between two messages


class MqttBesidePages(Rig):
    def setUp(self):
        super().setUp()
        self.nginx, self.broker = self.start_nginx(), self.start_mosquitto()
        self.emulator = self.start_emulator(self.nginx, maps={"server.test:8883": self.broker.where})
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"port": 8883, "transparent": "auto"})
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

    def load_pages(self):
        try:
            for _ in range(PAGES):
                done = self.curl(self.daemon.socket("ssl1"), "/small.txt")
                self.pages.append((done.returncode, done.stdout))
                self.over.wait(SECONDS / PAGES / 2)
        finally:
            self.pages_done.set()

    def test_messages_arrive_while_pages_are_loaded(self):
        self.pages, self.over, self.pages_done = [], threading.Event(), threading.Event()
        self.addCleanup(self.over.set)
        threading.Thread(target=self.load_pages, daemon=True).start()
        begin, times = time.monotonic(), []
        while time.monotonic() - begin < SECONDS or not self.pages_done.is_set():
            times.append(self.deliver(len(times)))
            self.over.wait(PAUSE)  # nothing to wait for: a sensor publishes now and then
        self.assertEqual(self.pages, [(0, "Hello through the modem.\n")] * PAGES)
        self.assertIsNone(self.subscriber.poll())
        connects = re.findall(r"New client connected from \S+ as subscriber", self.broker.child.output())
        self.assertEqual(len(connects), 1, "MQTT never reconnects")
        self.assertEqual(self.emulator.status()["sessions"][0]["opens"], 1)
        print(f"note: {len(times)} messages, {PAGES} pages in {time.monotonic() - begin:.0f} s; "
              f"worst delivery {max(times):.1f} s, median {sorted(times)[len(times) // 2]:.2f} s", file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
