"""A modem played from a transcript, on a pty: answers the bring-up sensibly, then insists on the host's exact bytes."""

import os
import select
import threading
import time
import tty

from .transcript import shown, unlike
from .waiting import until

IMEI = b"357460030123456"
# What the modem answers to the usual queries; everything else that begins with AT gets a plain OK.
ANSWERS = {
    b"AT+CGSN": IMEI,
    b"AT+CIMI": b"001010123456789",
    b"ATI": b"Manufacturer: SIMCOM INCORPORATED\r\nModel: SIMCOM_SIM5218\r\nRevision: SIM5218_V1.5\r\n"
            b"IMEI: " + IMEI + b"\r\n+GCAP: +CGSM,+FCLASS,+DS",
    b"AT+CGMI": b"SIMCOM INCORPORATED", b"AT+CGMM": b"SIMCOM_SIM5218", b"AT+CGMR": b"+CGMR: SIM5218_V1.5",
    b"AT+CPIN?": b"+CPIN: READY", b"AT+CSQ": b"+CSQ: 20,99",
    b"AT+CREG?": b"+CREG: 0,1", b"AT+CGREG?": b"+CGREG: 0,1",
    b"AT+COPS?": b'+COPS: 0,0,"Test Network",2', b"AT+CNSMOD?": b"+CNSMOD: 0,4",
    b"AT+CPSI?": b"+CPSI: WCDMA,Online,001-01,0xED2E,11122855,WCDMA IMT 2000,32,10663,0,1,83,33,38,500",
    b"AT+CICCID": b"+ICCID: 89860000000000000000", b"AT+IPR?": b"+IPR: 115200",
    b"AT+CGSOCKCONT?": b'+CGSOCKCONT: 1,"IP","internet","0.0.0.0",0,0',
    b"AT+CSSLSEND?": b"+CSSLSEND: 0,0,1,0",
}
REFUSED = {b"AT+CCHOPEN=?"}  # this firmware has the CSSL commands, not their successors
# The families that transcripts are about.
STACKS = (b"AT+CSSL", b"AT+CHTTPS", b"AT+CFTP")
# Commands of these that a transcript need not show: they ask, or restate what is the case anyway.
BYSTANDERS = {b"AT+CSSLMODE=0", b"AT+CSSLMODE=1", b"AT+CSSLSET=1", b"AT+CSSLSEND?"}


class ScriptedModem:
    def __init__(self):
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.path = os.ttyname(self.slave)
        self.trouble = None
        self.seen = []  # complete command lines, for the error texts
        self._steps, self._echo, self._buffer = [], True, b""
        self._last_heard = time.monotonic()
        self._gap = 0.0
        self._playing = False
        self._stop_r, self._stop_w = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def play(self, steps):
        """From now on the stacks' families follow `steps`, a transcript that begins with the host."""
        self._steps, self._playing = list(steps), True

    def until_played(self, seconds=60):
        until(lambda: self.trouble or not self._steps, "the transcript played to its end", seconds, last=self._where)
        if self.trouble:
            raise AssertionError(f"{self.trouble}\nhost's commands so far: {self.seen}")

    def _where(self):
        return f"waiting for {shown(self._steps[0].data)}, holding {shown(self._buffer)}; commands: {self.seen}"

    def _run(self):
        while True:
            ready, _, _ = select.select([self.master, self._stop_r], [], [])
            if self._stop_r in ready:
                return
            data = os.read(self.master, 4096)
            now = time.monotonic()
            if not self._buffer:
                self._gap = now - self._last_heard
            self._last_heard = now
            self._buffer += data
            if self._echo:
                os.write(self.master, data)
            while self._buffer and not self.trouble and self._consume():
                pass

    def _consume(self):
        """Takes one thing off the buffer; False when more bytes are needed."""
        silence = self._steps[0].seconds if self._steps and self._steps[0].who == "silence" else 0
        wanted = next((step for step in self._steps if step.who == "host"), None)
        if wanted and self._buffer.startswith(wanted.data):
            if self._gap < silence * 0.99:
                self.trouble = f"{shown(wanted.data)} after {self._gap:.2f} s of silence, not {silence}"
            self._buffer = self._buffer[len(wanted.data):]
            self.seen.append(shown(wanted.data))
            self._advance()
            return True
        if wanted and wanted.data.startswith(self._buffer):
            return False
        if b"\r" not in self._buffer:
            if wanted and not self._buffer.upper().startswith(b"AT"):
                self.trouble = unlike(wanted.data, self._buffer)
            return False
        line, self._buffer = self._buffer.split(b"\r", 1)
        self._answer(line.strip(), wanted)
        return True

    def _advance(self):
        while self._steps and self._steps[0].who != "host":
            self._steps.pop(0)
        self._steps.pop(0)
        while self._steps and self._steps[0].who == "modem":
            os.write(self.master, self._steps.pop(0).data)

    def _answer(self, line, wanted):
        self.seen.append(shown(line))
        bystander = line in BYSTANDERS or not line.startswith(STACKS)
        if self._playing and not (bystander and line.startswith(b"AT")):
            self.trouble = unlike(wanted.data if wanted else b"(nothing more)", line)
            return
        if line.startswith(b"ATE"):
            self._echo = line != b"ATE0"
        if line in REFUSED:
            os.write(self.master, b"\r\nERROR\r\n")
        elif line in ANSWERS:
            os.write(self.master, b"\r\n" + ANSWERS[line] + b"\r\n\r\nOK\r\n")
        elif line.startswith(b"AT"):
            os.write(self.master, b"\r\nOK\r\n")

    def stop(self):
        os.write(self._stop_w, b"x")
        self._thread.join()
        for fd in (self.master, self.slave, self._stop_r, self._stop_w):
            os.close(fd)
