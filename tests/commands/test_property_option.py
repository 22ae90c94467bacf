"""`intake` says in the prices of which year constant amounts are, and asks where the file does not show it."""

import pytest

from borderstats.commands.intake import intake
from borderstats.intake import archive as archives
from borderstats.package.snapshots import Declared

HEADER = (
    "Country Code,Country Name,Region ID,Region Name,Income Group Acronym,Income Group Name,Transaction Type ID,"
    "Transaction Type Name,Fiscal Year,current_amount,constant_amount\n"
)
ADD = (
    "--add",
    "--obtained-from",
    "made for a test",
    "--as-of",
    "2026-01-15",
    "--shorter",
    "made",
    "--reason",
    "made",
)
LACKING = (
    "aid.csv: foreign-assistance: constant prices of OBLIGATIONS: current and constant figures are equal in no period, or in "
    'several; say with --property "price_base=FY2023: who says so" of which they are'
)


@pytest.fixture
def aid(tmp_path):
    """A function from years, each with its two amounts, to a file of obligations to Mexico."""

    def make(years):
        path = tmp_path / "aid.csv"
        rows = (f"MEX,Mexico,6,W,UMIC,U,2,Obligations,{year},{a},{b}\n" for year, (a, b) in years.items())
        path.write_text(HEADER + "".join(rows))
        return path

    return make


def test_the_base_is_measured_and_printed(run, aid):
    output, error = run(intake, aid({2022: (40_000, 41_830), 2023: (50_000, 50_000)}))
    assert error == ""
    assert "\nproperties: foreign-assistance: constant prices of FY2023 (OBLIGATIONS), measured\n" in output


def test_without_a_base_the_file_is_refused_until_somebody_says_it(run, aid, archive):
    path = aid({2021: (30_000, 33_566), 2022: (40_000, 41_830)})
    assert run(intake, path)[1] == LACKING
    assert run(intake, path, *ADD)[1] == LACKING
    said = "price_base[OBLIGATIONS]=FY2023: the note below the table"
    output, _ = run(intake, path, *ADD, "--property", said)
    assert "constant prices of FY2023 (OBLIGATIONS), declared" in output
    kept = next(one for one in archives.snapshots(archive) if one.file.endswith("aid.csv"))
    where = {"aid_transaction": "OBLIGATIONS"}
    assert kept.properties == (Declared("price_base", "FY2023", "the note below the table", where),)
    assert "constant prices of FY2023 (OBLIGATIONS), declared" in run(intake, path)[0]


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("price_base=FY2023", "write price_base=FY2023: and behind the colon who says so"),
        (
            "rounding=10: me",
            "no property of this file; known is price_base, of datasets with constant prices",
        ),
        ("price_base=23: me", "'23' is no period such as FY2023 or 2023"),
        ("price_base[GIFTS]=FY2023: me", "'GIFTS' is no code of aid_transaction"),
    ],
)
def test_what_is_said_wrongly_is_named(run, aid, said, error):
    path = aid({2021: (30_000, 33_566), 2022: (40_000, 41_830)})
    assert error in run(intake, path, "--property", said)[1]
