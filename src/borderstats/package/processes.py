"""A process of its own for each processor, that answers until nobody can ask any more.

The processes are started by name and get what they need on their standard input. Those of Python's own pool would import the
program that asked for them once more: a script without a guard around its first lines would build without end.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import IO, TypeVar

T = TypeVar("T")

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {0} import main; main()"

Process = subprocess.Popen[bytes]


@contextmanager
def started(module: str, given: bytes) -> Iterator[Process]:
    """A process that runs the `main` of a module and has been given some bytes; it ends when its input does, even if this process is killed."""
    command = [sys.executable, "-c", _START.format(module), json.dumps(sys.path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own words
    assert process.stdin
    assert process.stdout
    try:
        # One that has ended takes nothing any more: who asks it gets no answer.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(given)
            process.stdin.flush()
        yield process
    except BaseException:
        process.kill()
        raise
    finally:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        process.wait()


def asked(take: Callable[[IO[bytes]], T | None]) -> "SimpleQueue[T]":
    """In such a process what it is asked for, as `take` reads it from the input; at its end the process ends, whatever it does."""
    wanted: SimpleQueue[T] = SimpleQueue()

    def listen() -> None:
        while (one := take(sys.stdin.buffer)) is not None:
            wanted.put(one)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    return wanted
