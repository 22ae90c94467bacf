"""Sources whose files are not at hand, on files made up here: every name and figure in them is invented but for the columns' names."""

import datetime
import io

import pyarrow as pa
from pyarrow import parquet

from borderstats.intake.read import read_file

AID = "Country Code,Country Name,Funding Agency Acronym,Funding Account Name,Transaction Type Name,Fiscal Year,current_amount,constant_amount"


COURTS = "Fiscal Year,Pending Cases at End of Fiscal Year,Initial Receipts,Total Completions"
LAST_OF_MAY = datetime.date(2026, 5, 31)


def figures(observations):
    """Figures with their status by codes and period."""
    space = observations.space
    rows = zip(observations.key, observations.value, observations.status, strict=True)
    return {space.text(int(key)): (int(value), int(status)) for key, value, status in rows}


def text(*lines):
    return "".join(f"{line}\n" for line in lines).encode()


def test_aid_by_department_and_account(standard):
    data = text(
        AID,
        "MEX,Mexico,STATE,International Narcotics Control and Law Enforcement,Obligations,2016,700,770",
        "MEX,Mexico,ARMY,Foreign Military Financing Program,Obligations,2016,20,22",
        "MEX,Mexico,NAVY,Foreign Military Financing Program,Obligations,2016,3,4",
        "MEX,Mexico,USAID,An Account of Its Own,Obligations,2016,-5,-6",
    )
    found = read_file(standard, "invented.csv", data)
    assert (found.source.id, found.rows, found.refused) == ("foreign-assistance-funding", 4, 0)
    said = figures(found.datasets["foreign-assistance-funding"])
    of = "recipient=MEX funding_agency={} funding_account={} aid_transaction=OBLIGATIONS price_basis=CURRENT FY2016"
    assert {key: value for key, (value, _) in said.items() if "CURRENT" in key} == {
        of.format("STATE", "INCLE"): 700, of.format("DOD", "FMF"): 23, of.format("USAID", "OTHER"): -5,
    }  # fmt: skip


def test_a_department_that_is_not_known_is_refused_by_name(standard):
    row = "MEX,Mexico,XYZ,Foreign Military Financing Program,Obligations,2016,1,1"
    (refused,) = read_file(standard, "invented.csv", text(AID, row)).refusals
    assert refused.reason.startswith("unknown funding_agency 'XYZ'; if it is right, add it to codelists/")


def test_every_executive_department_has_a_code(standard):
    departments = [
        code.label_en for code in standard.codelists["funding_agency"].codes if "Department" in code.label_en
    ]
    assert len(departments) == 15


def test_pending_cases_are_a_stock_and_cases_received_and_completed_flows(standard):
    data = text(COURTS, "2008,101,25,28", "2009,123,35,31", "2010 (Second Quarter),130,6,4")
    found = read_file(standard, "invented.csv", data)
    assert (found.source.id, found.rows, found.refused) == ("eoir-cases", 3, 0)
    pending = figures(found.datasets["eoir-pending-cases"])
    assert {key: value for key, (value, _) in pending.items()} == {
        "court_event=PENDING FY2008": 101, "court_event=PENDING FY2009": 123, "court_event=PENDING FY2010": 130,
    }  # fmt: skip
    flows = figures(found.datasets["eoir-cases"])
    assert flows["court_event=RECEIPTS FY2009"][0] == 35
    assert flows["court_event=COMPLETIONS FY2010"] == (4, pending["court_event=PENDING FY2010"][1])
    assert flows["court_event=COMPLETIONS FY2010"][1] != flows["court_event=COMPLETIONS FY2009"][1]


def staff(kind, *rows):
    """A file of accessions or separations: occupation, category and count, the other columns empty."""
    used = ("occupational_series_code", f"{kind}_category_code", "count")
    ignored = ("agency_subelement", "duty_station_state", "personnel_action_effective_date_yyyymm")
    columns = dict(zip(used, map(list, zip(*rows, strict=True)), strict=True)) | {
        name: [""] * len(rows) for name in ignored
    }
    made = io.BytesIO()
    parquet.write_table(pa.table(columns), made)
    return made.getvalue()


def test_hires_by_occupation_and_category(standard):
    data = staff(
        "accession", ("1896", "AC", "3"), ("1896", "AD", "1"), ("1881", "AA", "2"), ("2210", "AE", "9")
    )
    found = read_file(standard, "invented.parquet", data, LAST_OF_MAY)
    assert (found.source.id, found.rows, found.refused) == ("opm-accessions", 4, 0)
    assert {key: value for key, (value, _) in figures(found.datasets["opm-accessions"]).items()} == {
        "occupation=BORDER_PATROL staff_action=NEW_HIRE 2026-05-31": 4,
        "occupation=INTERDICTION staff_action=TRANSFER_IN 2026-05-31": 2,
        "occupation=OTHER staff_action=NEW_HIRE 2026-05-31": 9,
    }


def test_losses_by_occupation_and_category(standard):
    data = staff(
        "separation", ("1896", "SC", "5"), ("1896", "SD", "2"), ("1896", "SG", "1"), ("1896", "SK", "1")
    )
    found = read_file(standard, "invented.parquet", data, LAST_OF_MAY)
    assert (found.source.id, found.refused) == ("opm-separations", 0)
    of = "occupation=BORDER_PATROL staff_action={} 2026-05-31"
    assert {key: value for key, (value, _) in figures(found.datasets["opm-separations"]).items()} == {
        of.format("QUIT"): 5, of.format("RETIREMENT"): 3, of.format("OTHER_SEPARATION"): 1,
    }  # fmt: skip


def test_a_way_of_coming_that_is_not_known_is_refused(standard):
    (refused,) = read_file(
        standard, "invented.parquet", staff("accession", ("1896", "ZZ", "1")), LAST_OF_MAY
    ).refusals
    assert "unknown staff_action 'ZZ'" in refused.reason
