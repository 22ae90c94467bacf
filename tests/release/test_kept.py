"""What files say is kept by file, day, standard and software, and what is broken or cannot be kept is none."""

import datetime

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
    return [Vintage(datetime.date(2019, 9, 30), "made/a.csv", cells, entries=(("TX", "a"), ("AZ", "é")))]


def test_what_is_kept_is_what_was_said(standard, tmp_path, said):
    file, folder = snapshot(), Kept(tmp_path / "new" / "folder", standard)
    assert folder.get(file) is None
    folder.put(file, said)
    ((name, (cells, entries)),) = folder.get(file).items()
    (vintage,) = said
    assert (name, entries) == (DATASET, vintage.entries)
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


def test_where_nothing_can_be_kept_nothing_is(standard, tmp_path, said):
    (tmp_path / "file").write_text("no folder")
    folder = Kept(tmp_path / "file", standard)
    folder.put(snapshot(), said)
    assert folder.get(snapshot()) is None
