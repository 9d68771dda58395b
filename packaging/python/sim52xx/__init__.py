"""Client of sim52xxd: HTTPS and FTPS jobs, status and events of a SIM52xx modem, over the daemon's control socket.

NAME
    sim52xx - what sim52xx-control(7) describes, for Python 3.9 and later; the standard library only

SYNOPSIS
    import sim52xx
    with sim52xx.Client() as modem:
        page = modem.https("https://api.example.com/")

DESCRIPTION
    A Client asks one thing at a time and is for one thread; events() and a second Client have connections of their own.
    The socket is the first argument, or $SIM52XX_SOCKET, or /run/sim52xx/control.sock. Nothing waits for ever but events().

    The data sockets, /run/sim52xx/ssl0.sock and the like, need no client: connect to them with socket.AF_UNIX.

EXAMPLES
    What the modem does, and its signal in dBm:

    >>> modem = sim52xx.Client()
    >>> modem.status()["state"]
    'ready'

    A page. The answer's status may be any that HTTP has; what keeps the modem from having an answer is an Error:

    >>> page = modem.https("https://api.example.com/")
    >>> page["status"], page["body"]
    (200, b'{"interval": 60}\\n')
    >>> modem.https("https://nowhere.example.com/")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    sim52xx.Error: connect_failed...

    Any size, either way, from and into files: the daemon gets their descriptors, and memory does not grow:

    >>> with open("reading.csv", "wb") as file: _ = file.write(b"21.5\\n" * 100000)
    >>> with open("reading.csv", "rb") as file:
    ...     modem.https("https://api.example.com/log", method="POST", body=file)["status"]
    200
    >>> with open("config.json", "wb") as file:
    ...     modem.https("https://api.example.com/", into=file)["bytes"]
    17

    Files by FTPS, in one login:

    >>> answer = modem.ftps("files.example.com", [
    ...     {"op": "put", "path": "today.csv", "body": b"21.5\\n", "verify": True},
    ...     {"op": "get", "path": "today.csv"}], user="me", password="secret")
    >>> answer["steps"][1]["body"]
    b'21.5\\n'

    A job that goes on without its client, is found again after a lost connection, and is fetched in pieces:

    >>> job = modem.start_https("https://api.example.com/", client_ref="config-2026-11-22")
    >>> job.wait(timeout=300)["state"]
    'done'
    >>> b"".join(job.read())
    b'{"interval": 60}\\n'

    What happens, as it happens. The first is always client.subscribed, and so is the first after a lost connection:

    >>> for event in modem.events(["job"], timeout=60):
    ...     if event["type"] == "client.subscribed":
    ...         job = modem.start_https("https://api.example.com/")
    ...     elif event["type"] == "job.state" and event["job_id"] == job.id and event["finished"]:
    ...         break
    >>> event["state"]
    'done'
    >>> modem.close()

ERRORS
    Error has kind, stage, message, and data with all that the daemon said: for kinds see sim52xx-control(7). DaemonAbsent:
    nobody listens. ConnectionLost: the daemon went away. WaitTimeout: no answer in time; the connection is closed, and what it
    had asked for is cancelled, but for jobs that were started (start_https, start_ftps).

    A lost connection is made again, with growing pauses and for `patience` seconds, where asking twice does no harm: for what
    only reads, for events, and for start_https() and start_ftps(), whose client_ref makes the second request the same job, where
    no descriptor is passed. After a restart of the daemon nothing is sent again, because it keeps no jobs over that:
    start_...() then fails with ConnectionLost, and a Job with that or with the kind not_found, never with another job's answer.

SEE ALSO
    sim52xx-control(7), sim52xxctl(1)
"""

from .client import Client
from .job import Job
from .wire import ConnectionLost, DaemonAbsent, Error, WaitTimeout

__all__ = ["Client", "Job", "Error", "DaemonAbsent", "ConnectionLost", "WaitTimeout"]

for _public in (Client, Job, Error, DaemonAbsent, ConnectionLost, WaitTimeout):
    _public.__module__ = __name__  # as people write them
