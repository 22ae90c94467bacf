"""Each kind of broken file is refused in words that say what, where and what to do, and never show a record's value."""

import layouts as made
import pytest

from borderstats.errors import InputError
from borderstats.records.stage import stage
from borderstats.standard import layouts_check
from borderstats.standard.layouts import Layout, LayoutColumn

GOOD = made.text(made.OLDER, made.OLDER_ROWS)
LINES = GOOD.splitlines(keepends=True)
HEADER = LINES[0]
VALUES = {
    cell.strip()
    for _, cells in made.EACH.values()
    for row in cells
    for cell in row
    if len(cell.strip()) > 3 and not cell.startswith("(b)")
}

BROKEN = {
    "wrong delimiter": (
        GOOD.replace(",", ";"),
        "layout usbp-apprehensions-older, but separated by something else",
    ),
    "missing column": (
        made.text(made.OLDER[1:], [row[1:] for row in made.OLDER_ROWS]),
        "nearest is usbp-apprehensions-older, without its columns APPR_DT_TIME or APP_DT_TIME",
    ),
    "unknown column": (
        made.text([*made.OLDER, "SHOE_SIZE"], [[*row, "44"] for row in made.OLDER_ROWS]),
        "row 1: unknown columns: SHOE_SIZE; add them to standard/layouts/usbp-apprehensions-older.toml",
    ),
    "two headers": (GOOD + GOOD, "row 6: the header stands there again"),
    "one column twice": (
        made.text([*made.OLDER, "APP_DT_TIME"], [[*row, row[0]] for row in made.OLDER_ROWS]),
        "stand there twice, perhaps under two headings: APPR_DT_TIME",
    ),
    "cell too few": (GOOD + f"1/2/2012,{made.SECRET}\n", "row 6: 2 cells, and the header has 12"),
    "cell too many": (
        GOOD + LINES[1].strip() + f",{made.SECRET}\n",
        "row 6: 13 cells, and the header has 12",
    ),
    "open quote": (GOOD + '"' + LINES[1], "row 6|a quote opens"),
    "no records": (HEADER, "no record stands below the header"),
    "empty": ("", "the file is empty"),
    "binary junk": (b"\x00\x01\x02" * 100, "no text, workbook or Parquet file"),
    "damaged workbook": (b"PK\x03\x04" + b"\x00junk" * 50, "no workbook, or a damaged one"),
    "damaged parquet": (b"PAR1" + b"junk" * 50, "a damaged Parquet file"),
    "no header": ("".join(LINES[1:]), "no heading of any layout"),
    "text of no layout": (f"a,b\n1,{made.SECRET}\n", "no heading of any layout"),
    "cell without heading": (
        made.text([*made.OLDER, ""], [[*row, "x"] for row in made.OLDER_ROWS]),
        "row 2: a cell stands in a column without a heading",
    ),
    "cell not allowed": (
        made.text(made.OFO, [[*row[:-1], "2"] for row in made.OFO_ROWS]),
        "row 2, column Person Count: only 1 may stand there",
    ),
    "not cp1252 either": (GOOD.encode() + b"\x81\xff", "not in cp1252 throughout"),
    "reason not known": (
        "screening_key,screening_kind,referred,decided_missing\ns1,CREDIBLE,2020-01-01,WHY\n",
        "row 2, column decided_missing: only BLANK, REDACTED, NOT_RECORDED, UNREADABLE may stand there",
    ),
}


@pytest.fixture(scope="module")
def declared():
    return made.declared()


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_refused_in_words_without_a_value(declared, tmp_path, kind):
    content, words = BROKEN[kind]
    path = tmp_path / "file.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError, match=words) as caught:
        stage(declared, path, tmp_path / "out")
    said = str(caught.value)
    assert said.startswith("file.csv")
    assert "\n" not in said
    assert not [value for value in VALUES if value in said]
    assert (
        caught.value.__cause__ is None and caught.value.__suppress_context__
    ) or caught.value.__context__ is None
    assert not list((tmp_path / "out").rglob("*"))


def test_a_file_that_is_not_there_is_refused(declared, tmp_path):
    with pytest.raises(InputError, match="cannot be opened"):
        stage(declared, tmp_path / "none.csv", tmp_path / "out")


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        (
            {"A": [made.NEWER, *made.NEWER_ROWS], "B": [["x", made.SECRET]]},
            "sheet B: the first 50 rows hold no heading",
        ),
        (
            {"A": [made.NEWER, *made.NEWER_ROWS], "B": [made.OFO, *made.OFO_ROWS]},
            "sheets have different layouts",
        ),
        (
            {"A": [made.NEWER, [*made.NEWER_ROWS[0], "x"]]},
            "sheet A, row 2: a cell stands in a column without a heading",
        ),
        ({"A": []}, "no sheet holds anything"),
        ({"A": [made.NEWER, *made.NEWER_ROWS, made.NEWER]}, "sheet A, row 5: the header stands there again"),
    ],
)
def test_a_broken_workbook_is_refused(declared, tmp_path, sheets, words):
    path = made.workbook(tmp_path / "book.xlsx", sheets)
    with pytest.raises(InputError, match=words) as caught:
        stage(declared, path, tmp_path / "out")
    assert not [value for value in VALUES if value in str(caught.value)]


def test_two_layouts_that_fit_are_refused(declared, tmp_path):
    declared = made.declared()
    one = declared.layouts["ofo-inadmissibles"]
    declared.layouts["other"] = Layout("other", "", "", one.columns, one.feeds, one.times)
    path = tmp_path / "file.csv"
    path.write_text(made.text(made.OFO, made.OFO_ROWS))
    with pytest.raises(InputError, match=r"fit several layouts \(ofo-inadmissibles, other\)"):
        stage(declared, path, tmp_path / "out")


@pytest.fixture(scope="session")
def found(standard):
    """What contradicts itself when one layout is changed."""

    def run(**changes):
        declared = made.declared()
        layout = declared.layouts["ice-detentions"]
        changed = {name: getattr(layout, name) for name in layout.__struct_fields__} | changes
        layouts = {**declared.layouts, "ice-detentions": Layout(**changed)}
        return list(layouts_check.contradictions(layouts, declared.families, standard.codelist_of))

    return run


def test_the_layouts_do_not_contradict_themselves(found):
    assert found() == []


def test_contradictions_of_a_layout_are_found(found):
    feed = made.declared().layouts["ice-detentions"].feeds[0]
    columns = made.declared().layouts["ice-detentions"].columns
    changed = {name: getattr(feed, name) for name in feed.__struct_fields__}
    fed = lambda **other: found(feeds=(type(feed)(**(changed | other)),))  # noqa: E731
    assert "no file records/other.toml" in fed(family="other")[0]
    assert any("'XXX' is no code of component" in line for line in fed(constants={"holding_agency": "XXX"}))
    assert any("'book_in' is required" in line for line in fed(fields={"place": ("Detention Facility",)}))
    assert any("no column has 'Nowhere'" in line for line in fed(filled=("Nowhere",)))
    assert any("column 'Religion' is ignored" in line for line in fed(filled=("Religion",)))
    assert any("has no field 'shoe'" in line for line in fed(constants={**feed.constants, "shoe": "1"}))
    assert any("stands under fields too" in line for line in fed(constants={**feed.constants, "place": "X"}))
    assert any("'person_key' is no key" in line for line in fed(keys={"person_key": ""}))
    assert any("no year of four digits" in line for line in found(times=("%m/%d/%y",)))
    assert any("hours of twelve" in line for line in found(times=("%Y %I",)))
    assert any("nothing takes 'New'" in line for line in found(columns=(*columns, LayoutColumn(("New",)))))
    assert any("is also a heading" in line for line in found(columns=(*columns, LayoutColumn(("Race",)))))
    assert any(
        "could be of" in line for line in found(columns=made.declared().layouts["ice-removals"].columns)
    )
