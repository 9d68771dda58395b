"""mosquitto's own clients over the data sockets, against a real broker with TLS."""

import subprocess
import unittest

from support.process import run
from support.rig import Rig
from support.waiting import until


class Mqtt(Rig):
    def setUp(self):
        super().setUp()
        self.broker = self.start_mosquitto()
        self.emulator = self.start_emulator(self.broker)

    def publish(self, socket, topic, payload, *more):
        done = run(["mosquitto_pub", "--unix", self.daemon.socket(socket), "-i", "publisher", "-q", "1", "-t", topic,
                    "-s", *more], seconds=60, input=payload, text=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def subscribe(self, socket, topic, count):
        """mosquitto_sub in the background, as soon as the broker has seen the subscription."""
        before = self.broker.child.output().count("Received SUBSCRIBE from subscriber")
        process = subprocess.Popen(
            ["mosquitto_sub", "--unix", self.daemon.socket(socket), "-i", "subscriber", "-q", "1", "-t", topic,
             "-C", str(count), "-W", "90", "-N", "-F", "%x\n"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        until(lambda: self.broker.child.output().count("Received SUBSCRIBE from subscriber") > before,
              "the broker to see the subscription", 60)
        return process

    def assert_received(self, subscriber, payloads):
        out, errors = subscriber.communicate(timeout=100)
        self.assertEqual(subscriber.returncode, 0, errors)
        self.assertEqual([bytes.fromhex(line) for line in out.decode().split()], payloads)

    def test_publish_and_subscribe_over_two_sessions(self):
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "never"})
        subscriber = self.subscribe("ssl0", "room/temperature", 3)
        payloads = [b"21.5", b"+++", bytes(range(256)) * 8]
        for payload in payloads:
            self.publish("ssl1", "room/temperature", payload)
        self.assert_received(subscriber, payloads)

    def test_retained_and_plus_signs_over_transparent(self):
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always"})
        self.publish("ssl0", "room/door", b"+++", "-r")
        self.assert_received(self.subscribe("ssl0", "room/door", 1), [b"+++"])

    def test_modem_words_in_a_payload_over_transparent(self):
        payload = b"+++\r\nOK\r\n\r\nNO CARRIER\r\n\r\nCLOSED\r\n+++"
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always"})
        self.publish("ssl0", "room/words", payload, "-r")
        self.assert_received(self.subscribe("ssl0", "room/words", 1), [payload])


if __name__ == "__main__":
    unittest.main()
