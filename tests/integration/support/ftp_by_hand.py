"""A small FTPS server of the test's own, explicit TLS: for what real servers do not do, like the note's very listing,
or a connection that breaks at a given place. One thread per client."""

import socket
import ssl
import threading

from .places import loopback


class FtpByHand:
    """`files` maps absolute paths to bytes; `listing` is what every LIST shows; `cut` ends the data connection of a
    RETR after so many bytes, with 426; `silent` names commands that are never answered."""

    user, password = "myname", "mypassword"

    def __init__(self, pair, files=None, listing=b"", cut=None, silent=()):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(pair.cert, pair.key)
        self.context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.files, self.folders = dict(files or {}), {"/"}
        self.listing, self.cut, self.silent = listing, cut, silent
        self.commands, self.troubles = [], []
        self._listener = socket.create_server((loopback(), 0))
        self.address, self.port = self._listener.getsockname()
        self.sessions = []
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def where(self):
        return f"{self.address}:{self.port}"

    def _run(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        session = Session(self, connection)
        self.sessions.append(session)
        try:
            session.run()
        except OSError as trouble:
            self.troubles.append(repr(trouble))
        finally:
            session.connection.close()

    def hang_up(self):
        """Ends every control connection, without a word."""
        for session in self.sessions:
            try:
                socket.socket.shutdown(session.connection, socket.SHUT_RDWR)
            except OSError:
                pass

    def stop(self):
        self._listener.close()


class Session:
    def __init__(self, server, connection):
        self.server, self.connection = server, connection
        self.connection.settimeout(60)
        self.folder, self.rest, self.passive = "/", 0, None

    def say(self, text):
        self.connection.sendall(text.encode() + b"\r\n")

    def run(self):
        self.say("220 by hand")
        buffer = b""
        while True:
            while b"\r\n" not in buffer:
                data = self.connection.recv(4096)
                if not data:
                    return
                buffer += data
            line, buffer = buffer.split(b"\r\n", 1)
            verb, _, argument = line.decode().partition(" ")
            self.server.commands.append(line.decode())
            if verb in self.server.silent:
                continue
            getattr(self, "do_" + verb.lower(), self.unknown)(argument)
            if verb == "QUIT":
                return

    def path(self, argument):
        return argument if argument.startswith("/") else self.folder.rstrip("/") + "/" + argument

    def unknown(self, _):
        self.say("502 not here")

    def do_auth(self, _):
        self.say("234 go on")
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)

    def _fine(self, _):
        self.say("200 fine")

    do_pbsz = do_prot = do_type = _fine

    def do_user(self, _):
        self.say("331 password?")

    def do_pass(self, argument):
        self.say("230 welcome" if argument == self.server.password else "530 no")

    def do_pwd(self, _):
        self.say(f'257 "{self.folder}" is it')

    def do_cwd(self, argument):
        self.folder = self.path(argument)
        self.say("250 done")

    def do_mkd(self, argument):
        self.server.folders.add(self.path(argument))
        self.say(f'257 "{self.path(argument)}" made')

    def do_rmd(self, argument):
        gone = self.path(argument) in self.server.folders
        self.server.folders.discard(self.path(argument))
        self.say("250 done" if gone else "550 none")

    def do_dele(self, argument):
        self.say("550 none" if self.server.files.pop(self.path(argument), None) is None else "250 done")

    def do_size(self, argument):
        data = self.server.files.get(self.path(argument))
        self.say("550 none" if data is None else f"213 {len(data)}")

    def do_rest(self, argument):
        self.rest = int(argument)
        self.say("350 go on")

    def do_quit(self, _):
        self.say("221 bye")

    def do_epsv(self, _):
        self.passive = socket.create_server((self.server.address, 0))
        self.passive.settimeout(60)
        self.say(f"229 here (|||{self.passive.getsockname()[1]}|)")

    def _data(self):
        raw, _ = self.passive.accept()
        self.passive.close()
        raw.settimeout(60)
        return self.server.context.wrap_socket(raw, server_side=True)

    def _send(self, data):
        self.say("150 here it comes")
        with self._data() as channel:
            cut = self.server.cut
            channel.sendall(data[:cut])
            if cut is None or cut >= len(data):
                channel.unwrap()
        self.say("226 done" if cut is None or cut >= len(data) else "426 broken off")

    def do_list(self, _):
        self._send(self.server.listing)

    def do_retr(self, argument):
        data = self.server.files.get(self.path(argument))
        if data is None:
            self.passive.close()
            self.say("550 none")
        else:
            self._send(data[self.rest:])
        self.rest = 0

    def do_stor(self, argument):
        self.say("150 go on")
        data = bytearray()
        with self._data() as channel:
            while part := channel.recv(65536):
                data += part
        self.server.files[self.path(argument)] = bytes(data)
        self.say("226 done")
