"""A real MQTT broker with TLS, in a folder of its own."""

import pathlib
import socket

from .places import free_port, loopback
from .process import Child

CONFIG = """
listener {port} {address}
certfile {cert}
keyfile {key}
allow_anonymous true
user root
persistence false
log_type all
"""


class Mosquitto:
    def __init__(self, folder, pair):
        self.address, self.port = loopback(), free_port(loopback())
        config = pathlib.Path(folder) / "mosquitto.conf"
        config.write_text(CONFIG.format(port=self.port, address=self.address, cert=pair.cert, key=pair.key))
        self.child = Child("mosquitto", ["mosquitto", "-c", config, "-v"], folder)
        self.child.until(self._connects, "mosquitto to accept connections")

    def _connects(self):
        try:
            socket.create_connection((self.address, self.port), timeout=1).close()
            return True
        except OSError:
            return False

    @property
    def where(self):
        return f"{self.address}:{self.port}"

    def stop(self):
        self.child.stop()
