"""Client: the methods of the control socket as methods of Python."""

from __future__ import annotations

import base64
import os
import time
import uuid
from typing import Any, Dict, Iterator, List, Optional, Sequence

from .bodies import Body, passed
from .job import Job
from .wire import Connection, ConnectionLost, DaemonAbsent, Error, WaitTimeout, pauses

Answer = Dict[str, Any]

SOCKET = "/run/sim52xx/control.sock"
UNWIND = 150.0  # seconds that the daemon may need, beyond a job's timeout, to end its dialogue with the modem
READING = {"version", "rpc.discover", "status", "metrics", "job.list", "job.get", "job.wait", "job.read"}


class Client:
    """A connection to the daemon. `timeout` is for each answer, `patience` for coming back; both in seconds."""

    def __init__(self, path: Optional[str] = None, timeout: float = 30.0, patience: float = 30.0):
        self.path = str(path or os.environ.get("SIM52XX_SOCKET") or SOCKET)
        self.timeout, self.patience = timeout, patience
        self._connection: Optional[Connection] = Connection(self.path, timeout)

    def close(self) -> None:
        """Cancels what was asked for on this connection and is not over."""
        if self._connection:
            self._connection.socket.close()
        self._connection = None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _once(self, method: str, params: Dict[str, Any], fds: Sequence[int], timeout: float) -> Any:
        if not self._connection:
            self._connection = Connection(self.path, self.timeout)
        try:
            return self._connection.call(method, params, fds, timeout)
        except (ConnectionLost, WaitTimeout, KeyboardInterrupt):
            self.close()
            raise

    def call(self, method: str, params: Optional[Dict[str, Any]] = None, fds: Sequence[int] = (),
             timeout: Optional[float] = None) -> Any:
        """Any method of sim52xx-control(7): its result, or Error. `fds` are passed with it."""
        params, timeout = params or {}, self.timeout if timeout is None else timeout
        begin = time.monotonic()
        try:
            return self._once(method, params, fds, timeout)
        except ConnectionLost as lost:
            starts = bool(params.get("detach") and params.get("client_ref")) and not fds
            if method not in READING and not starts:
                raise
            last: Error = lost
        for pause in pauses(self.patience):
            time.sleep(pause)
            try:
                if starts and self._once("status", {}, (), timeout)["uptime"] < time.monotonic() - begin:
                    break  # another daemon, which knows nothing of the first request
                return self._once(method, params, fds, timeout)
            except (ConnectionLost, DaemonAbsent) as lost:
                last = lost
        raise last

    def status(self) -> Answer:
        return self.call("status")

    def metrics(self) -> str:
        """Text in the format of Prometheus."""
        return self.call("metrics")

    def jobs(self, **which: Any) -> List[Answer]:
        """Job objects without their results; state= and limit= select."""
        return self.call("job.list", which)["jobs"]

    def job(self, job_id: str) -> Job:
        """A job that was started before, perhaps by another process of the same user."""
        return Job(self, job_id, self.call("job.get", {"job_id": job_id})["client_ref"])

    def https(self, url: str, *, body: Optional[Body] = None, into: Any = None, timeout: float = 300.0,
              **more: Any) -> Answer:
        """A request; the answer has status, headers and body (bytes), which went to the file `into` where there is one.

        `more`: method, headers, via, follow_redirects, max_bytes, as in https.request."""
        return self._run("https.request", {"url": url, **more}, [{"body": body, "into": into}], timeout)

    def ftps(self, host: str, steps: Sequence[Dict[str, Any]], *, timeout: float = 600.0, **more: Any) -> Answer:
        """Steps in one login, each a dict as in ftps.run; put has body, get may have into, and else its answer has body.

        `more`: user, password or password_credential, port, type."""
        return self._run("ftps.run", {"host": host, **more}, list(steps), timeout)

    def start_https(self, url: str, *, body: Optional[Body] = None, into: Any = None, timeout: float = 300.0,
                    client_ref: Optional[str] = None, **more: Any) -> Job:
        """As https(), without waiting. The same client_ref and request again is the same job."""
        return self._start("https.request", {"url": url, **more}, [{"body": body, "into": into}], timeout, client_ref)

    def start_ftps(self, host: str, steps: Sequence[Dict[str, Any]], *, timeout: float = 600.0,
                   client_ref: Optional[str] = None, **more: Any) -> Job:
        """As ftps(), without waiting."""
        return self._start("ftps.run", {"host": host, **more}, list(steps), timeout, client_ref)

    def events(self, topics: Optional[Sequence[str]] = None, snapshot: bool = False, timeout: Optional[float] = None,
               patience: Optional[float] = None) -> Iterator[Answer]:
        """What happens from now on. Where nothing does for `timeout` seconds, WaitTimeout; None waits for ever.

        client.subscribed comes first: from there on nothing is missed. It comes again, with `again` true, after a lost
        connection, which is made anew for `patience` seconds (None: as long as it takes). boot_id tells a restart of the daemon."""
        params: Dict[str, Any] = {"snapshot": snapshot}
        if topics is not None:
            params["topics"] = list(topics)
        connection, again = Connection(self.path, self.timeout), False
        while True:
            try:
                subscribed = connection.call("events.subscribe", params, (), self.timeout)
                yield {"type": "client.subscribed", "again": again, **subscribed}
                while True:
                    event = connection.receive(None if timeout is None else time.monotonic() + timeout)
                    if event.get("method") == "event":
                        yield event["params"]
            except ConnectionLost as lost:
                last: Error = lost
            finally:
                connection.socket.close()
            for pause in pauses(patience):
                time.sleep(pause)
                try:
                    connection, again = Connection(self.path, self.timeout), True
                    break
                except DaemonAbsent as absent:
                    last = absent
            else:
                raise last

    def _run(self, method: str, params: Dict[str, Any], steps: List[Dict[str, Any]], timeout: float) -> Answer:
        with passed(method, params, steps) as (params, fds):
            answer = self.call(method, {**params, "timeout": timeout}, fds, timeout + UNWIND)
        for number, (step, got) in enumerate(zip(steps, answer.get("steps", [answer]))):
            wanted = method == "https.request" or got.get("op") == "get"
            if wanted and step.get("into") is None:
                self._fill(got, Job(self, answer["job_id"], None), number if "steps" in answer else None)
        return answer

    @staticmethod
    def _fill(got: Answer, job: Job, step: Optional[int]) -> None:
        """Whichever way a body came: body has its bytes."""
        if "body_base64" in got:
            got["body"] = base64.b64decode(got.pop("body_base64"))
        elif "body" in got:
            got["body"] = got["body"].encode()
        else:
            got["body"] = b"".join(job.read(step)) if got.get("bytes") else b""

    def _start(self, method: str, params: Dict[str, Any], steps: List[Dict[str, Any]], timeout: float,
               client_ref: Optional[str]) -> Job:
        client_ref = client_ref or str(uuid.uuid4())
        params = {**params, "timeout": timeout, "detach": True, "client_ref": client_ref}
        with passed(method, params, steps) as (params, fds):
            return Job(self, self.call(method, params, fds)["job_id"], client_ref)
