"""CBP's drug seizures, on invented files with the published headings and labels: no figure in them was ever published."""

import datetime
import math
from collections import Counter
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from invented_encounters import MONTHS, REACHED, YEARS, offices, text
from test_archive_files import standard

from bare_standard import bare
from borderstats import pipeline
from borderstats.intake import adding
from borderstats.intake.read import read_file, total
from borderstats.site import site as publishing
from made_archive import snapshot

DRUGS = [
    "FY",
    "Month (abbv)",
    "Component",
    "Region",
    "Land Filter",
    "Area of Responsibility",
    "Drug Type",
    "Count of Event",
    "Sum Qty (lbs)",
]
KINDS = ("Cocaine", "Fentanyl", "Marijuana", "Methamphetamine", "Other Drugs**", "Heroin ")
REGIONS = {
    "Southwest Land Border": "Southwest Border",
    "Northern Land Border": "Northern Border",
    "Other": "Coastal/Interior",
}
MAY = datetime.date(2026, 6, 3)


def drugs():
    """Rows of every office once in each of three months; weights as a conversion from kilograms leaves them."""
    made = {}
    for year in YEARS:
        for m in (0, 3, REACHED - 1):
            for n, (component, region, area, _) in enumerate(offices()):
                seed = year + m * 17 + n * 29
                ounces = 1 + seed % 900
                row = [
                    f"{year} (FYTD)" if year == YEARS[-1] else str(year),
                    MONTHS[m],
                    component,
                    REGIONS[region],
                    ("Land Only ", "Land Only", "Other", "LAND ONLY")[seed % 4],
                    area.upper(),
                    KINDS[seed % len(KINDS)],
                    1 + seed % 40,
                    repr(ounces * 0.45359237 * 2.2046226218487757 / 10),
                ]
                made[(*row[:4], row[4].strip().upper(), *row[5:7])] = row
    return list(made.values())


def read(rows, header=DRUGS):
    return read_file(standard(), "made.csv", text(header, rows), MAY)


def counted(observations, concept):
    found = Counter()
    for key, value in zip(observations.key.tolist(), observations.value.tolist(), strict=True):
        found[observations.space.codes(key)[concept]] += value
    return found


def test_events_and_weights_are_two_datasets_of_one_file():
    rows = drugs()
    found = read(rows)
    assert (found.source.id, found.rows, found.refused) == ("cbp-drug-seizures", len(rows), 0)
    assert set(found.datasets) == {"cbp-drug-seizure-events", "cbp-drug-seizure-weight"}
    codes = {"Other Drugs**": "OTHER", "Heroin ": "HEROIN"}
    events = Counter()
    for row in rows:
        events[codes.get(row[6], row[6].upper())] += row[7]
    assert counted(found.datasets["cbp-drug-seizure-events"], "drug") == events
    land = Counter("LAND" if row[4].strip().upper() == "LAND ONLY" else "OTHER" for row in rows)
    own = found.datasets["cbp-drug-seizure-events"]
    assert Counter(own.space.codes(int(key))["land_filter"] for key in own.key) == land
    assert len({row[4] for row in rows}) == 4


def test_weights_are_rounded_to_four_decimals_and_events_do_not_add_up():
    rows = drugs()
    assert any(len(row[8]) > 12 for row in rows)
    found = read(rows)
    weights = found.datasets["cbp-drug-seizure-weight"]
    expected = sum(int((Decimal(row[8]) * 10_000).to_integral_value(ROUND_HALF_EVEN)) for row in rows)
    assert total(weights) == expected
    assert math.isclose(expected / 10_000, sum(float(row[8]) for row in rows), abs_tol=len(rows) / 20_000)
    assert total(found.datasets["cbp-drug-seizure-events"]) is None


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("Drug Type", "Fentanol", "unknown drug 'Fentanol'"),
        ("Region", "Southwest Land Border", "unknown seizure_region"),
        ("Area of Responsibility", "TUCSON STATION", "unknown office"),
        ("Component", "", "component is blank"),
        ("Count of Event", "1.5", "the count 1.5 is a fraction"),
        ("Sum Qty (lbs)", "", "the count is blank"),
    ],
)
def test_what_is_refused_is_refused_in_both(column, value, said):
    rows = [list(row) for row in drugs()]
    rows[3][DRUGS.index(column)] = value
    found = read(rows)
    assert found.refused == 1
    assert said in found.refusals[0].text("made.csv")
    assert {len(one) for one in found.datasets.values()} == {len(rows) - 1}


def test_they_are_published(tmp_path):
    folder = tmp_path / "archive"
    folder.mkdir()
    data = text(DRUGS, drugs())
    adding.add(
        folder,
        snapshot("drugs/made.csv", data, source="cbp-drug-seizures", as_of=MAY, as_of_basis="stated"),
        data,
    )
    made = pipeline.build(bare(tmp_path / "standard"), folder, MAY, tmp_path / "releases", formats=False)
    assert sorted(made.package.datasets) == ["cbp-drug-seizure-events", "cbp-drug-seizure-weight"]
    weight = made.package.datasets["cbp-drug-seizure-weight"].tables["latest"]
    assert math.isclose(sum(weight["value"].to_pylist()), sum(float(row[8]) for row in drugs()), abs_tol=0.05)
    site = publishing.write(made.path, tmp_path / "site").path
    page = (site / "datasets/cbp-drug-seizure-events.html").read_text("utf-8")
    assert "Events do not add up over drugs" in page


CURRENCY = [
    "Fiscal Year",
    "Month (abbv)",
    "Component",
    "Region",
    "Land Filter",
    "Area of Responsibility",
    "Inbound/Outbound",
    "Count of Seizure Events",
    "Currency Seizures Amount (USD)",
]
WEAPONS = [
    "Fiscal Year",
    "Month (abbv)",
    "Component",
    "Region",
    "Area of Responsibility",
    "Inbound/Outbound",
    "Mode of Transportation",
    "Seizure Type",
    "Category",
    "Event ID",
    "Quantity Seized",
]
DIRECTIONS = ("Inbound", "Outbound", "Other")


def currency():
    return [
        [
            "2026 (FYTD)" if year == 2026 else str(year),
            month,
            component,
            {"Other": "Central/Coastal/Other"}.get(region, REGIONS[region]),
            "Land Only" if n % 3 else "Other",
            area.upper(),
            DIRECTIONS[(year + n) % 3],
            1 + (n + year) % 7,
            f"{(n + 1) * (year - 1000.9):.2f}",
        ]
        for year in YEARS
        for month in ("DEC", "JAN")
        for n, (component, region, area, _) in enumerate(offices())
    ]


def weapons():
    """Two rows of each event, one for each category."""
    return [
        [
            "2026 (FYTD)",
            "OCT",
            component,
            {"Other": "Central/Coastal/Other"}.get(region, REGIONS[region]),
            area,
            DIRECTIONS[n % 3].upper(),
            "Passenger Vehicle",
            "Weapons",
            category,
            f"{2144569237 + n}.0",
            "3.0",
        ]
        for n, (component, region, area, _) in enumerate(offices())
        for category in ("Handguns", "Ammunition")
    ]


def test_currency_is_read_by_fiscal_month():
    rows = currency()
    found = read(rows, CURRENCY)
    assert (found.source.id, found.rows, found.refused) == ("cbp-currency-seizures", len(rows), 0)
    events, amount = (found.datasets[f"cbp-currency-seizure-{name}"] for name in ("events", "amount"))
    assert total(events) == sum(row[7] for row in rows)
    assert total(amount) == sum(round(float(row[8]) * 100) for row in rows)
    december = {events.space.text(int(key)).split()[-1] for key in events.key}
    assert "2024-12" in december
    assert "2026-12" not in december


def test_an_event_with_two_categories_of_weapons_is_one():
    rows = weapons()
    found = read(rows, WEAPONS)
    assert (found.source.id, found.rows, found.refused) == ("cbp-weapons-seizures", len(rows), 0)
    assert total(found.observations) == len({row[9] for row in rows}) == len(rows) // 2
    assert counted(found.observations, "direction") == Counter(row[5] for row in rows[::2])
