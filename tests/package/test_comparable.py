"""What is known now in the prices of one year, where an edition that speaks of fewer years has others."""

import datetime
from dataclasses import replace

import msgspec
import pyarrow as pa

from borderstats.package import read
from borderstats.package.datasets import Property, Vintage
from borderstats.package.model import held

DAY = datetime.date(2024, 5, 31)


def edition(*bases):
    said = tuple(Property("price_base", base, "measured", {"component": code}) for code, base in bases)
    return Vintage(DAY, "stated", DAY, "published", "made.csv", 4, (), said)


def test_figures_in_other_prices_than_the_newest_of_their_part_are_left_out(small):
    table = held(
        pa.table(
            {
                "component": ["OFO", "OFO", "OFO", "USBP", "USBP"],
                "period": ["FY2019", "FY2020", "FY2020", "FY2019", "FY2020"],
                "value": [10, 11, 12, 13, 14],
                "price_base": ["FY2019", None, "FY2020", "FY2019", "FY2020"],
            }
        )
    )
    dataset = read.package(small).datasets["annual"]
    vintages = (edition(("OFO", "FY2019"), ("USBP", "FY2019")), edition(("OFO", "FY2020")))
    meta = msgspec.structs.replace(dataset.meta, vintages=vintages)
    found = replace(dataset, meta=meta, tables={"latest": table}).comparable
    assert found["value"].to_pylist() == [11, 12, 13]


def test_a_table_without_constant_prices_is_as_it_was(small):
    dataset = read.package(small).datasets["annual"]
    assert dataset.comparable is dataset.latest
