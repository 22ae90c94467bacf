"""Every interface says in the prices of which year an amount is."""

import csv
import io

import pytest
from test_schemas import VENDOR, valid_json

QUERY = "recipient=MEX&aid_transaction=OBLIGATIONS&from=FY2016&to=FY2016"
KEY = "c[RECIPIENT]=MEX&c[AID_TRANSACTION]=OBLIGATIONS&c[TIME_PERIOD]=2015-10-01/P1Y"
WANTED = {"CURRENT": (87_681_432, None), "CONSTANT": (108_839_439, "FY2023")}


def test_the_plain_interface(served):
    found = served.get(f"/api/datasets/foreign-assistance/observations?{QUERY}").json()["observations"]
    assert {row["price_basis"]: (row["value"], row["price_base"]) for row in found} == WANTED
    rows = csv.DictReader(
        io.StringIO(served.get(f"/api/datasets/foreign-assistance/observations?{QUERY}&format=csv").text)
    )
    said = {row["price_basis"]: (int(row["value"]), row["price_base"] or None) for row in rows}
    assert said == WANTED
    described = served.get("/api/datasets/foreign-assistance.json").json()
    assert '"price_base"' in str(described).replace("'", '"')


def test_sdmx(served):
    flow = "/sdmx/3/data/dataflow/*/foreign-assistance/~/*"
    rows = csv.DictReader(io.StringIO(served.get(f"{flow}?{KEY}&format=csv").text))
    said = {row["PRICE_BASIS"]: (int(row["OBS_VALUE"]), row["BASE_PER"] or None) for row in rows}
    assert said == WANTED
    structure = served.get("/sdmx/3/structure/datastructure/*/foreign-assistance?references=none&format=json")
    assert "BASE_PER" in structure.text
    other = served.get("/sdmx/3/structure/datastructure/*/ohss-cbp-one?references=none&format=json")
    assert "BASE_PER" not in other.text


@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions", "PRICE_BASIS"])
def test_answers_are_valid_where_the_attribute_is_left_out(served, at):
    path = f"/sdmx/3/data/dataflow/*/foreign-assistance/~/*?{KEY}&dimensionAtObservation={at}"
    body = served.get(path, Accept=f"{VENDOR}data+json;version=2.0.0").content
    valid_json(body, "data")
    assert b"FY2023" in body


def test_what_was_known_of_it_before_is_in_the_prices_of_its_day(served):
    address = f"/api/datasets/foreign-assistance/observations?{QUERY}&history=true"
    found = served.get(address).json()["observations"]
    known = {(row["price_basis"], row["price_base"]) for row in found}
    assert known == {("CURRENT", None), ("CONSTANT", "FY2023")}
    # Of the days on which the two files before became known there is no upper bound but the third's: they were surely known on none.
    found = served.get(f"{address}&days=edition").json()["observations"]
    assert {(row["price_basis"], row["price_base"]) for row in found} == {
        *known,
        ("CONSTANT", "FY2021"),
        ("CONSTANT", "FY2022"),
    }
