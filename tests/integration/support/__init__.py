"""What the integration tests stand on: processes, certificates, servers, the emulator and the daemon."""
