"""What contradicts itself in the layouts: headings that mean two things, feeds that lead nowhere, codes nobody knows."""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from borderstats.standard.codelists import CodeList
from borderstats.standard.layouts import Feed, Layout, heading, shape
from borderstats.standard.records import Family


def contradictions(
    layouts: Mapping[str, Layout], families: Mapping[str, Family], codelist_of: Callable[[str], CodeList]
) -> Iterator[str]:
    """One line for each contradiction, with the file and the path in it; `codelist_of` gives a concept's code list."""
    for layout in layouts.values():
        place = f"layouts/{layout.id}.toml"
        for finding in (*_columns(layout), *_forms(layout)):
            yield f"{place}: {finding}"
        for number, feed in enumerate(layout.feeds):
            at = f"{place}: $.feeds[{number}]"
            family = families.get(feed.family)
            if family is None:
                yield f"{at}.family: no file records/{feed.family}.toml; name a family that is there"
                continue
            for finding in (*_fields(feed, family), *_codes(layout, feed, family, codelist_of)):
                yield f"{at}{finding}"
            for name in feed.columns:
                if name not in layout.column:
                    yield f"{at}: no column has {name!r} as its first name; add it to the columns"
                elif layout.column[name].ignore:
                    yield f"{at}: column {name!r} is ignored; take it or do not feed from it"
    yield from _alike(layouts)


def _columns(layout: Layout) -> Iterator[str]:
    seen: dict[str, str] = {}
    used = {name for feed in layout.feeds for name in feed.columns}
    for number, column in enumerate(layout.columns):
        at = f"$.columns[{number}]"
        for name in column.names:
            if heading(name) in seen:
                yield f"{at}.names: {name!r} is also a heading of {seen[heading(name)]!r}; give it to one column"
            seen[heading(name)] = column.name
        if not (column.ignore or column.allowed or column.name in used):
            yield f"{at}: nothing takes {column.name!r}; feed it, or say under ignore why not"
    if not layout.required:
        yield "$.columns: no column is required, so no file could be recognised; let one be neither optional nor ignored"
    if layout.format == "xlsx" and layout.encoding != "utf-8":
        yield "$.encoding: a workbook says itself how its text is written; leave it out"
    if layout.format == "csv" and layout.other_sheets:
        yield "$.other_sheets: a text file has no sheets; leave them out"
    if not layout.feeds:
        yield "$.feeds: a layout feeds at least one family"


def _forms(layout: Layout) -> Iterator[str]:
    for number, form in enumerate(layout.times):
        at = f"$.times[{number}]"
        try:
            shape(form)
        except KeyError as error:
            yield f"{at}: {form!r} has {error.args[0]}, which no form may have; spell the time with %Y, %m, %d, %H and so on"
        if "%Y" not in form:
            yield f"{at}: {form!r} has no year of four digits (%Y); with two, the century would be guessed"
        if ("%I" in form) != ("%p" in form):
            yield f"{at}: {form!r} has hours of twelve (%I) without %p or the reverse; write both or %H"


def _fields(feed: Feed, family: Family) -> Iterator[str]:
    ways = {
        "keys": tuple(feed.keys),
        "fields": tuple(feed.fields),
        "constants": tuple(feed.constants),
        "cases": tuple(dict.fromkeys(case.field for case in feed.cases)),
    }
    given: dict[str, str] = {}
    for way, names in ways.items():
        for name in names:
            if name not in family.names:
                yield f".{way}: {family.id} has no field {name!r}; name one of its fields"
            elif name in given:
                yield f".{way}: {name!r} stands under {given[name]} too; give it once"
            given[name] = way
    for name in feed.keys:
        if name in family.names and family.field(name).type != "key":
            yield f".keys: {name!r} is no key; only keys can be made of the row"
    for name, columns in feed.fields.items():
        if not columns:
            yield f".fields: {name!r} names no column; name one or leave the field out"
    for field in family.fields:
        if field.required and field.name not in given:
            yield f": {field.name!r} is required in {family.id}; feed it"


def _codes(
    layout: Layout, feed: Feed, family: Family, codelist_of: Callable[[str], CodeList]
) -> Iterator[str]:
    given = [("constants", name, code) for name, code in feed.constants.items()]
    given += [("cases", case.field, case.code) for case in feed.cases]
    given += [
        ("fields", name, code)
        for name, columns in feed.fields.items()
        for column in columns
        if column in layout.column
        for code in layout.column[column].labels.values()
        if code
    ]
    for way, name, code in given:
        if name not in family.concepts:
            continue
        known = {entry.code for entry in codelist_of(family.concepts[name]).codes}
        if code not in known:
            yield f".{way}: {code!r} is no code of {family.concepts[name]}; use one of codelists"


def _alike(layouts: Mapping[str, Layout]) -> Iterator[str]:
    for one, other in combinations(layouts.values(), 2):
        if _fits(one, other) and _fits(other, one):
            yield (
                f"layouts/{other.id}.toml: $.columns: a file could be of {one.id} as well; "
                "require a column that only one of them has"
            )


def _fits(layout: Layout, other: Layout) -> bool:
    """Whether a file with every column of `other` has all that `layout` requires."""
    return all(any(heading(name) in other.headings for name in column.names) for column in layout.required)
