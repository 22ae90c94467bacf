"""What files say is kept by file, day, standard and software, and what is broken or cannot be kept is none."""

import datetime
import multiprocessing
import os

import msgspec
import pytest

from borderstats.release import kept
from borderstats.release.kept import Kept
from borderstats.release.vintages import Vintage
from made_archive import snapshot

DATASET = "usbp-apprehensions-nation"


@pytest.fixture
def said(observe):
    cells = observe(DATASET, ({}, "FY2018", 404_142), ({}, "FY2019", 0, "P"))
    return [Vintage(datetime.date(2019, 9, 30), "made/a.csv", cells, entries=(("TX", "a"), ("AZ", "é")), through=datetime.date(2019, 9, 28))]  # fmt: skip


def test_what_is_kept_is_what_was_said(standard, tmp_path, said):
    file, folder = snapshot(), Kept(tmp_path / "new" / "folder", standard)
    assert folder.get(file) is None
    folder.put(file, said)
    ((name, (as_of, cells, entries, through)),) = folder.get(file).items()
    (vintage,) = said
    assert (name, as_of, entries, through) == (DATASET, vintage.as_of, vintage.entries, vintage.through)
    for column in ("key", "value", "status"):
        again, once = getattr(cells, column), getattr(vintage.observations, column)
        assert (again.dtype, again.tolist()) == (once.dtype, once.tolist())
    assert len(list((tmp_path / "new" / "folder").iterdir())) == 1


def test_of_another_file_day_standard_or_software_nothing_is_kept(standard, tmp_path, said, monkeypatch):
    Kept(tmp_path, standard).put(snapshot(), said)
    other = msgspec.structs.replace(standard, hash="0" * 64)
    assert Kept(tmp_path, other).get(snapshot()) is None
    assert Kept(tmp_path, standard).get(snapshot(data=b"2\n")) is None
    assert Kept(tmp_path, standard).get(snapshot(as_of=datetime.date(2020, 1, 1))) is None
    assert Kept(tmp_path, standard).get(snapshot(source="another")) is None
    assert Kept(tmp_path, standard).get(snapshot()) is not None
    monkeypatch.setattr(kept.sys, "version", "another Python")
    assert Kept(tmp_path, standard).get(snapshot()) is None


def test_what_is_broken_is_read_again(standard, tmp_path, said):
    folder = Kept(tmp_path, standard)
    folder.put(snapshot(), said)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for broken in (b"", whole[:-1], b"\xff" * 10):
        path.write_bytes(broken)
        assert folder.get(snapshot()) is None
    # As it could have been written, but for a column that is cut, or a dataset that the standard does not have.
    held = msgspec.msgpack.decode(whole)
    (name,) = held
    for other in ({name: {**held[name], "key": held[name]["key"][:-1]}}, {"another": held[name]}):
        path.write_bytes(msgspec.msgpack.encode(other))
        assert folder.get(snapshot()) is None


def test_what_was_not_asked_for_the_longest_goes_first(standard, tmp_path, said, monkeypatch):
    folder, files = Kept(tmp_path, standard), [snapshot(data=b"%d" % n) for n in range(4)]
    (tmp_path / "notes.txt").write_bytes(b"not ours" * 1000)
    half = tmp_path / f"{'0' * 64}.4711"
    half.write_bytes(b"half written by a process that was stopped")
    os.utime(half, (1, 1))
    for second, file in enumerate(files[:3], 2):
        folder.put(file, said)
        newest = max((path for path in tmp_path.glob("*.msgpack")), key=lambda path: path.stat().st_mtime)
        os.utime(newest, (second, second))
    one = newest.stat().st_size
    monkeypatch.setattr(kept, "LARGEST", 3 * one)
    # The first is asked for again, so the second is the oldest.
    assert folder.get(files[0])
    folder.put(files[3], said)
    assert [folder.get(file) is not None for file in files] == [True, False, True, True]
    assert not half.exists()
    assert (tmp_path / "notes.txt").exists()
    monkeypatch.setattr(kept, "LARGEST", one - 1)
    folder.put(files[1], said)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_two_processes_may_keep_and_delete_at_once(standard, tmp_path, said, monkeypatch):
    """Each has room for three files and keeps ten, again and again."""
    Kept(tmp_path, standard).put(snapshot(), said)
    (path,) = tmp_path.iterdir()
    monkeypatch.setattr(kept, "LARGEST", 3 * path.stat().st_size)

    def use():
        folder = Kept(tmp_path, standard)
        for n in range(30):
            folder.put(snapshot(data=b"%d" % (n % 10)), said)
            folder.get(snapshot(data=b"%d" % ((n + 5) % 10)))

    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=use) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    found = list(tmp_path.iterdir())
    assert {path.suffix for path in found} == {".msgpack"}
    assert 0 < len(found) <= 4


def test_the_folder_is_that_of_the_user_if_there_is_one(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert kept.place() == tmp_path / "borderstats"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert kept.place() == tmp_path / ".cache/borderstats"

    def homeless():
        raise RuntimeError("no home")

    monkeypatch.setattr(kept.Path, "home", homeless)
    assert kept.place() is None


def test_where_nothing_can_be_kept_nothing_is(standard, tmp_path, said):
    (tmp_path / "file").write_text("no folder")
    folder = Kept(tmp_path / "file", standard)
    folder.put(snapshot(), said)
    assert folder.get(snapshot()) is None
