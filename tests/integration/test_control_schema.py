"""The JSON Schema of the control protocol against what the daemon really says, and against its own description."""

import json
import unittest

import jsonschema

from support.client import Client
from support.control import Control, RpcError
from support.daemon import Daemon, configuration
from support.places import ROOT
from support.rig import Rig
from support.tlsserver import one_page
from support.waiting import until

SCHEMA = json.loads((ROOT / "daemon" / "control" / "schema" / "sim52xx-control.schema.json").read_text())
DEFINITIONS = SCHEMA["$defs"]


def check(instance, name):
    """Raises where `instance` is not what the definition of that name says."""
    schema = {"$schema": SCHEMA["$schema"], "$ref": f"#/$defs/{name}", "$defs": DEFINITIONS}
    jsonschema.Draft202012Validator(schema).validate(instance)


class Schema(Rig):
    def setUp(self):
        super().setUp()
        self.checked = set()

    def set_up(self, server=None, **tables):
        self.emulator = self.start_emulator(server)
        self.connect(self.start_daemon(self.emulator.link, **tables))

    def without_modem(self):
        self.connect(self.started(Daemon(self.folder, configuration(self.folder / "no-modem"))))

    def connect(self, daemon):
        self.daemon = daemon
        self.control = Control(self.daemon.socket("control"), 60)
        self.addCleanup(self.control.close)

    def result(self, method, **parameters):
        self.checked.add(method)
        check(parameters, f"{method}.params")
        result = self.control.call(method, **parameters)
        check(result, f"{method}.result")
        return result

    def test_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_has_every_method_and_parameter_that_the_daemon_has(self):
        self.set_up()
        methods = {m["name"]: m for m in self.result("rpc.discover")["methods"]}
        self.assertEqual({name[:-len(".params")] for name in DEFINITIONS if name.endswith(".params")}, set(methods))
        self.assertEqual({name[:-len(".result")] for name in DEFINITIONS if name.endswith(".result")}, set(methods))
        for name, method in methods.items():
            self.same_members(DEFINITIONS[f"{name}.params"],
                              {p["name"]: p["schema"] for p in method["params"]},
                              [p["name"] for p in method["params"] if p["required"]], name)

    def same_members(self, schema, members, required, where):
        self.assertEqual(set(schema["properties"]), set(members), where)
        self.assertEqual(set(schema["required"]), set(required), where)
        self.assertIs(schema["additionalProperties"], False, where)
        for name, described in members.items():
            ours = schema["properties"][name]
            ours = DEFINITIONS[ours["$ref"].split("/")[-1]] if "$ref" in ours else ours
            if "items" in described:
                self.same_members(ours["items"], described["items"]["properties"], described["items"]["required"],
                                  f"{where}.{name}")
            elif "type" in described and "type" in ours:
                self.assertEqual(ours["type"], described["type"], f"{where}.{name}")

    def test_what_needs_no_modem(self):
        self.set_up()
        for method in ("version", "status", "metrics", "config.reload", "job.list", "trace.start", "trace.get", "trace.stop"):
            self.result(method)
        self.result("events.subscribe", topics=["job"], snapshot=True)
        self.result("modem.command", command="AT+CSQ")

    def test_sessions_and_events(self):
        self.set_up(self.start_server(one_page(b"x"), self.certificates.self_signed))
        self.result("events.subscribe")
        self.curl(self.daemon.socket("ssl0"), "/")
        self.result("status")
        types = set()
        while "arbiter.released" not in types:
            event = self.control.event()
            check({"jsonrpc": "2.0", "method": "event", "params": event}, "event")
            if "error" in event:
                check(event["error"], "error_object")
            types.add(event["type"])
        self.assertLessEqual({"session.alert", "session.closed"}, types)

    def test_jobs(self):
        self.without_modem()
        parameters = {"host": "ftp.test", "user": "me", "password": "x", "steps": [{"op": "list"}]}
        job = self.result("ftps.run", **parameters, detach=True, client_ref="r", timeout=1000)["job_id"]
        self.assertEqual(self.result("job.get", job_id=job)["state"], "acquiring")
        self.result("https.request", url="https://server.test/", via="ssl", follow_redirects=True, detach=True,
                    headers={"Accept": "*/*"})
        self.result("job.wait", job_id=job, timeout=0.1)
        self.assertEqual(len(self.result("status")["jobs"]), 2)
        self.result("job.cancel", job_id=job)
        self.assertEqual(self.result("job.wait", job_id=job)["state"], "cancelled")
        self.assertEqual(len(self.result("job.list", state="cancelled", limit=5)["jobs"]), 1)

    def test_a_page(self):
        self.set_up(self.start_server(one_page(b"x")))
        self.result("https.request", url="https://server.test/", via="https")
        answer = self.result("https.request", url="https://server.test/", via="ssl", detach=True)
        self.result("job.wait", job_id=answer["job_id"])
        self.result("job.read", job_id=answer["job_id"], offset=0, length=10)

    def test_every_method(self):
        """One real answer of each at least, from a modem that has everything to do."""
        server, ftp = self.start_server(one_page(b"x" * 300000)), self.start_ftp_server("proftpd")
        ftp.put("there.txt", b"already there")
        self.emulator = self.start_emulator(server, maps={"server.test:21": ftp.where})
        self.connect(self.start_daemon(self.emulator.link))
        methods = {m["name"] for m in self.result("rpc.discover")["methods"]}
        for method in ("version", "metrics", "trace.start", "trace.get", "config.reload"):
            self.result(method)
        self.result("modem.command", command="AT+CSQ", timeout=5)
        self.result("events.subscribe")
        with Client(self.daemon.socket("ssl0")):
            self.daemon.until_session("ssl0", lambda s: s["state"] == "open", "to be open")
            job = self.result("ftps.run", host="server.test", user=ftp.user, password=ftp.password, detach=True,
                              steps=[{"op": "pwd"}, {"op": "mkdir", "path": "a"}, {"op": "list"},
                                     {"op": "put", "path": "a/b", "body": "b", "verify": True},
                                     {"op": "get", "path": "there.txt"}, {"op": "get_efs", "path": "there.txt", "dir": 1},
                                     {"op": "put_efs", "path": "there.txt", "dir": 1}])["job_id"]
            until(lambda: self.result("job.get", job_id=job)["waiting_for"], "the job to wait")
            self.assertEqual(self.result("job.list", state="acquiring")["jobs"][0]["job_id"], job)
            self.result("status")
            self.result("session.close", session="ssl0")
        done = self.result("job.wait", job_id=job)
        self.assertEqual(done["state"], "done", done["error"])
        check(done["result"], "ftps.run.result")
        job = self.result("https.request", url="https://server.test/")["job_id"]
        self.result("job.read", job_id=job, offset=0)
        job = self.result("https.request", url="https://nobody.test/", detach=True)["job_id"]
        self.result("job.cancel", job_id=job)
        self.result("modem.reset")
        self.result("trace.stop")
        self.result("status")
        self.assertEqual(self.checked, methods)
        for event in self.control.events:
            check({"jsonrpc": "2.0", "method": "event", "params": event}, "event")

    def test_errors(self):
        self.without_modem()
        wrong = [b"{", b"[]", b"{}", b'{"jsonrpc":"2.0","id":1,"method":"nothing"}',
                 b'{"jsonrpc":"2.0","id":1,"method":"job.get"}', b'{"jsonrpc":"2.0","id":1,"method":"status","params":{"a":1}}',
                 b'{"jsonrpc":"2.0","id":1,"method":"job.get","params":{"job_id":"7"}}',
                 b'[{"jsonrpc":"2.0","id":1,"method":"nothing"},5]']
        for line in wrong:
            self.control.send(line + b"\n")
            answer = self.control.answer()
            for each in answer if isinstance(answer, list) else [answer]:
                check(each, "answer")
                self.assertIn("error", each, line)
        with self.assertRaises(RpcError) as refused:
            self.control.call("ftps.run", host="a", user="me", password="x", steps=[{"op": "list"}], timeout=0.1)
        check(refused.exception.data, "error_data")
        self.assertIn("job_id", refused.exception.data)

    def test_what_the_schema_refuses_the_daemon_refuses(self):
        self.set_up()
        for method, parameters in (
                ("https.request", {}), ("https.request", {"url": 5}), ("https.request", {"url": "https://a", "via": "x"}),
                ("https.request", {"url": "https://a", "timeout": 0}), ("ftps.run", {"host": "a", "user": "b"}),
                ("ftps.run", {"host": "a", "user": "b", "steps": [{"op": "chmod"}]}),
                ("ftps.run", {"host": "a", "user": "b", "steps": [{"op": "list", "more": 1}]}),
                ("job.list", {"limit": 0}), ("job.read", {"job_id": "1", "length": 262145}),
                ("events.subscribe", {"topics": ["all"]}), ("status", {"verbose": True})):
            with self.assertRaises(jsonschema.ValidationError, msg=f"{method} {parameters}"):
                check(parameters, f"{method}.params")
            with self.assertRaises(RpcError) as refused:
                self.control.call(method, **parameters)
            self.assertEqual(refused.exception.code, -32602, f"{method} {parameters}")


if __name__ == "__main__":
    unittest.main()
