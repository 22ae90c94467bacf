"""Write the further formats of a release into its folder, with a process of its own for each processor."""

import contextlib
import os
import pickle
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

import msgspec

from borderstats.errors import ReleaseError
from borderstats.formats import release
from borderstats.package import folder as folders
from borderstats.package import processes
from borderstats.package.manifest import File
from borderstats.package.model import Package
from borderstats.sdmx.model import structures


class Made(msgspec.Struct):
    """What a worker answers: the files of one dataset, or what is wrong with it."""

    files: list[File] = []
    wrong: str = ""


def write(package: Package, folder: Path, own: Iterable[File]) -> list[File]:
    """Write every further format into a folder that has the release's `own` files already; what was written.

    Raises ReleaseError if the package contradicts itself.
    """
    # The largest first, so that no process waits long for another. Each makes its own files, whichever it is.
    names = sorted(package.datasets, key=lambda name: -package.datasets[name].latest.num_rows)
    count = min(len(names), os.cpu_count() or 1)
    given = pickle.dumps((package, folder), pickle.HIGHEST_PROTOCOL)
    idle: SimpleQueue[processes.Process] = SimpleQueue()
    with ThreadPoolExecutor(count or 1) as threads, ExitStack() as workers:
        for _ in range(count):
            idle.put(workers.enter_context(processes.started(__name__, given)))
        answers = [threads.submit(_request, idle, name) for name in names]
        written = folders.put(folder, release.of_release(package, structures(package)).items())
        for answer in answers:
            written += answer.result()
    every = {file.path: file for file in (*own, *written)}
    return written + folders.put(folder, release.catalogues(package, every).items())


def _request(idle: "SimpleQueue[processes.Process]", name: str) -> list[File]:
    """Have the next idle worker make the files of a dataset."""
    process = idle.get()
    try:
        assert process.stdin
        assert process.stdout
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(name.encode() + b"\n")
            process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise ReleaseError(
                f"data/{name}: the process that writes its formats ended; build the release again"
            )
    finally:
        idle.put(process)
    made = msgspec.json.decode(answer, type=Made)
    if made.wrong:
        raise ReleaseError(made.wrong)
    return made.files


def main() -> None:
    """A worker: a package and a folder on its input, then a dataset in each line, answered by a line."""
    package, folder = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    wanted = processes.asked(lambda given: given.readline().decode().rstrip("\n") or None)
    known = structures(package)
    while True:
        try:
            made = Made(folders.put(folder, release.of_dataset(package, known, wanted.get()).items()))
        except ReleaseError as error:
            made = Made(wrong=str(error))
        sys.stdout.buffer.write(msgspec.json.encode(made) + b"\n")
        sys.stdout.buffer.flush()
