"""CBP's custody and transfer statistics, a web page: what is read, caught, waived and published of an invented one."""

import datetime

import pytest
from click.testing import CliRunner
from custody_page import (
    APPREHENSIONS,
    DESTINATIONS,
    DISPOSITIONS,
    FEAR,
    IN_CUSTODY,
    INADMISSIBLES,
    OFFICES,
    PERSONS,
    SECTORS,
    TRANSFERRED,
    added,
    page,
    split,
)
from test_archive_files import standard

from bare_standard import bare
from borderstats import pipeline
from borderstats.commands.intake import intake
from borderstats.errors import BorderstatsError, GateError, InputError
from borderstats.intake.read import read_file

DAY = datetime.date(2026, 9, 12)
MONTHS = [f"{2025 + (m + 9) // 12}-{(m + 9) % 12 + 1:02d}" for m in range(10)]
SLIP = "cbp-dispositions-january-2026"


def read(**changes):
    return read_file(standard(), "custody.html", page(**changes), DAY)


def series(found, dataset, **codes):
    """The figures of the codes given by month; of dimensions that are not named any."""
    one = found.datasets[dataset]
    made = {}
    for key, value in zip(one.key.tolist(), one.value.tolist(), strict=True):
        own = one.space.codes(key)
        if all(own[name] == code for name, code in codes.items()):
            made[one.space.text(key).split()[-1]] = value
    return [made.pop(month) for month in MONTHS if month in made] if set(made) <= set(MONTHS) else made


def test_every_table_of_figures_is_read():
    found = read()
    assert (found.source.id, found.refused) == ("cbp-custody-transfer", 0)
    assert {name: len(one) for name, one in found.datasets.items()} == {
        "cbp-custody-dispositions": 11 * 10,
        "cbp-custody-transfers": 9 * 10,
        "cbp-custody-sectors": 10 * 10,
        "cbp-custody-port-fear": 9 * 10,
        "cbp-custody-port-transfers": 7 * 10,
        "cbp-custody-port-inadmissibles": 5 * 10,
        "cbp-custody-ports": 10,
    }


@pytest.mark.parametrize(
    ("dataset", "codes", "expected"),
    [
        ("dispositions", {"usbp_disposition": "_T"}, APPREHENSIONS),
        ("dispositions", {"usbp_disposition": "ER"}, DISPOSITIONS["Expedited Removal (ER)"]),
        ("dispositions", {"usbp_disposition": "ER_SECURING_THE_BORDER"}, [0] * 10),
        ("dispositions", {"usbp_disposition": "NTA_OR"}, [0] * 10),
        ("transfers", {"transfer_destination": "_T"}, TRANSFERRED),
        (
            "transfers",
            {"transfer_destination": "FLIGHT_MEXICO"},
            split(TRANSFERRED, DESTINATIONS)["Federal - Mexican Repatriation Flights (IRI/IFP)"],
        ),
        ("sectors", {"office": "_T"}, IN_CUSTODY),
        ("sectors", {"office": "RGV"}, split(IN_CUSTODY, SECTORS)["Rio Grande"]),
        ("port-fear", {"port_disposition": "ERCF"}, next(iter(FEAR.values()))),
        ("port-fear", {"port_disposition": "_T"}, added(FEAR)),
        ("port-fear", {"port_disposition": "ALL_INADMISSIBLES"}, INADMISSIBLES),
        ("port-inadmissibles", {"office": "TUCSON"}, OFFICES["Tucson"]),
        ("ports", {}, PERSONS),
    ],
)
def test_what_is_read_is_what_is_printed(dataset, codes, expected):
    assert series(read(), f"cbp-custody-{dataset}", **codes) == expected


def test_months_to_come_are_left_out_and_no_zeros():
    found = read()
    # Two months of each row but the capacity, which is left out in all of its twelve.
    assert found.left_out == 2 * (11 + 9 + 10 + 9 + 7 + 5 + 1) + 12
    assert found.rows == found.accepted + found.left_out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<td>&nbsp;4,224</td>", "<td>&nbsp;4,224<sup>3</sup></td>", "has a note in superscript"),
        ("<td>&nbsp;4,224</td>", "<td>&nbsp;42,24</td>", "'42,24' is not a number"),
        ("<td>&nbsp;4,224</td>", "<td></td>", "the count is blank"),
        (
            "<td>Voluntary Return</td>",
            "<td>Voluntary Departure</td>",
            "unknown usbp_disposition 'Voluntary Departure'",
        ),
        ("<td>Yuma</td>", "<td>Blythe</td>", "unknown office 'Blythe'"),
        ("<td>57 (6.32%)</td>", "<td>6.32%</td>", "'6.32%' is not a number"),
    ],
)
def test_what_nobody_knows_is_refused(old, new, said):
    found = read(**{old: new})
    assert found.refused
    assert said in "\n".join(refusal.text("custody.html") for refusal in found.refusals)


def test_a_table_that_nobody_described_stops_the_page():
    more = "<h3>Detainees by Age</h3><table><tr><th>Age</th><th>Oct-25</th></tr><tr><td>Old</td><td>5</td></tr></table>"
    with pytest.raises(InputError) as caught:
        read(**{"<h3>Title 8": f"{more}<h3>Title 8"})
    assert "figures lie in no table that the standard describes" in str(caught.value)


OF_USBP = {"cbp-custody-dispositions", "cbp-custody-transfers", "cbp-custody-sectors"}


def without_ports():
    whole = page().decode()
    first, last = whole.index("<h3>OFO Monthly"), whole.index("<h3>USBP Monthly Southwest Border Encounters")
    return (whole[:first] + whole[last:]).encode()


def test_an_older_edition_without_the_tables_of_ports_is_read():
    assert set(read_file(standard(), "custody.html", without_ports(), DAY).datasets) == OF_USBP


@pytest.fixture
def add(tmp_path):
    """A function that adds a page to an archive by `intake --add`, with some waivers in the standard: lines or the error."""

    def call(data, *waivers):
        folders = {"standard": bare(tmp_path / "standard", *waivers), "archive": tmp_path / "archive"}
        folders["archive"].mkdir()
        (tmp_path / "custody.html").write_bytes(data)
        command = [str(tmp_path / "custody.html"), "--add", "--obtained-from", "a test", "--as-of", str(DAY)]
        result = CliRunner().invoke(intake, command, obj=folders)
        if result.exception and not isinstance(result.exception, BorderstatsError):
            raise result.exception
        return result.exception or result.stdout.splitlines()

    call.folders = (tmp_path / "standard", tmp_path / "archive")
    return call


def test_the_slip_of_january_is_caught(add):
    error = add(page())
    assert isinstance(error, GateError)
    lines = [line for line in str(error).splitlines() if "cells fail" in line or "6,077" in line]
    assert lines[0].startswith("cbp-custody-dispositions/dispositions-add-up: 1 of 10 cells fail")
    assert "2026-01" in lines[1]


def test_with_its_waiver_the_page_is_archived_and_published(add, tmp_path):
    assert any(
        line.startswith("archive: added as cbp-custody-transfer/custody.html") for line in add(page(), SLIP)
    )
    made = pipeline.build(*add.folders, DAY, tmp_path / "releases", formats=False)
    assert len(made.package.datasets) == 7
    gates = {gate.id: gate for gate in made.package.gates}
    (waived,) = gates["cbp-custody-dispositions/dispositions-add-up"].waived
    assert (waived.waiver, waived.expected, waived.found) == (SLIP, 6076, 6077)
    for name, compared in (
        ("transfers/destinations-add-up", 10),
        ("sectors/sectors-add-up", 10),
        ("port-transfers/destinations-add-up", 10),
        ("port-inadmissibles/offices-add-up", 10),
        ("port-fear/fear-within-all", 10),
    ):
        gate = gates[f"cbp-custody-{name}"]
        assert (gate.compared, gate.failed, gate.waived) == (compared, (), ()), name


def test_an_older_edition_is_published_without_what_it_lacks(add, tmp_path):
    add(without_ports(), SLIP)
    made = pipeline.build(*add.folders, DAY, tmp_path / "releases", formats=False)
    assert set(made.package.datasets) == OF_USBP
    assert [one.source for one in made.package.reporting] == ["cbp-custody-transfer"]


@pytest.mark.parametrize(
    ("old", "new", "gate"),
    [
        (">&nbsp;2,021<", ">&nbsp;2,022<", "cbp-custody-dispositions/dispositions-add-up"),
        (
            "<strong>&nbsp;7,949</strong>",
            "<strong>&nbsp;7,940</strong>",
            "cbp-custody-transfers/destinations-add-up",
        ),
        (
            "<strong>&nbsp;1,294</strong>",
            "<strong>&nbsp;1,300</strong>",
            "cbp-custody-sectors/sectors-add-up",
        ),
    ],
)
def test_other_sums_that_are_wrong_are_stopped(add, old, new, gate):
    error = add(page(**{old: new}), SLIP)
    assert isinstance(error, GateError)
    assert f"{gate}: 1 of 10 cells fail" in str(error)
