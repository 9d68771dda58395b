"""What the serial line carries for one HTTPS GET and one MQTT publish, against PPP with TLS on the host.

The modem's side is counted on the line itself, all of it: commands, prompts, answers, reports. `first`: with the start
of the stack and its stop; `warm`: while `linger` keeps it. The PPP side is the same client with TLS of its own through
a counting proxy, to the same server: its bytes are real, what would carry them is added by the formula of Tcp.
"""

import math
import socket
import threading

from bench_rig import rig
from figures import Samples, goal
from line import DOWN, UP
from support.ctl import ctl
from support.places import loopback
from support.process import quiet_environment, run as run_program
from support.waiting import until

PAGE = 1024
TOPIC, MESSAGE = "room/temperature", "21.5"
HOST = "server.test"


class Tcp:
    """One connection as PPP would carry it: IPv4 and TCP with timestamps (52 bytes a packet, as Linux does; VJ's
    compression does not apply to these), at most 1448 bytes in each; SYN and SYN-ACK of 60 bytes and an ACK; one ACK for
    every two packets of data; FIN, ACK, FIN, ACK; one DNS question and its answer; 8 bytes of PPP around each packet
    (flags, address, control, protocol, FCS), and 2 of 256 byte values escaped (ACCM 0). Not counted: LCP and IPCP."""

    HEADERS, MOST, PPP, ESCAPED = 52, 1448, 8, 2 / 256
    QUESTION = 20 + 8 + 12 + len(HOST) + 2 + 4

    def __init__(self, flights):
        self.payload = sum(flights)
        data = sum(math.ceil(flight / self.MOST) for flight in flights)
        packets = data + math.ceil(data / 2) + 3 + 4 + 2
        headers = (data + math.ceil(data / 2) + 1 + 4) * self.HEADERS + 2 * 60 + 2 * self.QUESTION + 16
        whole = self.payload + headers
        self.line = round(whole + packets * self.PPP + whole * self.ESCAPED)


class CountingProxy:
    """Takes one connection after the other to `where`; flights: what each way has carried at a time."""

    def __init__(self, where):
        host, _, port = where.rpartition(":")
        self.where, self.flights = (host, int(port)), []
        self.listener = socket.create_server((loopback(), 0))
        self.address, self.port = self.listener.getsockname()
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.where)
            ways = [threading.Thread(target=self._pass, args=pair, daemon=True)
                    for pair in ((client, server), (server, client))]
            for way in ways:
                way.start()
            for way in ways:
                way.join()
            client.close()
            server.close()

    def _pass(self, source, target):
        try:
            while data := source.recv(65536):
                self.flights.append(len(data))
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:  # a client that leaves without a word
            pass

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class Modem:
    """Emulator, line and daemon; ssl0 goes to the server, transparent or counted."""

    def __init__(self, made, servers, transparent, linger):
        self.made = made
        self.emulator = made.start_emulator(maps={f"{HOST}:{port}": server.where for port, server in servers.items()})
        self.line = made.start_line(self.emulator)
        self.daemon = made.start_daemon(self.line.device, ssl0={"host": HOST, "port": min(servers), "transparent": transparent},
                                        arbiter={"linger": linger})
        self.linger = linger

    def count(self, action):
        """Bytes on the line for one action, up and down."""
        if self.linger > 10:
            action(self)  # the stack is warm now
            self.at_rest()
        self.line.forget()
        action(self)
        self.at_rest()
        return self.line.counts()

    def at_rest(self):
        def over():
            status = self.daemon.status()
            running = [job for job in status["jobs"] if job["state"] not in ("done", "failed", "cancelled")]
            return not running and all(session["state"] == "idle" for session in status["sessions"])
        until(over, "the sessions to be closed", 30)
        if self.linger < 10:
            until(lambda: self.line.found(UP, rb"AT\+C(SSL|HTTPS)STOP\r"), "the stack to be stopped", 30)
            self.emulator.until_idle()
        settled = [-1]

        def quiet():
            before, settled[0] = settled[0], len(self.line.pieces)
            return before == settled[0]
        until(quiet, "the line to be quiet", 30)


def get_by_job(modem):
    done = ctl(modem.daemon.socket("control"), "https", "get", f"https://{HOST}/random.bin", text=False)
    insist(done, len(done.stdout) == PAGE)


def get_by_curl(modem):
    done = modem.made.curl(modem.daemon.socket("ssl0"), "/random.bin", text=False)
    insist(done, len(done.stdout) == PAGE)


def publish(modem):
    insist(run_program(["mosquitto_pub", "--unix", modem.daemon.socket("ssl0"), *MQTT]))


MQTT = ["-i", "station", "-q", "1", "-t", TOPIC, "-m", MESSAGE]


def insist(done, also=True):
    if done.returncode or not also:
        raise AssertionError(f"{done.args[0]} ended with {done.returncode}: {done.stderr}")


def on_the_host(made, server, tls, words):
    """The same with TLS on the host, through the proxy."""
    proxy = made.started(CountingProxy(server.where))
    here = {"{host}": proxy.address, "{port}": str(proxy.port), "{ca}": str(made.certificates.ca.cert), "{tls}": tls}
    for mark, value in here.items():
        words = [word.replace(mark, value) for word in words]
    done = run_program(words, text=False, env=quiet_environment())
    insist(done)
    return Tcp(proxy.flights)


CURL = ["curl", "-sS", "--cacert", "{ca}", "--tlsv{tls}", "--tls-max", "{tls}", "--connect-to", f"{HOST}:443:{{host}}:{{port}}",
        f"https://{HOST}/random.bin"]
PUB = ["mosquitto_pub", "-h", "{host}", "-p", "{port}", "--cafile", "{ca}", "--insecure", "--tls-version", "tlsv{tls}", *MQTT]
SERIAL = [("GET", "sim52xxctl https get", "auto", get_by_job), ("GET", "curl, ssl0 transparent", "auto", get_by_curl),
          ("GET", "curl, ssl0 counted", "never", get_by_curl), ("publish", "mosquitto_pub, ssl0 transparent", "auto", publish),
          ("publish", "mosquitto_pub, ssl0 counted", "never", publish)]


def servers_of(made, what):
    return {443: made.start_nginx(size=PAGE, protocols="TLSv1.2 TLSv1.3")} if what == "GET" else {8883: made.start_mosquitto()}


def measure(number, samples):
    for what, how, transparent, action in SERIAL:
        figures = {}
        for linger, name in ((1, "first"), (3600, "warm")):
            with rig() as made:
                counts = Modem(made, servers_of(made, what), transparent, linger).count(action)
            figures[name] = counts[UP] + counts[DOWN]
        samples.add(f"{what}: {how}", number, figures)
    for what, client, words in (("GET", "curl", CURL), ("publish", "mosquitto_pub", PUB)):
        for tls in ("1.2", "1.3"):
            with rig() as made:
                server, = servers_of(made, what).values()
                tcp = on_the_host(made, server, tls, words)
            samples.add(f"{what}: {client}, PPP, TLS {tls} on the host", number, {"tls": tcp.payload, "first": tcp.line})


def run(options):
    samples = Samples()
    for number in range(options.rounds or 3):
        measure(number, samples)
    samples.show(f"Bytes on the line: GET of {PAGE} B by HTTPS, publish of {len(MESSAGE)} B by MQTT (QoS 1)", [
        ("first", "bytes", 0), ("warm", "bytes, stack warm", 0), ("tls", "of these TLS", 0)])
    goals = []
    for what, ours, theirs in (("GET", "curl, ssl0 transparent", "curl"), ("publish", "mosquitto_pub, ssl0 transparent", "mosquitto_pub")):
        goals.append(goal(f"bytes of a {what}, of what PPP with TLS 1.3 carries",
                          samples.ratio(f"{what}: {ours}", f"{what}: {theirs}, PPP, TLS 1.3 on the host", "first"), 1))
    return {"rows": list(samples.medians()), "goals": goals}
