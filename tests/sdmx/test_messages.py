"""Figures as SDMX messages, read back by an independent reader of each form."""

import csv
import io
import json

import pyarrow as pa
import pytest
from lxml import etree

from borderstats.package import read
from borderstats.sdmx import data_csv, data_json, data_xml
from borderstats.sdmx.message import FLAT, Header, Message, Part
from borderstats.sdmx.model import TIME, structures, time_period
from calendars import FEDERAL

HEADER = Header("A1", "2026-01-01T00:00:00Z", "BORDERSTATS")


@pytest.fixture(scope="module")
def package(release):
    return read.package(release)


@pytest.fixture(scope="module")
def known(package):
    return structures(package)


def message(package, known, name, at=TIME, **more):
    table = package.datasets[name].latest
    return Message(HEADER, known.structure(name), [Part(table.slice(0, 2_000))], at, **more), table.slice(
        0, 2_000
    )


def expected(table, structure):
    """Each observation as a set of texts by component, from the table alone."""
    columns = {one.id: one.column for one in structure.dimensions}
    digits = int(next(one.value for one in structure.attributes if one.id == "DECIMALS"))
    found = []
    for row in table.to_pylist():
        value = row["value"]
        found.append(
            {
                **{name: row[column] for name, column in columns.items()},
                TIME: time_period(FEDERAL, row["period"]),
                "OBS_VALUE": None if value is None else f"{value:.{digits}f}",
                "OBS_STATUS": row["status"],
                **({"BASE_PER": row["price_base"]} if "price_base" in row else {}),
                "KNOWN_FROM": str(row["known_from"]),
                "KNOWN_BASIS": row["known_basis"],
                "EDITION_FROM": str(row["edition_from"]),
                "FISCAL_YEAR": str(row["fiscal_year"]),
            }
        )
    return found


def from_specific(body):
    root = etree.fromstring(body)
    for series in root.iter("Series", "Obs"):
        if series.tag == "Obs" and series.getparent().tag != "Series":
            yield dict(series.attrib)
        for one in series.findall("Obs"):
            yield {**series.attrib, **one.attrib}


def from_generic(body):
    root = etree.fromstring(body)
    space = {"g": "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic"}

    def values(node):
        return (
            {one.get("id"): one.get("value") for one in node.findall("g:Value", space)}
            if node is not None
            else {}
        )

    for one in root.iterfind(".//g:Obs", space):
        found = values(one.getparent().find("g:SeriesKey", space)) | values(one.find("g:ObsKey", space))
        at = one.find("g:ObsDimension", space)
        if at is not None:
            found[at.get("id") or TIME] = at.get("value")
        figure = one.find("g:ObsValue", space)
        if figure is not None:
            found["OBS_VALUE"] = figure.get("value")
        yield found | values(one.find("g:Attributes", space))


def from_json(body):
    document = json.loads(body)["data"]
    (structure,) = document["structures"]
    series, along = (structure["dimensions"][name] for name in ("series", "observation"))
    attributes = structure["attributes"]["observation"]

    def values(dimensions, key):
        pairs = zip(dimensions, key.split(":"), strict=True) if dimensions else ()
        return {d["id"]: d["values"][int(n)].get("id") or d["values"][int(n)]["value"] for d, n in pairs}

    for dataset in document["dataSets"]:
        groups = dataset.get("series") or {"": {"observations": dataset["observations"]}}
        for key, group in groups.items():
            for place, (figure, *rest) in group["observations"].items():
                found = values(series, key) | values(along, place)
                found["OBS_VALUE"] = figure
                for one, n in zip(attributes, rest, strict=True):
                    if n is None:
                        continue
                    found[one["id"]] = one["values"][n].get("id") or one["values"][n]["value"]
                yield found


@pytest.mark.parametrize(
    "name", ["ohss-repatriations", "ice-facility-adp", "foreign-assistance", "uscis-fear-decisions"]
)
@pytest.mark.parametrize("at", [TIME, FLAT, "FREQ"])
def test_every_form_says_the_same(package, known, name, at):
    made, table = message(package, known, name, at)
    wanted = expected(table, made.structure)
    without = [{k: v for k, v in one.items() if v is not None} for one in wanted]

    def ordered(rows):
        return sorted(rows, key=lambda one: sorted((k, str(v)) for k, v in one.items()))

    assert ordered(from_specific(data_xml.data(made, "2.1"))) == ordered(without)
    assert ordered(from_specific(data_xml.data(made, "3.0"))) == ordered(without)
    assert ordered(from_generic(data_xml.data(made, "2.1", "generic"))) == ordered(without)
    numbers = [
        {
            **{k: v for k, v in one.items() if v is not None},
            "OBS_VALUE": None if one["OBS_VALUE"] is None else float(one["OBS_VALUE"]),
        }
        for one in wanted
    ]
    assert ordered(from_json(data_json.data(made, known))) == ordered(numbers)
    rows = list(csv.DictReader(io.StringIO(data_csv.data(made).decode())))
    for row, one in zip(rows, wanted, strict=True):
        assert (row.pop("STRUCTURE"), row.pop("ACTION")) == ("dataflow", "I")
        assert row.pop("STRUCTURE_ID") == f"BORDERSTATS:{name}({made.structure.version})"
        del row["UNIT_MEASURE"], row["DECIMALS"]
        assert row == {key: value or "" for key, value in one.items()}


def test_counts_are_whole_numbers(package, known):
    table = package.datasets["ohss-repatriations"].latest
    body = data_json.data(Message(HEADER, known.structure("ohss-repatriations"), [Part(table)]), known)
    figures = [one["OBS_VALUE"] for one in from_json(body)]
    assert all(figure is None or isinstance(figure, int) for figure in figures)
    assert None in figures


def test_large_amounts_have_no_exponent(package, known):
    structure = known.structure("contract-obligations")
    table = package.datasets["contract-obligations"].latest.slice(0, 1)
    large = table.set_column(table.column_names.index("value"), "value", pa.array([1e17]))
    text = data_csv.data(Message(HEADER, structure, [Part(large)])).decode()
    assert "100000000000000000.00" in text


def test_attributes_and_figures_can_be_left_out(package, known):
    keys, table = message(
        package, known, "ice-facility-adp", figures=False, attributes=False, dataset_attributes=False
    )
    rows = list(csv.DictReader(io.StringIO(data_csv.data(keys).decode())))
    assert {row["FACILITY"] for row in rows} == set(table["facility"].to_pylist())
    assert len(rows) == len(set(zip(table["facility"].to_pylist(), table["freq"].to_pylist(), strict=True)))
    assert not list(from_specific(data_xml.data(keys, "3.0")))


def test_the_same_message_has_the_same_bytes(package, known):
    for _ in range(2):
        made, _ = message(package, known, "ice-facility-adp")
        assert data_json.data(made, known) == data_json.data(made, known)
        assert data_xml.data(made, "3.0") == data_xml.data(made, "3.0")
