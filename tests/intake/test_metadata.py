"""The metadata beside a file: written to be read by people, read strictly, and told where they are wrong."""

import datetime
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderstats.intake import metadata
from borderstats.package.snapshots import Declared, Snapshot
from borderstats.standard.decode import DecodeError
from made_archive import snapshot

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
days = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1))


@given(st.lists(words, min_size=8, max_size=8), days, st.integers(0, 400), st.booleans(), st.timezones())
def test_what_is_written_is_read_back(said, as_of, later, synthetic, zone):
    captured = datetime.datetime(2024, 2, 29, 23, 59, 7, tzinfo=zone) if synthetic else None
    made = snapshot(
        publisher=said[0],
        title=said[1],
        as_of=as_of,
        as_of_note=said[2],
        known=as_of + datetime.timedelta(days=later),
        known_note=said[3],
        obtained_from=said[4],
        licence=said[5],
        address=said[6],
        source=said[7],
        captured=captured,
        synthetic=synthetic,
    )
    written = metadata.encoded(made)
    assert metadata.decoded(made.file, written) == made
    assert "file" not in tomllib.loads(written.decode())


def test_properties_that_were_declared_are_written_in_one_line_and_read_back():
    said = (
        Declared("price_base", "FY2023", 'the note: "constant"', {"aid_transaction": "OBLIGATIONS"}),
        Declared("price_base", "2019", "the page"),
    )
    written = metadata.encoded(snapshot(properties=said))
    assert written.decode().splitlines()[-1] == (
        'properties = [{ name = "price_base", value = "FY2023", basis = "the note: \\"constant\\"", '
        'where = { aid_transaction = "OBLIGATIONS" } }, { name = "price_base", value = "2019", basis = "the page" }]'
    )
    assert metadata.decoded("list.csv", written).properties == said


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (
            Declared("colour", "red", "me"),
            "$.properties[0].name: 'colour' is no property; known is price_base",
        ),
        (
            Declared("price_base", "23", "me"),
            "$.properties[0].value: '23' is no period such as FY2023 or 2023",
        ),
    ],
)
def test_a_property_that_nobody_can_use_is_refused(said, error):
    written = metadata.encoded(snapshot(properties=(said,)))
    with pytest.raises(DecodeError) as raised:
        metadata.decoded("list.csv", written)
    assert error in str(raised.value)


def test_what_is_not_said_is_not_written():
    fields = [line.split(" = ")[0] for line in metadata.encoded(snapshot()).decode().splitlines()]
    assert fields == [*Snapshot.__struct_fields__[1:14]]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("bytes = 2", "bytes = -1", "$.bytes: expected `int` >= 0"),
        ("as_of = 2019-09-30", 'as_of = "30.9.2019"', "$.as_of: expected `date`, got `str`"),
        ('"stated"', '"guessed"', "$.as_of_basis: 'guessed' is none of stated, inferred"),
        (
            '"not before"',
            '"perhaps"',
            "$.known_basis: 'perhaps' is none of published, captured, announced, not before, not after",
        ),
        ("licence", "license", "$: no field 'license'; known are sha256, "),
        ('licence = "none"\n', "", "$: the field 'licence' is missing"),
        ("bytes = 2", 'bytes = 2\nfile = "x"', "$.file: the metadata is that of the file beside it"),
        ("known = 2019-09-30", "known = 2019-09-29", "$.known: 2019-09-29 lies before as_of, 2019-09-30;"),
        ("bytes = 2", 'bytes = 2\nreplaces = "x"', "$.reason: missing; say why this file replaces x"),
        ("bytes = 2", 'bytes = 2\nreason = "x"\nreplaces = "made/a.csv"', "$.replaces: is the file itself;"),
        ("bytes = 2", 'bytes = 2\norder = "0"', "$.order: '0' is no order; write the number of the edition"),
        (
            "bytes = 2",
            "bytes = 2\ncaptured = 2019-10-01T12:00:00",
            "$.captured: expected `datetime` with a timezone component",
        ),
        (
            '"not before"',
            '"captured"\ncaptured = 2019-10-01T00:00:00Z',
            "$.known: 2019-09-30 is not the day of the capture, 2019-10-01;",
        ),
        ("bytes = 2", "bytes = ", "Invalid value"),
    ],
)
def test_metadata_that_cannot_be_taken(old, new, what):
    said = metadata.encoded(snapshot()).decode()
    assert old in said
    with pytest.raises(DecodeError) as caught:
        metadata.decoded("made/a.csv", said.replace(old, new, 1).encode())
    assert str(caught.value).startswith(what)
