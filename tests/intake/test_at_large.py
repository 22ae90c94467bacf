"""Border Patrol encounters at entry and at large, on an invented page. Published are: 188,749 in October 2023, and 8,870 in August 2026, 1,246 at large."""

import datetime

from small import cells
from test_archive_files import standard

from borderstats import pipeline
from borderstats.intake.read import read_file
from borderstats.release.gates import judged
from made_archive import snapshot

PAGE = """<!DOCTYPE html><html><body><h1>Southwest Land Border Encounters</h1>
<h3>U.S. Border Patrol Encounters: At Entry and At Large</h3>
<table><tr><th>U.S. Border Patrol</th><th>Oct-23</th><th>Aug-26</th><th>Sep-26</th></tr>
<tr><td>At Entry</td><td>186,107</td><td>7,624</td><td>-</td></tr>
<tr><td>At Large<sup>1</sup></td><td>2,642</td><td>1,246</td><td>-</td></tr>
<tr><td><strong>Total</strong></td><td>188,749</td><td>8,870</td><td>-</td></tr></table></body></html>"""
DAY = datetime.date(2026, 9, 12)


def read(page=PAGE):
    return read_file(standard(), "at-large.html", page.encode(), DAY)


def test_what_is_at_large_is_told_apart():
    found = read()
    assert (found.source.id, found.refused, found.left_out) == ("cbp-southwest-at-large", 0, 3)
    figures = {key.split(" ", 2)[2]: value for key, (value, _) in cells(found.observations).items()}
    assert figures == {
        "arrest_place=AT_ENTRY 2023-10": 186107,
        "arrest_place=AT_LARGE 2023-10": 2642,
        "2023-10": 188749,
        "arrest_place=AT_ENTRY 2026-08": 7624,
        "arrest_place=AT_LARGE 2026-08": 1246,
        "2026-08": 8870,
    }


def test_a_sum_that_is_wrong_is_found():
    (gate,) = (
        one for one in standard().datasets["cbp-encounters-at-large"].gates if one.name == "places-add-up"
    )
    for page, wrong in ((PAGE, 0), (PAGE.replace("1,246", "1,247"), 1)):
        made = snapshot("at-large.html", source="cbp-southwest-at-large", as_of=DAY)
        evidence = pipeline.weigh(standard(), pipeline.vintages_of(made, read(page)))
        compared, findings = judged(evidence, "cbp-encounters-at-large", gate)
        assert (compared, len(findings)) == (2, wrong)
