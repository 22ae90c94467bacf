"""A dataset as JSON-stat: what its cells, categories and words are, for a validator, a reader and an independent count."""

import json
import math
import warnings

import msgspec
import pyarrow as pa
import pytest
from jsonstat_validator import validate_jsonstat

from borderstats.errors import ReleaseError
from borderstats.formats import jsonstat
from borderstats.package import read
from borderstats.package.model import Dataset

with warnings.catch_warnings():
    warnings.simplefilter("ignore", SyntaxWarning)
    from pyjstat import pyjstat


@pytest.fixture
def package(small):
    return read.package(small)


@pytest.fixture(scope="session")
def published(release):
    return read.package(release)


def said(package, name):
    document = json.loads(jsonstat.document(package, name), parse_constant=pytest.fail)
    validate_jsonstat(document)
    return document


def cells(document):
    """Each cell with a status as (codes by dimension, value, status), read by the format's rules alone."""
    ids, size = document["id"], document["size"]
    index = [document["dimension"][name]["category"]["index"] for name in ids]
    assert [len(one) for one in index] == size
    value, status = document["value"], document["status"]
    length = math.prod(size)
    if isinstance(status, str):
        status = [status] * length
    listed = enumerate(status) if isinstance(status, list) else ((int(n), s) for n, s in status.items())
    rows = []
    for place, one in listed:
        if one is None:
            continue
        rest, codes = place, []
        for codelist in reversed(index):
            rest, n = divmod(rest, len(codelist))
            codes.append(codelist[n])
        assert rest == 0
        figure = value[place] if isinstance(value, list) else value[str(place)]
        rows.append((tuple(reversed(codes)), figure, one))
    there = sum(one is not None for one in (value if isinstance(value, list) else value.values()))
    assert there == sum(figure is not None for _, figure, _ in rows), "a figure without a status"
    return rows


def rows(dataset):
    """The same of the table."""
    names = [dimension.id for dimension in dataset.meta.dimensions]
    columns = [dataset.latest[name].to_pylist() for name in (*names, "freq", "period")]
    unit = [dataset.meta.unit.code] * dataset.latest.num_rows
    value, status = dataset.latest["value"].to_pylist(), dataset.latest["status"].to_pylist()
    return list(zip(zip(*columns, unit, strict=True), value, status, strict=True))


def test_every_row_of_a_small_dataset_is_a_cell_and_no_other_cell_has_a_status(package):
    for name, dataset in package.datasets.items():
        assert sorted(cells(said(package, name))) == sorted(rows(dataset)), name


def test_every_row_of_every_published_dataset_is_a_cell(published):
    for name, dataset in published.datasets.items():
        found = sorted(cells(said(published, name)), key=lambda row: row[0])
        assert found == sorted(rows(dataset), key=lambda row: row[0]), name


def test_counts_are_whole_numbers_and_a_missing_figure_is_null_with_its_status(published):
    for name in ("uscis-fear-decisions", "usbp-agents-sector", "ohss-cbp-one", "yearbook-criminal-cases"):
        found = cells(said(published, name))
        assert {type(figure) for _, figure, _ in found} == {int, type(None)}
        assert {status for _, figure, status in found if figure is None} <= set("MLQO")
        assert not {status for _, figure, status in found if figure is not None} & set("MLQO")


@pytest.mark.parametrize(
    "name",
    ["uscis-fear-decisions", "ice-statistics-adp", "ohss-cbp-one", "ohss-ice-bookouts", "usbp-barrier-miles"],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning:pyjstat", "ignore::FutureWarning:pyjstat")
def test_a_reader_of_the_format_reads_the_table_back(published, name):
    frame = pyjstat.from_json_stat(json.loads(jsonstat.document(published, name)), naming="id")[0]
    frame = frame[frame["value"].notna()]
    *codes, value = (frame[column].tolist() for column in frame.columns)
    expected = {key: figure for key, figure, _ in rows(published.datasets[name]) if figure is not None}
    assert dict(zip(zip(*codes, strict=True), value, strict=True)) == expected


def test_dense_and_sparse_forms(published):
    dense, sparse = said(published, "ice-detained-day"), said(published, "cbp-encounters-state")
    assert isinstance(dense["value"], list)
    assert dense["status"] == "A"
    assert isinstance(sparse["value"], dict)
    assert sparse["value"].keys() == sparse["status"].keys()
    assert list(map(int, sparse["value"])) == sorted(map(int, sparse["value"]))


def test_months_and_fiscal_years_are_periods_of_one_dimension(published):
    document = said(published, "ohss-cbp-one")
    period = document["dimension"]["period"]["category"]
    assert document["role"] == {"time": ["period"], "metric": ["measure"]}
    assert document["dimension"]["freq"]["category"]["index"] == ["M", "A"]
    assert period["index"].index("FY2023") + 1 == period["index"].index("2022-10")
    assert period["label"]["FY2023"] == "Fiscal year 2023"
    assert period["label"]["2022-10"] == "October 2022"
    assert said(published, "uscis-fear-receipts")["dimension"]["period"]["category"]["label"]


def test_words(package):
    document = said(package, "monthly")
    assert document["label"] == "Encounters & more, by <region>"
    assert document["source"] == "An agency, A table"
    assert document["updated"] == "2024-02-01"
    assert document["href"] == "https://borderstats.example/data/monthly/latest.jsonstat.json"
    assert document["note"][0] == "Encounters: each time a person was met. Events, not people."
    assert "Events are not <people>." in document["note"]
    assert "11 May 2023, A law ends: From then on otherwise." in document["note"]
    region = document["dimension"]["region"]
    assert region["category"]["label"] == {"SW": "Southwest land border", "N": "Northern <border>"}
    assert region["note"] == ["What region means."]
    assert document["dimension"]["measure"]["category"]["unit"] == {
        "EVENTS": {"label": "Events", "decimals": 0}
    }
    assert document["extension"]["citation"] == (
        "Encounters & more, by <region>. borderstats, release of 1 February 2024. https://borderstats.example/releases/2024-02-01-abcdef012345/datasets/monthly.html"
    )
    assert document["extension"]["status"]["label"] == {"A": "Normal", "P": "Provisional"}


def test_words_in_spanish(published):
    document = said(published, "cbp-encounters-state")
    extension = document["extension"]
    assert extension["label_es"] == "Encuentros de CBP en todo el país, por estado"
    assert "publicación del 28 de noviembre de 2026" in extension["citation_es"]
    assert document["dimension"]["freq"]["extension"]["category_es"] == {"M": "Mensual"}
    for name in document["id"][:-2]:
        dimension = document["dimension"][name]
        assert dimension["extension"]["label_es"]
        assert dimension["extension"]["category_es"].keys() == set(dimension["category"]["index"])


def test_decimals(package):
    document = said(package, "money")
    assert document["dimension"]["measure"]["category"]["unit"]["USD"]["decimals"] == 2
    figures = {key[:3]: (figure, status) for key, figure, status in cells(document)}
    assert figures["WALL", "M", "2022-10"] == (1_500_000.25, "A")
    assert figures["WALL", "M", "2022-12"] == (None, "O")


def test_same_release_same_bytes(package, small):
    for name in package.datasets:
        assert jsonstat.document(package, name) == jsonstat.document(read.package(small), name)


def changed(package, name, **columns):
    """The package with columns of a latest table replaced."""
    dataset = package.datasets[name]
    table = dataset.latest
    for column, array in columns.items():
        table = table.set_column(table.column_names.index(column), column, array)
    replaced = {**package.datasets, name: Dataset(dataset.meta, {**dataset.tables, "latest": table})}
    return type(package)(
        **{**{f: getattr(package, f) for f in package.__dataclass_fields__}, "datasets": replaced}
    )


def test_what_would_not_be_a_cube_is_refused(package):
    length = package.datasets["annual"].latest.num_rows
    with pytest.raises(ReleaseError, match=r"column office: 'S99' is in no category"):
        jsonstat.document(changed(package, "annual", office=pa.array(["S99"] * length)), "annual")
    with pytest.raises(ReleaseError, match="two rows of one cell"):
        jsonstat.document(changed(package, "annual", office=pa.array(["S1"] * length)), "annual")
    with pytest.raises(ReleaseError, match="no dataset 'nothing'"):
        jsonstat.document(package, "nothing")


@pytest.mark.parametrize("figure", [1.5, math.nan, math.inf])
def test_what_is_no_count_is_refused(package, figure):
    length = package.datasets["annual"].latest.num_rows
    with pytest.raises(ReleaseError, match="is no count"):
        jsonstat.document(changed(package, "annual", value=pa.array([figure] * length)), "annual")


def test_counts_kept_as_decimals_are_whole_numbers(package):
    length = package.datasets["annual"].latest.num_rows
    document = jsonstat.document(changed(package, "annual", value=pa.array([3.0] * length)), "annual")
    values = msgspec.json.decode(document)["value"]
    figures = values.values() if isinstance(values, dict) else values
    assert {type(figure) for figure in figures} <= {int, type(None)}
