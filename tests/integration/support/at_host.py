"""A host of the modem's HTTPS and FTPS families by hand: enough AT to move files, strict about every byte."""

import re

from .serial_line import SerialLine
from .transcript import shown

EVENTS = (b"+CHTTPS: RECV EVENT",)


class AtHost(SerialLine):
    """`names` holds the command names that some firmware spells otherwise."""

    def __init__(self, path):
        super().__init__(path)
        self.names = {"send": "CHTTPSSEND"}
        self.events = []

    def next_line(self, seconds=60):
        """The next line that is not empty; events are put aside."""
        while True:
            line = self.expect_to_contain(b"\r\n", seconds)[:-2]
            if line in EVENTS:
                self.events.append(line)
            elif line:
                return line

    def next_is(self, wanted, seconds=60):
        line = self.next_line(seconds)
        if line != wanted:
            raise AssertionError(f"the modem says {shown(line)}, not {shown(wanted)}")

    def ask(self, command, wanted=b"OK"):
        self.send(command.encode() + b"\r")
        self.next_is(wanted)

    def payload(self, command, data):
        """A command with a prompt, and its bytes."""
        self.send(command.encode() + b"\r")
        self.expect_to_contain(b">")
        self.send(data)
        self.next_is(b"OK")

    def result_of(self, name, data=None):
        """The number of the result line of that name; blocks on the way are added to `data`."""
        while True:
            line = self.next_line(130)
            block = re.fullmatch(rb"\+%s: ?DATA, ?(\d+),?" % name, line)
            if block and data is not None:
                data += self.take(int(block[1]))
                self.expect(b"\r\n")
                continue
            result = re.fullmatch(rb"\+%s: ?(\d+)" % name, line)
            if not result:
                raise AssertionError(f"{shown(line)} among the answers of {name.decode()}")
            return int(result[1])

    # HTTPS

    def https_send(self, data, chunk=1024):
        for begin in range(0, len(data), chunk):
            part = data[begin:begin + chunk]
            self.payload(f"AT+{self.names['send']}={len(part)}", part)

    def https_commit(self):
        self.ask(f"AT+{self.names['send']}")
        result = self.result_of(self.names["send"].encode())
        if result:
            raise AssertionError(f"the commit came to {result}")

    def https_receive(self, count):
        """The bytes of one RECV and its result."""
        data = bytearray()
        self.ask(f"AT+CHTTPSRECV={count}")
        return data, self.result_of(b"(?:CHTTPSRECV|HTTTPSRECV)", data)

    def https_answer(self):
        """The head and the body of an answer with a Content-Length."""
        data = bytearray()
        while b"\r\n\r\n" not in data:
            data += self._received_well(1)
        head, _, body = bytes(data).partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)\r\ncontent-length: (\d+)", head)[1])
        parts, missing = [body], length - len(body)
        while missing:
            parts.append(self._received_well(min(missing, 4096)))
            missing -= len(parts[-1])
        return head, b"".join(parts)

    def _received_well(self, count):
        data, result = self.https_receive(count)
        if result:
            raise AssertionError(f"CHTTPSRECV={count} came to {result} after {len(data)} bytes")
        return data

    # FTPS

    def ftps_login(self, server, host="server.test", port=990):
        self.ask("AT+CFTPSSTART")
        self.ask(f'AT+CFTPSLOGIN="{host}",{port},"{server.user}","{server.password}"')

    def ftps_list(self, path=None):
        """The listing's bytes and the result."""
        data = bytearray()
        self.ask("AT+CFTPSLIST" + (f'="{path}"' if path else ""))
        return data, self.result_of(b"CFTPSLIST", data)

    def ftps_get(self, path, rest=None):
        data = bytearray()
        self.ask(f'AT+CFTPSGET="{path}"' + (f",{rest}" if rest else ""))
        return data, self.result_of(b"CFTPSGET", data)

    def ftps_put(self, path, data, chunk=512):
        """The first chunk with the name, the others, the commit; its result."""
        for begin in range(0, len(data), chunk):
            part = data[begin:begin + chunk]
            name = f'"{path}",' if begin == 0 else ""
            self.payload(f"AT+CFTPSPUT={name}{len(part)}", part)
        self.ask("AT+CFTPSPUT")
        return self.result_of(b"CFTPSPUT")

    def ftps_file(self, verb, path, folder=1):
        """GETFILE or PUTFILE; its result."""
        self.ask(f'AT+CFTPS{verb}="{path}",{folder}')
        return self.result_of(f"CFTPS{verb}".encode())
