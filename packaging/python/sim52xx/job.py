"""Job: what the daemon does for us without our waiting for it."""

from __future__ import annotations

import base64
import time
from typing import Any, Dict, Iterator, Optional, Protocol

from .wire import ConnectionLost, WaitTimeout, error_of

Answer = Dict[str, Any]

POLL = 20.0  # seconds of one job.wait: a daemon that hangs is found out


class Caller(Protocol):
    """What a Job needs of its Client."""

    timeout: float

    def call(self, method: str, params: Optional[Dict[str, Any]] = None, *, timeout: Optional[float] = None) -> Any: ...


class Job:
    """A job that goes on without us; `id` and `client_ref` find it again."""

    def __init__(self, client: Caller, job_id: str, client_ref: Optional[str]):
        self.client, self.id, self.client_ref = client, job_id, client_ref

    def _call(self, method: str) -> Answer:
        return self._same(self.client.call(method, {"job_id": self.id}))

    def _wait(self, seconds: float) -> Answer:
        params = {"job_id": self.id, "timeout": max(seconds, 0.01)}
        return self._same(self.client.call("job.wait", params, timeout=self.client.timeout + seconds))

    def _same(self, job: Answer) -> Answer:
        if job["client_ref"] != self.client_ref:
            raise ConnectionLost("interrupted", "job", f"the daemon was restarted, and job {self.id} went with it")
        return job

    def get(self) -> Answer:
        """The job object as it is now; `result` and `error` are in it."""
        return self._call("job.get")

    def cancel(self) -> Answer:
        return self._call("job.cancel")

    def wait(self, timeout: float) -> Answer:
        """The job object when it is over; WaitTimeout where that takes longer. The job goes on then."""
        deadline = time.monotonic() + timeout
        while True:
            job = self._wait(min(POLL, max(0.0, deadline - time.monotonic())))
            if job["finished"]:
                return job
            if time.monotonic() >= deadline:
                raise WaitTimeout("timeout", job["state"], f"job {self.id} is not over after {timeout:g} s", job)

    def result(self, timeout: float) -> Answer:
        """What it came to, or its Error."""
        job = self.wait(timeout)
        if job["error"]:
            raise error_of(job["error"])
        return job["result"]

    def read(self, step: Optional[int] = None) -> Iterator[bytes]:
        """The body it has received, in pieces; of ftps which step's. Of a job that runs, as it comes."""
        offset, more = 0, {} if step is None else {"step": step}
        while True:
            piece = self.client.call("job.read", {"job_id": self.id, "offset": offset, **more})
            data = base64.b64decode(piece["data_base64"])
            offset += len(data)
            if data:
                yield data
            elif not piece["eof"]:
                self._wait(0.5)
            if piece["eof"]:
                return
