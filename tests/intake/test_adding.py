"""A file goes into the archive whole or not at all, whatever happens: a full disk, a kill, another add at once."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from borderstats.errors import ArchiveError, InputError
from borderstats.intake import adding, archive
from made_archive import snapshot

ROOT = Path(__file__).parents[2]


@pytest.fixture
def empty(tmp_path):
    folder = tmp_path / "archive"
    folder.mkdir()
    return folder


def there(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def refused(folder, one, data):
    with pytest.raises(InputError) as caught:
        adding.add(folder, one, data)
    return str(caught.value)


def test_a_file_and_its_metadata_are_there_and_nothing_else(empty):
    assert not adding.add(empty, snapshot(), b"1\n")
    assert there(empty) == ["made", "made/a.csv", "made/a.csv.toml"]
    assert (empty / "made/a.csv").read_bytes() == b"1\n"


def test_a_name_is_taken_once(empty):
    adding.add(empty, snapshot(), b"1\n")
    assert refused(empty, snapshot(data=b"2\n"), b"2\n") == (
        "made/a.csv: the archive has another file of this name; rename yours, snapshots are never replaced"
    )
    assert archive.read(empty, snapshot()) == b"1\n"


def test_bytes_are_there_once(empty):
    adding.add(empty, snapshot(), b"1\n")
    assert refused(empty, snapshot("made/b.csv"), b"1\n") == (
        "made/b.csv: is in the archive already as made/a.csv; nothing to add"
    )


@pytest.mark.parametrize("name", ["made/a.csv.toml", "made/.a.csv", "made/a.adding"])
def test_names_that_are_those_of_metadata(empty, name):
    assert refused(empty, snapshot(name), b"1\n") == (
        f"{name}: names of metadata end in .toml, and hidden files are not archived; rename yours"
    )
    assert there(empty) == []


# A disk that takes no more


@pytest.fixture
def limited():
    """A function that lets this process write no file longer than so many bytes, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 3, 64])
def test_a_file_that_does_not_fit_leaves_nothing(empty, limited, size):
    """The file itself, or its metadata, which are longer than 64 bytes."""
    data = b"12345678"
    adding.add(empty, snapshot("made/b.csv", b"0"), b"0")
    before = there(empty)
    limited(size)
    for name in ("made/a.csv", "new/deeper/a.csv"):
        with pytest.raises(ArchiveError) as caught:
            adding.add(empty, snapshot(name, data), data)
        assert str(caught.value) == (
            f"{name}: nothing was added, the archive could not be written: File too large; "
            "make room or mend it, and add the file again"
        )
        assert there(empty) == before
    limited(resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    adding.add(empty, snapshot(data=data), data)
    assert archive.read(empty, snapshot(data=data)) == data


FULL = """
import pathlib, subprocess, sys
sys.path.insert(0, sys.argv[2])
folder = pathlib.Path(sys.argv[1])
made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True)
if made.returncode:
    sys.exit(77)
from borderstats.errors import ArchiveError
from borderstats.intake import adding
from made_archive import snapshot
data = b"x" * 60_000
adding.add(folder, snapshot("a.csv", b"1"), b"1")
before = sorted(str(path) for path in folder.rglob("*"))
try:
    adding.add(folder, snapshot("made/b.csv", data), data)
except ArchiveError as error:
    print(error)
print(sorted(str(path) for path in folder.rglob("*")) == before)
"""


@pytest.mark.slow
def test_a_disk_that_is_full(tmp_path):
    """On a disk of 64 KiB of its own, where a user may mount one."""
    claim = ["unshare", "--user", "--map-root-user", "--mount"] if os.getuid() else ["unshare", "--mount"]
    script = [sys.executable, "-c", FULL, str(tmp_path), str(ROOT / "tests")]
    try:
        ran = subprocess.run([*claim, *script], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no unshare here")
    if ran.returncode == 77 or "unshare" in ran.stderr:
        pytest.skip("no disk of its own may be mounted here")
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == [
        (
            "made/b.csv: nothing was added, the archive could not be written: No space left on device; "
            "make room or mend it, and add the file again"
        ),
        "True",
    ]


# An add that is killed

KILLED = """
import os, pathlib, signal, sys
sys.path.insert(0, sys.argv[2])
from borderstats.intake import adding
from made_archive import snapshot
steps = iter(range(int(sys.argv[3])))
def stop(event, arguments):
    if event in ("open", "os.rename") and ".adding" in str(arguments[0]) and next(steps, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(stop)
adding.add(pathlib.Path(sys.argv[1]), snapshot(), b"1\\n")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("steps", "left"),
    [
        (0, []),
        (1, [".a.csv.adding"]),
        (2, [".a.csv.adding", ".a.csv.toml.adding"]),
        (3, [".a.csv.toml.adding", "a.csv"]),
    ],
)
def test_an_add_that_is_killed_is_said_harmless_and_done_again(empty, steps, left):
    """The process is killed before it opens the first file, the second, or renames the first, the second."""
    script = [sys.executable, "-c", KILLED, str(empty), str(ROOT / "tests"), str(steps)]
    ran = subprocess.run(script, check=False, capture_output=True, text=True)
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    assert sorted(path.name for path in empty.rglob("*") if path.is_file()) == left
    assert archive.snapshots(empty) == ()
    said = "archive/made/a.csv: left by an add that did not end, and not used; add the file again, or remove what is left"
    assert archive.leftovers(empty, ()) == ([said] if left else [])
    assert adding.add(empty, snapshot(), b"1\n") == bool(left)
    assert there(empty) == ["made", "made/a.csv", "made/a.csv.toml"]
    assert archive.leftovers(empty, archive.snapshots(empty)) == []


def test_what_an_add_left_is_not_taken_for_another_file(empty):
    (empty / "made").mkdir()
    (empty / "made/a.csv").write_bytes(b"1\n")
    (empty / "made/.a.csv.toml.adding").write_bytes(b"half")
    assert "another file of this name" in refused(empty, snapshot(data=b"2\n"), b"2\n")
    assert adding.add(empty, snapshot(), b"1\n")


# Two adds at once

ADD = """
import pathlib, sys, time
sys.path.insert(0, sys.argv[2])
from borderstats.errors import InputError
from borderstats.intake import adding
from made_archive import snapshot
data = sys.argv[4].encode()
while time.time() < float(sys.argv[5]):
    pass
try:
    adding.add(pathlib.Path(sys.argv[1]), snapshot(sys.argv[3], data), data)
    print("added")
except InputError as error:
    print(error)
"""


def at_once(folder, *files):
    start = str(time.time() + 1.5)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", ADD, str(folder), str(ROOT / "tests"), name, data, start],
            stdout=subprocess.PIPE,
            text=True,
        )
        for name, data in files
    ]
    return sorted(process.communicate()[0].strip() for process in running)


@pytest.mark.slow
def test_adds_of_different_files_at_once(empty):
    assert at_once(empty, ("a.csv", "1"), ("b.csv", "2"), ("made/c.csv", "3")) == ["added"] * 3
    assert [one.file for one in archive.snapshots(empty)] == ["a.csv", "b.csv", "made/c.csv"]


@pytest.mark.slow
def test_adds_of_one_file_at_once(empty):
    assert at_once(empty, ("a.csv", "1"), ("a.csv", "1")) == [
        "a.csv: is in the archive already as a.csv; nothing to add",
        "added",
    ]
    assert at_once(empty, ("b.csv", "2"), ("b.csv", "3")) == [
        "added",
        "b.csv: the archive has another file of this name; rename yours, snapshots are never replaced",
    ]
    assert len(archive.snapshots(empty)) == 2


def test_adding_opens_no_archived_file_but_metadata(empty):
    for number in range(3):
        data = str(number).encode()
        adding.add(empty, snapshot(f"{number}.csv", data), data)
        (empty / f"{number}.csv").unlink()
    adding.add(empty, snapshot(), b"1\n")
    assert len(archive.snapshots(empty)) == 4
