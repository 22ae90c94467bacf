"""Old workbooks (.xls) damaged at random: each is read or refused in words, and none ends the process."""

import contextlib
import random
import struct

import pytest
from test_archive_files import content, snapshots

from borderstats.errors import InputError
from borderstats.intake.old_workbook import check_old_workbook
from borderstats.intake.read import read_new

OLD = [name for name in snapshots() if name.endswith(".xls")]
DIMENSIONS = struct.pack("<HH", 0x0200, 14)


def damaged(data, kind, chance):
    made = bytearray(data)
    if kind == "cut":
        return bytes(made[: chance.randrange(8, len(made))])
    if kind == "bits":
        for _ in range(chance.choice([1, 20, 200])):
            made[chance.randrange(8, len(made))] ^= 1 << chance.randrange(8)
    else:
        place, length = chance.randrange(8, len(made)), chance.randrange(1, 600)
        made[place : place + length] = chance.randbytes(len(made[place : place + length]))
    return bytes(made)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["cut", "bits", "noise"])
@pytest.mark.parametrize("name", OLD)
def test_a_damaged_old_workbook(standard, name, kind, capfd):
    for seed in range(3):
        data = damaged(content(name), kind, random.Random(f"{name} {kind} {seed}"))
        with contextlib.suppress(InputError):
            read_new(standard, name, data)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", OLD)
def test_a_sheet_that_says_it_has_four_thousand_million_rows(name):
    """The library reserves so much memory for it that it is aborted, and would take the process with it."""
    data = bytearray(content(name))
    place = data.find(DIMENSIONS)
    assert place > 0
    data[place + 4 : place + 18] = struct.pack("<IIHHH", 0, 2**32 - 2, 0, 0xFFFF, 0)
    with pytest.raises(InputError, match=r"the workbook is cut off or broken .*; fetch it again"):
        check_old_workbook(name, bytes(data))


@pytest.mark.parametrize("name", OLD)
def test_whole_ones_are_read(name):
    check_old_workbook(name, content(name))
