"""Cross-check `protection.toml` against the tables, datasets and sources that it names."""

from collections.abc import Iterator

from borderstats.standard.model import Standard
from borderstats.standard.protection import Protection
from borderstats.standard.tables import RecordsTable


def contradictions(standard: Standard) -> Iterator[str]:
    """Every contradiction, one line each. The tables have been checked already."""
    for number, one in enumerate(standard.protections):
        where = f"protection.toml: $.protections[{number}]"
        for name in one.tables:
            if name not in standard.tables:
                yield f"{where}.tables: no table {name!r}; known are {', '.join(standard.tables)}"
        if one.source not in standard.sources:
            yield f"{where}.source: no source {one.source!r}; known are {', '.join(standard.sources)}"
        elif not one.tables:
            yield f"{where}.tables: name at least one table"
        elif all(name in standard.tables for name in one.tables):
            yield from (f"{where}.{line}" for line in one.contradictions())
            yield from (f"{where}.{line}" for line in _agree(standard, one))


def _agree(standard: Standard, one: Protection) -> Iterator[str]:
    specs = [standard.tables[name] for name in one.tables]
    for spec in specs:
        if not isinstance(spec, RecordsTable) or spec.link:
            yield f"tables: {spec.id} is no plain count of records, whose cells add up; it cannot be protected"
        if (spec.family, spec.where) != (specs[0].family, specs[0].where):
            yield f"tables: {spec.id} is of other records than {specs[0].id}; tables of one dataset count the same"
    if one.method == "cell-key":
        yield "method: noise by cell key needs the keys of single records, which tables do not have; choose another method"
    dimensions = {name for spec in specs for name in spec.dimensions}
    dataset = standard.datasets[standard.sources[one.source].feeds[0]]
    for name in sorted(dimensions ^ set(dataset.concepts)):
        yield f"tables: {name} must be a dimension of the tables and of {dataset.id}, and is one of one of them only"
    for name in (*one.attribute, *(s.dimension for s in one.stricter)):
        if name not in dimensions:
            yield f"attribute, stricter: {name!r} is no dimension; they are {', '.join(sorted(dimensions))}"
    for stricter in one.stricter:
        known = standard.codelist_of(stricter.dimension).numbers if stricter.dimension in dimensions else {}
        for code in stricter.codes:
            if stricter.dimension in dimensions and code not in known:
                yield f"stricter: no code {code!r} in codelists/{standard.concepts[stricter.dimension].codelist}.csv"
    for columns in one.first:
        for name in columns:
            if name not in {*dimensions, "month", "fiscal_year"}:
                yield f"first: {name!r} is none of {', '.join(sorted(dimensions))}, month, fiscal_year"
