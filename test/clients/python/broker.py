"""The real built broker in a process of its own, on a free port, in a temporary folder."""

import json
import os
import re
import subprocess
import tempfile
import threading

READY_SECONDS_MAX = 30
_home = tempfile.TemporaryDirectory(prefix="gantry-home-")


def isolate_environment():
    """Takes away whatever a person's own settings would do to the clients; gives them dummy credentials."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "GANTRY_")) and name not in ("GANTRY_MAIN", "GANTRY_NODE"):
            del os.environ[name]
    os.environ["HOME"] = _home.name
    os.environ["AWS_ACCESS_KEY_ID"] = "dummy"
    os.environ["AWS_SECRET_ACCESS_KEY"] = "dummy"
    os.environ["AWS_REGION"] = os.environ["AWS_DEFAULT_REGION"] = "us-east-1"


def endpoint():
    """The address of the broker that the suite runs against."""
    return os.environ["GANTRY_ENDPOINT"]


class RunningBroker:
    """Ready inside the `with`; afterwards `complaints` holds what it should not have said or done."""

    def __init__(self, *options):
        self._options = options

    def __enter__(self):
        self.complaints = []
        self._folder = tempfile.TemporaryDirectory(prefix="gantry-test-")
        self._log = open(os.path.join(self._folder.name, "stderr"), "w+", encoding="utf-8")
        data_dir = os.path.join(self._folder.name, "data")
        node = os.environ.get("GANTRY_NODE", "node")
        command = [node, os.environ["GANTRY_MAIN"], "serve", "--host", "127.0.0.1", "--http-port", "0"]
        self._process = subprocess.Popen(
            [*command, "--data-dir", data_dir, *self._options],
            env={name: value for name, value in os.environ.items() if not name.startswith("GANTRY_")},
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        os.environ["GANTRY_ENDPOINT"] = self._ready_address()
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            code = self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if code != 0:
            self.complaints.append(f"exit code {code}")
        self.complaints += [line for line in self._said().splitlines() if is_complaint(line)]
        self._process.stdout.close()
        self._log.close()
        self._folder.cleanup()

    def _ready_address(self):
        watchdog = threading.Timer(READY_SECONDS_MAX, self._process.kill)
        watchdog.start()
        line = self._process.stdout.readline()
        watchdog.cancel()
        match = re.search(r"^Gantry ready.*?(http://\S+)", line)
        if match:
            return match.group(1)
        self._process.kill()
        self._process.wait()
        raise RuntimeError(f"the broker did not become ready: {line}{self._said()}")

    def _said(self):
        self._log.flush()
        self._log.seek(0)
        return self._log.read()


def is_complaint(line):
    """Its log is one JSON object a line; an error, or anything else, is a defect that some client provoked."""
    try:
        level = json.loads(line).get("level")
    except ValueError:
        return True
    return level in ("error", "fatal") or (isinstance(level, int) and level >= 50)
