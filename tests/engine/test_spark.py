"""Spark with two workers gives what the plain-Python reference gives, for every table of the standard."""

import datetime
import random

import pyarrow as pa
import pytest
from pyarrow import parquet

from borderstats import periods
from borderstats.engine.spark import SparkEngine
from borderstats.tabulate import reference
from borderstats.tabulate.make import scope, tables

pytestmark = pytest.mark.slow

DAY = datetime.date(2022, 9, 15)
ARROW = {"person": pa.int64(), "time": pa.timestamp("us"), "whole": pa.int64(), "number": pa.float64()}


def invented(standard, family, seed):
    """Fifty invented records of a family, some of them later than the day of the tables."""
    chance = random.Random(seed)

    def value(field):
        if field.name == family.key:
            return None
        if not field.required and chance.random() < 0.2:
            return None
        if field.type == "code":
            codes = [code.id for code in standard.codelist_of(field.concept).codes if code.code != "_T"]
            return chance.choice(codes[:5])
        if field.type == "person":
            return chance.randrange(12)
        if field.type == "time":
            return datetime.datetime(2021, 5, 1) + datetime.timedelta(minutes=chance.randrange(520 * 24 * 60))
        if field.type in ("whole", "number"):
            return chance.randrange(150)
        return f"E{chance.randrange(50)}"

    rows = [{field.name: value(field) for field in family.fields} for _ in range(50)]
    return [{**row, family.key: f"E{n}"} for n, row in enumerate(rows)]


@pytest.fixture(scope="module")
def spark():
    # Compiling thoroughly costs these short queries more than it saves.
    quick = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    settings = {
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.extraJavaOptions": quick,
        "spark.executor.extraJavaOptions": quick,
    }
    with SparkEngine("local-cluster[2,1,1024]", settings) as engine:
        yield engine


def test_every_table_of_the_standard_on_two_workers(standard, spark, tmp_path):
    records = {
        name: invented(standard, family, n) for n, (name, family) in enumerate(standard.families.items())
    }
    files = {}
    for name, family in standard.families.items():
        schema = pa.schema([(field.name, ARROW.get(field.type, pa.string())) for field in family.fields])
        files[name] = [tmp_path / f"{name}-{part}.parquet" for part in (0, 1)]
        for part, path in enumerate(files[name]):
            parquet.write_table(pa.Table.from_pylist(records[name][part::2], schema), path)
    scopes = [scope(standard, name, DAY) for name in standard.tables]
    made = list(tables(spark, scopes, files))
    assert {table.spec.id for table in made} == set(standard.tables)
    for table in made:
        names = table.spec.dimensions
        found = {
            (tuple(row[name] for name in names), row["period"]): (row["value"], row["untold"])
            for row in table.cells.to_pylist()
        }
        wanted = reference.tabulate(scope(standard, table.spec.id, DAY), records)
        assert found == {(codes, periods.text(p)): figure for (codes, p), figure in wanted.items()}, (
            table.spec.id
        )
