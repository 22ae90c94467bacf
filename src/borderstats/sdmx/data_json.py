"""Figures as SDMX-JSON 2.0: keys and attributes are places in lists of values with their names."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from borderstats.package.struct import Text
from borderstats.sdmx.message import FLAT, Message, Part, series
from borderstats.sdmx.model import TIME, Component, Item, Structures, urn
from borderstats.sdmx.structure_json import meta, named

_SCHEMA = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas/2.0.0/sdmx-json-data-schema.json"


def data(message: Message, known: Structures) -> bytes:
    """The message as JSON. Figures are numbers, one that is not there is null; `known` has the names of codes."""
    writer = _Writer(message, known)
    sets = [writer.dataset(part) for part in message.parts]
    found = {"structures": [writer.structure(len(sets))], "dataSets": sets}
    return msgspec.json.encode({"meta": meta(message.header, _SCHEMA), "data": found})


class _Writer:
    def __init__(self, message: Message, known: Structures) -> None:
        self.message, self.known = message, known
        # The values that occur, in the order of their first use; their places are the indexes.
        self.values: dict[str, dict[str, int]] = {
            name: {} for name in (*message.along, message.at, *(one.id for one in message.observed))
        }

    def place(self, component: str, value: str) -> int:
        values = self.values[component]
        return values.setdefault(value, len(values))

    def dataset(self, part: Part) -> dict[str, Any]:
        one, given = self.message.structure, self.message.of(part)
        found: dict[str, Any] = {
            "structure": 0,
            "action": part.action,
            "links": [{"rel": "self", "urn": _flow(self.message)}],
        }
        for name, day in (("validFrom", part.valid_from), ("validTo", part.valid_to)):
            if day:
                found[name] = f"{day}T00:00:00Z"
        if given.whole:
            found["attributes"] = [0] * len(given.whole)
        whole_numbers = one.measure.type == "Long"
        observed = [each.id for each in given.observed]

        def observation(texts: Mapping[str, Sequence[str]], row: int) -> list[Any]:
            if not self.message.figures:
                return []
            value = texts[one.measure.id][row]
            number: float | None = (int(value) if whole_numbers else float(value)) if value else None
            places = (self.place(name, text) if (text := texts[name][row]) else None for name in observed)
            return [number, *places]

        rows_of: dict[str, Any] = {}
        for key, rows, texts in series(self.message, part):
            places = ":".join(
                str(self.place(n, value)) for n, value in zip(self.message.along, key, strict=True)
            )
            if self.message.at == FLAT:
                for row in rows:
                    rows_of[places] = observation(texts, row)
            else:
                at = texts[self.message.at]
                observations = (
                    {str(self.place(self.message.at, at[row])): observation(texts, row) for row in rows}
                    if self.message.figures
                    else {}
                )
                rows_of[places] = {"observations": observations} if observations else {}
        found["observations" if self.message.at == FLAT else "series"] = rows_of
        return found

    def structure(self, sets: int) -> dict[str, Any]:
        one = self.message.structure
        names = (*(each.id for each in one.dimensions), TIME)
        positions = {name: n for n, name in enumerate(names)}
        flat = self.message.at == FLAT
        along = [self._dimension(name, positions[name]) for name in self.message.along]
        at = [] if flat else [self._dimension(self.message.at, positions[self.message.at])]
        attributes: dict[str, Any] = {}
        if self.message.whole:
            attributes["dataSet"] = [
                self._attribute(each, [each.value], {"dataflow": {}}) for each in self.message.whole
            ]
        if self.message.observed and self.message.figures:
            attributes["observation"] = [
                self._attribute(each, list(self.values[each.id]), {"observation": {}})
                for each in self.message.observed
            ]
        return {
            "links": [
                {"rel": "dataflow", "urn": _flow(self.message)},
                {"rel": "datastructure", "urn": urn(one)},
            ],
            **named(one.name),
            "dimensions": {"series": [] if flat else along, "observation": along if flat else at},
            "measures": {"observation": [{"id": one.measure.id, **self._concept(one.measure.id)}]},
            "attributes": attributes,
            "dataSets": list(range(sets)),
        }

    def _dimension(self, name: str, position: int) -> dict[str, Any]:
        listed = next((each.codelist for each in self.message.structure.dimensions if each.id == name), "")
        values = self._values(listed, list(self.values[name]))
        return {
            "id": name,
            **self._concept(name),
            "keyPosition": position,
            # No observation, no value: a dimension has at least one, though.
            "values": values or [{"value": ""}],
        }

    def _attribute(self, one: Component, values: list[str], relation: dict[str, Any]) -> dict[str, Any]:
        found = self._values(one.codelist, values)
        return {
            "id": one.id,
            **self._concept(one.id),
            "relationship": relation,
            **({"values": found} if found else {}),
        }

    def _concept(self, name: str) -> dict[str, Any]:
        item = next((each for each in self.known.concepts.items if each.id == name), Item(name, Text(name)))
        return named(item.name)

    def _values(self, codelist: str, values: list[str]) -> list[dict[str, Any]]:
        if not codelist:
            return [{"value": value} for value in values]
        scheme = self.known.by_id.get(("Codelist", codelist))
        names = {item.id: item.name for item in getattr(scheme, "items", ())}
        return [{"id": value, **named(names.get(value, Text(value)))} for value in values]


def _flow(message: Message) -> str:
    one = message.structure
    return urn(one, kind="Dataflow")
