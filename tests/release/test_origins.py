"""From a figure back to its file: the cell that a release names holds the figure, and three links reach its hash and its rule."""

import csv
import hashlib
import re

import openpyxl
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def origins(release):
    """A function from a dataset to values of it with the file, sheet and cell that they come from."""

    def found(dataset, every=97):
        latest = pd.read_parquet(release / f"data/{dataset}/latest.parquet")
        assert latest["origin"].notna().all()
        return latest[latest["value"].notna()].iloc[::every]

    return found


@pytest.mark.parametrize("dataset", ["ohss-ero-arrests", "usbp-agents-sector", "ohss-repatriations"])
def test_the_cell_that_is_named_holds_the_figure(origins, archive_folder, dataset):
    sampled = origins(dataset)
    sampled = sampled[sampled["snapshot"].str.endswith(".xlsx")]
    compared = 0
    for file, rows in sampled.groupby("snapshot"):
        book = openpyxl.load_workbook(archive_folder / file, data_only=True)
        for row in rows.itertuples():
            sheet, cell = re.fullmatch(r"(.+)!([A-Z]+[0-9]+)(?: and .* more)?", row.origin).groups()
            printed = book[sheet][cell].value
            assert round(float(printed)) == round(row.value), (file, row.origin)
            compared += 1
    assert compared > 20 or dataset == "usbp-agents-sector"


def test_the_row_that_is_named_holds_the_figure(origins, archive_folder):
    for file, rows in origins("cbp-encounters-state", 997).groupby("snapshot"):
        with (archive_folder / file).open(encoding="utf-8-sig", newline="") as text:
            lines = list(csv.reader(text))
        count = lines[0].index("Encounter Count")
        for row in rows.itertuples():
            number, more = re.fullmatch(r"row ([0-9]+)( and [0-9,]+ more)?", row.origin).groups()
            assert more is None
            assert int(lines[int(number) - 1][count]) == row.value


def links(page):
    return [
        (page.parent / target.partition("#")[0]).resolve()
        for target in re.findall(r'href="([^"]+)"', page.read_text())
    ]


def test_three_links_lead_from_a_figure_to_its_hash_row_and_rule(site, archive_folder):
    """Home page, dataset, source: there are the file's hash and the rule; the dataset's CSV names the row."""
    dataset = site / "datasets/cbp-encounters-state.html"
    assert dataset.resolve() in links(site / "index.html")
    source = site / "sources/cbp-nationwide-state.html"
    assert source.resolve() in links(dataset)
    text = source.read_text()
    file = "encounters/nationwide-encounters-fy21-fy24-state.csv"
    assert hashlib.sha256((archive_folder / file).read_bytes()).hexdigest() in text
    assert "sources/cbp-nationwide-state.toml" in text
    assert "$.columns[0]" in text
    table = site / "data/cbp-encounters-state/latest.csv"
    assert table.resolve() in links(dataset)
    assert table.read_text("utf-8").partition("\n")[0].endswith('"snapshot","origin"')


def test_every_figure_of_a_provision_leads_to_its_dataset(site):
    for page in (site / "provisions").glob("*.html"):
        for name in re.findall(r'Source: <a href="\.\./datasets/([^"]+)\.html"', page.read_text()):
            sources = [
                path for path in links(site / f"datasets/{name}.html") if path.parent.name == "sources"
            ]
            assert sources, name
            assert all(path.is_file() for path in sources)
