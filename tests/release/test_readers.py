"""Files read in several processes say what they say in one, in the same order and with the same errors."""

import os

import pytest

from borderstats import pipeline
from borderstats.errors import ArchiveError, InputError
from borderstats.intake import archive
from borderstats.release import readers
from borderstats.standard.load import load
from small_office import OFFICE

pytestmark = pytest.mark.slow


@pytest.fixture
def read(monkeypatch):
    """What the vintages of the second office are, and the lines said, in several processes or in one."""

    def call(change=lambda data: data, *, together):
        monkeypatch.setattr(readers, "WORTH", 0 if together else 1 << 60)
        monkeypatch.setattr(os, "cpu_count", lambda: 2)
        standard, lines = load(OFFICE / "standard"), []
        snapshots = archive.snapshots(OFFICE / "archive")
        assert len([one for one in snapshots if one.source]) > 2

        def content(snapshot):
            return change(archive.read(OFFICE / "archive", snapshot))

        return pipeline.observed(standard, snapshots, content, lines.append), lines

    return call


def told(vintages):
    return [
        (
            one.file, one.as_of, one.source, one.entries, one.order, one.known, one.origins.prefixes, one.origins.row.tolist(),
            *((column.dtype, column.tolist()) for column in (one.observations.key, one.observations.value, one.observations.status)),
        )
        for one in vintages
    ]  # fmt: skip


def test_they_say_the_same_in_the_same_order(read):
    one, several = read(together=False), read(together=True)
    assert told(one[0]) == told(several[0])
    assert one[1] == several[1]
    spaces = {id(vintage.observations.space) for vintage in several[0]}
    assert len(spaces) == len({vintage.observations.space.dataset.id for vintage in several[0]})


def test_the_error_is_that_of_the_first_file_that_has_one(read):
    errors = []
    for together in (False, True):
        with pytest.raises((ArchiveError, InputError)) as caught:
            read(lambda data: data[:-3], together=together)
        errors.append((caught.type, str(caught.value)))
    assert errors[0] == errors[1]


def ends(*_):
    os._exit(3)


def test_a_process_that_ends_is_said(monkeypatch):
    monkeypatch.setattr(readers, "WORTH", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    standard, snapshots = load(OFFICE / "standard"), archive.snapshots(OFFICE / "archive")
    with pytest.raises(ArchiveError, match="the process that reads it ended; build the release again"):
        list(readers.read(standard, snapshots, lambda _: bytes(1 << 20), ends, print))
