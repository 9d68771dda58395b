"""What the integration tests stand on: processes, certificates, servers, the emulator and the daemon."""

import pathlib

# What system tests need, too.
__path__.append(str(pathlib.Path(__file__).resolve().parents[2] / "support"))
