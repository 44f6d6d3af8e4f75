"""What a writer asks of the system, step by step, to stop it at any of them."""

import os
import signal
import warnings
from pathlib import Path

METHODS = ("open", "replace", "unlink", "mkdir", "rmdir", "chmod")
"""Of a path: each is a step, and so is every write and every fsync."""


class Steps:
    """Count steps; do something instead of one of them.

    Parameters
    ----------
    monkeypatch : pytest.MonkeyPatch
        What puts everything back.
    at : int
        The step, counted from 1; 0 for none.
    act : callable
        What is done there.
    """

    def __init__(self, monkeypatch, at=0, act=None):
        self.names = []
        self.at = at
        self.act = act
        for name in METHODS:
            monkeypatch.setattr(Path, name, self._counted(name, getattr(Path, name)))
        monkeypatch.setattr(os, "fsync", self._counted("fsync", os.fsync))

    def step(self, name):
        self.names.append(name)
        if len(self.names) == self.at:
            self.act()

    def _counted(self, name, real):
        def counted(*args, **more):
            if name == "open" and "rb" in (*args, *more.values()):
                return real(*args, **more)
            self.step(name)
            done = real(*args, **more)
            return Written(done, self) if name == "open" else done

        return counted


class Written:
    """A file whose writes are steps, and lie in the file at once."""

    def __init__(self, file, steps):
        self.file = file
        self.steps = steps

    def __getattr__(self, name):
        return getattr(self.file, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def write(self, data):
        half = len(data) // 2
        self.file.write(data[:half])
        self.file.flush()
        self.steps.step("write")
        return half + self.file.write(data[half:])


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def forked(work):
    """Do something in a process of its own; give back how it ended."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the child does not use threads
        child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:  # pytest must not go on in the child
            os._exit(code)
    return os.waitpid(child, 0)[1]
