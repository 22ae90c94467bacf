"""Read the files of a large archive with a process of its own for each processor; what they say comes back in their order."""

import contextlib
import io
import os
import pickle
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from queue import SimpleQueue
from typing import IO, Any

from borderstats.errors import ArchiveError, BorderstatsError, InputError
from borderstats.observations import KeySpace
from borderstats.package import processes
from borderstats.package.snapshots import Snapshot
from borderstats.release.vintages import Vintage
from borderstats.standard.model import Standard

WORTH = 8 << 20
"""Files of so many bytes together take longer to read than a process takes to start."""

Progress = Callable[[str], None]
Observe = Callable[[Standard, Snapshot, bytes, Progress], list[Vintage]]

_SIZE = struct.Struct("<Q")
_ERRORS: tuple[type[BorderstatsError], ...] = (InputError, ArchiveError)


def read(
    standard: Standard,
    snapshots: Sequence[Snapshot],
    content: Callable[[Snapshot], bytes],
    observe: Observe,
    progress: Progress,
) -> Iterator[list[Vintage]]:
    """What `observe`, a function of a module, makes of each file. Raises its error for the first file that has one."""
    count = min(len(snapshots), os.cpu_count() or 1)
    if count == 1 or sum(one.bytes for one in snapshots) < WORTH:
        yield from (observe(standard, one, content(one), progress) for one in snapshots)
        return
    given = _packed((standard, observe))
    spaces: dict[str, KeySpace] = {}
    idle: SimpleQueue[processes.Process] = SimpleQueue()
    with ThreadPoolExecutor(count) as threads, ExitStack() as workers:
        for _ in range(count):
            idle.put(workers.enter_context(processes.started(__name__, given)))
        answers = [threads.submit(_request, idle, one, content) for one in snapshots]
        for answer in answers:
            lines, vintages, wrong = _Unpickler(io.BytesIO(answer.result()), standard, spaces).load()
            for line in lines:
                progress(line)
            if wrong:
                kind, text = wrong
                raise _ERRORS[kind](text)
            yield vintages


def _request(
    idle: "SimpleQueue[processes.Process]", snapshot: Snapshot, content: Callable[[Snapshot], bytes]
) -> bytes:
    """Have the next idle process read a file."""
    process = idle.get()
    try:
        assert process.stdin
        assert process.stdout
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(_packed((snapshot, content(snapshot))))
            process.stdin.flush()
        answer = _taken(process.stdout)
    finally:
        idle.put(process)
    if answer is None:
        raise ArchiveError(f"{snapshot.file}: the process that reads it ended; build the release again")
    return answer


def main() -> None:
    """A process that reads: the standard and how files are read on its input, then a file at a time, each answered."""
    given = _taken(sys.stdin.buffer)
    assert given is not None
    standard, observe = pickle.loads(given)  # noqa: S301 - from the process that started this one
    wanted = processes.asked(_taken)
    while True:
        snapshot, data = pickle.loads(wanted.get())  # noqa: S301 - as above
        lines: list[str] = []
        vintages, wrong = [], None
        try:
            vintages = observe(standard, snapshot, data, lines.append)
        except _ERRORS as error:
            kind = next(number for number, kind in enumerate(_ERRORS) if isinstance(error, kind))
            wrong = kind, str(error)
        sys.stdout.buffer.write(_packed((lines, vintages, wrong)))
        sys.stdout.buffer.flush()


class _Pickler(pickle.Pickler):
    """Writes the keys of a dataset as its name: the standard is on both sides."""

    def persistent_id(self, obj: Any) -> str | None:
        return obj.dataset.id if isinstance(obj, KeySpace) else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: IO[bytes], standard: Standard, spaces: dict[str, KeySpace]) -> None:
        super().__init__(file)
        self._space, self._spaces = partial(KeySpace.of, standard), spaces

    def persistent_load(self, pid: str) -> KeySpace:
        if pid not in self._spaces:
            self._spaces[pid] = self._space(pid)
        return self._spaces[pid]


def _packed(value: object) -> bytes:
    """A value with the size of its pickle before it."""
    file = io.BytesIO()
    _Pickler(file, pickle.HIGHEST_PROTOCOL).dump(value)
    return _SIZE.pack(file.tell()) + file.getvalue()


def _taken(file: IO[bytes]) -> bytes | None:
    """The next pickle; None at the end of the file."""
    size = file.read(_SIZE.size)
    if len(size) < _SIZE.size:
        return None
    data = file.read(_SIZE.unpack(size)[0])
    return data if len(data) == _SIZE.unpack(size)[0] else None
