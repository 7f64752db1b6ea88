"""Runs the built command and says what differs. Standard library only."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback

TESTS = []


class Skip(Exception):
    """Raised by a test whose tool is missing."""


def test(function):
    """Registers a test; its name with spaces is the promise it checks."""
    TESTS.append(function)
    return function


def heed_signals():
    """What was started in the background or under nohup ignores some signals, and so would the command."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Result:
    def __init__(self, arguments, status, out, err):
        self.arguments, self.status, self.out, self.err = arguments, status, out, err

    def __str__(self):
        return f"{self.arguments}\nstatus {self.status}\nstdout: {self.out}\nstderr: {self.err}"

    def ok(self, status=0):
        assert self.status == status, f"wanted status {status}: {self}"
        return self

    def says(self, *texts):
        for text in texts:
            assert text in self.out, f"wanted on stdout {text!r}: {self}"
        return self

    def notes(self, *texts):
        for text in texts:
            assert text in self.err, f"wanted on stderr {text!r}: {self}"
        return self

    def fails(self, status, *texts):
        """One line on stderr that begins as all errors do, and nothing on stdout."""
        self.ok(status)
        lines = self.err.splitlines()
        errors = [line for line in lines if line.startswith("attune: error: ")]
        assert len(errors) == 1, f"wanted one line of error: {self}"
        assert self.out == "", f"wanted nothing on stdout: {self}"
        for text in texts:
            assert text in errors[0], f"wanted in the error {text!r}: {self}"
        return self

    @property
    def json(self):
        return json.loads(self.out)


class Place:
    """A folder of its own for one test."""

    def __init__(self, binary):
        self.binary = binary
        self.path = tempfile.mkdtemp(prefix="attune-cli-")
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("ATTUNE_")
        }
        self.environment["PATH"] = os.path.dirname(binary) + ":" + self.environment["PATH"]
        self.environment["HOME"] = self.path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def file(self, name, text, mode=0o644):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def read(self, name):
        with open(os.path.join(self.path, name)) as file:
            return file.read()

    def run(self, *arguments, env=None, input="", timeout=120, cwd=None):
        done = subprocess.run(
            [self.binary, *arguments], cwd=os.path.join(self.path, cwd or ""), input=input,
            capture_output=True, text=True, timeout=timeout,
            env={**self.environment, **(env or {})})
        return Result(arguments, done.returncode, done.stdout, done.stderr)

    def start(self, *arguments, env=None):
        # A shell that runs this in the background has SIGINT ignored, which children inherit.
        return subprocess.Popen(
            [self.binary, *arguments], cwd=self.path, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**self.environment, **(env or {})},
            preexec_fn=heed_signals)

    def shell(self, line, timeout=600):
        done = subprocess.run(
            ["sh", "-c", line], cwd=self.path, capture_output=True, text=True, timeout=timeout,
            env=self.environment)
        return Result(line, done.returncode, done.stdout, done.stderr)


def main(binary, pattern=""):
    passed, failed, skipped = 0, [], 0
    for function in TESTS:
        name = function.__name__.replace("_", " ")
        if not any(part in name for part in pattern.split("|")):
            continue
        with Place(binary) as place:
            try:
                function(place)
                passed += 1
            except Skip as reason:
                skipped += 1
                print(f"skipped: {name}: {reason}")
            except Exception:
                failed.append(name)
                print(f"FAILED: {name}\n{traceback.format_exc()}", flush=True)
    for name in failed:
        print(f"failed: {name}")
    print(f"{passed} passed, {len(failed)} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or passed == 0 else 0
