"""As much of an MQTT 3.1.1 client as it takes to publish to oneself (QoS 0), over any connected socket."""

import struct

CONNACK, PUBLISH, SUBACK, PINGRESP = 2, 3, 9, 13


def text(words):
    data = words.encode()
    return struct.pack(">H", len(data)) + data


def packet(first, body):
    length, size = b"", len(body)
    while True:
        size, digit = divmod(size, 128)
        length += bytes([digit | (128 if size else 0)])
        if not size:
            return bytes([first]) + length + body


class Mqtt:
    def __init__(self, connection, name, topic):
        """`connection` has send(data) and read(count), as support.client.Client has."""
        self.connection, self.topic = connection, topic
        connection.send(packet(0x10, text("MQTT") + b"\x04\x02" + struct.pack(">H", 60) + text(name)))
        self.expect(CONNACK, b"\x00\x00")
        connection.send(packet(0x82, b"\x00\x01" + text(topic) + b"\x00"))
        self.expect(SUBACK, b"\x00\x01\x00")

    def expect(self, kind, body):
        got = self.take()
        if got != (kind, body):
            raise AssertionError(f"the broker says {got}, not {(kind, body)}")

    def take(self):
        """The next packet: its type and what is in it."""
        first = self.connection.read(1)[0]
        length, shift = 0, 0
        while True:
            digit = self.connection.read(1)[0]
            length |= (digit & 127) << shift
            shift += 7
            if digit < 128:
                return first >> 4, self.connection.read(length)

    def round_trip(self, message):
        """Publishes, and returns when the broker has sent it back."""
        self.connection.send(packet(0x30, text(self.topic) + message))
        self.expect(PUBLISH, text(self.topic) + message)
