import msgspec
import pytest

from borderstats import pipeline
from borderstats.errors import GateError
from borderstats.release import gates
from borderstats.standard.model import Waiver

SECTOR = "usbp-encounters-sector"
ANNUAL = "usbp-apprehensions-southwest-sector"


def year(office, value, period="FY2010"):
    return {"component": "USBP", "region": "SW", "office": office}, period, value


@pytest.fixture
def wrong(observe, evidence):
    """Evidence of one dataset whose sectors do not add up in one year."""
    return evidence(
        [observe(ANNUAL, year("SDC", 3), year("_T", 4), year("SDC", 5, "FY2011"), year("_T", 5, "FY2011"))]
    )


def outcome(standard, evidence, *waivers):
    standard = msgspec.structs.replace(standard, waivers=waivers)
    return next(o for o in gates.run(standard, evidence, [ANNUAL]) if o.id == f"{ANNUAL}/sectors-make-region")


def waiver(**parts):
    return Waiver("w", f"{ANNUAL}/sectors-make-region", "the publisher's error", "a page", **parts)


def test_a_failed_gate_names_its_cells_and_blocks(standard, wrong):
    failed = outcome(standard, wrong)
    assert not failed.passed
    with pytest.raises(GateError) as error:
        pipeline.block(wrong, [failed])
    assert str(error.value).splitlines() == [
        f"{ANNUAL}/sectors-make-region: 1 of 2 cells fail. The nine sectors add up to the southwest border.",
        "  component=USBP region=SW FY2010, as of 2024-01-28 in file-0.csv: the parts add up to 3, the total printed is 4",
        "Nothing was released. Correct the input, or waive a publisher's own error in standard/waivers.csv",
    ]
    assert error.value.exit_code == 1


@pytest.mark.parametrize("parts", [{}, {"key": {"region": "SW"}}, {"start": "FY2010", "end": "FY2010"}])
def test_a_waiver_covers_its_cells_and_is_kept_beside_them(standard, wrong, parts):
    waived = outcome(standard, wrong, waiver(**parts))
    assert waived.passed
    assert [(f.found, w.id) for f, w in waived.waived] == [(3, "w")]


@pytest.mark.parametrize("parts", [{"key": {"office": "SDC"}}, {"start": "FY2011"}, {"end": "FY2009"}])
def test_a_waiver_for_other_cells_covers_nothing_and_fails_itself(standard, wrong, parts):
    failed = outcome(standard, wrong, waiver(**parts))
    assert [f.text for f in failed.failed] == [
        "the parts add up to 3, the total printed is 4",
        "waiver w covers nothing any more; take it out of waivers.csv",
    ]


@pytest.mark.parametrize("span", [("FY2013", "FY2014"), ("FY2001", "FY2008")])
def test_a_waiver_for_a_span_without_figures_waits_for_them(standard, wrong, span):
    first, last = span
    failed = outcome(standard, wrong, waiver(start=first, end=last))
    assert [f.text for f in failed.failed] == ["the parts add up to 3, the total printed is 4"]


def test_a_gate_that_compares_nothing_fails(standard, observe, evidence):
    alone = evidence([observe(ANNUAL, year("SDC", 3))])
    assert [f.text for f in outcome(standard, alone).failed] == [
        "the gate found nothing to compare, so it proves nothing; mend it or take it out"
    ]


def editions(observe, evidence, *figures):
    """Evidence of editions of one year, each of the sector and the total that it prints."""
    return evidence([observe(ANNUAL, year("SDC", part), year("_T", whole)) for part, whole in figures])


def test_an_edition_that_was_corrected_later_is_held_to_what_it_said(standard, observe, evidence):
    late = editions(observe, evidence, (4, 4), (14, 4), (4, 4))
    failed = outcome(standard, late)
    assert failed.compared == 3
    assert [(f.moment.as_of.isoformat(), f.files, f.found) for f in failed.failed] == [
        ("2024-02-28", ("file-1.csv",), 14)
    ]


def test_what_an_edition_leaves_as_it_was_is_not_looked_at_again(standard, observe, evidence):
    assert outcome(standard, editions(observe, evidence, *[(4, 4)] * 12)).compared == 1


def test_a_waiver_names_the_edition_that_it_is_for(standard, observe, evidence):
    late = editions(observe, evidence, (4, 4), (14, 4), (4, 4), (24, 4))
    waived = outcome(standard, late, waiver(files=("file-1.csv",)))
    assert [finding.files for finding, _ in waived.waived] == [("file-1.csv",)]
    assert [finding.files for finding in waived.failed] == [("file-3.csv",)]
    assert outcome(standard, late, waiver(files=("file-1.csv", "file-3.csv"))).passed
    assert [f.text for f in outcome(standard, late, waiver(files=("file-0.csv", "file-1.csv"))).failed] == [
        "the parts add up to 24, the total printed is 4",
        "waiver w covers nothing in file-0.csv; take the file out of it",
    ]
