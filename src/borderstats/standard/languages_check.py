"""Labels in the languages of the standard: each of them in all, and in no other."""

from collections import defaultdict
from collections.abc import Iterator

from borderstats.standard.model import Standard
from borderstats.standard.struct import Struct


def contradictions(standard: Standard) -> Iterator[str]:
    """Labels that are missing in a language of the standard, or given in one that it does not have: a line for each file."""
    spanish = "es" in standard.office.languages
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for file, where, thing in _labelled(standard):
        for field in thing.__struct_fields__:
            name = field.removesuffix("_es")
            if name != field:
                main = getattr(thing, name, "") or getattr(thing, f"{name}_en", "")
                if getattr(thing, field) if not spanish else main and not getattr(thing, field):
                    found[file, field].append(where)
    for (file, field), places in found.items():
        more = f" (and {len(places) - 1:,} more in this file)" if len(places) > 1 else ""
        yield f"{file}: {places[0]}: {field}{more}: " + (
            "missing; `languages` of office.toml says that every label is also in es"
            if spanish
            else "given, but `languages` of office.toml has no es; add it there, or take the label out"
        )


def _labelled(standard: Standard) -> Iterator[tuple[str, str, Struct]]:
    """File, place and part of everything that has a label."""
    yield "office.toml", "$", standard.office
    yield "office.toml", "$.publisher", standard.office.publisher
    yield from (("concepts.toml", f"$.{name}", concept) for name, concept in standard.concepts.items())
    for codelist in standard.codelists.values():
        yield from ((f"codelists/{codelist.id}.csv", code.id, code) for code in codelist.codes)
    yield from ((f"datasets/{one.id}.toml", "$", one) for one in standard.datasets.values())
    yield from ((f"tables/{one.id}.toml", "$", one) for one in standard.tables.values())
    yield from (("breaks.csv", one.id, one) for one in standard.breaks)
    yield from (("cited.csv", one.measure, one) for one in standard.cited)
    yield from (("joined.toml", one.id, one) for one in standard.joined)
    yield from (("announcements.csv", str(one.date), one) for one in standard.announcements)
    for provision in standard.provisions:
        yield "provisions.toml", provision.id, provision
        yield from (("provisions.toml", f"{provision.id}/{one.id}", one) for one in provision.indicators)
