"""Records as Arrow columns in the canonical form: codes as dictionaries, keys as text of fixed width.

Beside each field that can be without a value stands a column `<field>_missing` with the reason.
"""

from typing import Any

import numpy as np
import pyarrow as pa

from borderstats.observations import Flags, Ints
from borderstats.simulate.records import NEVER, NONE, Encounters, Outcomes, Referrals, Screenings, Spells
from borderstats.simulate.spoil import UNKNOWN_CODE
from borderstats.standard.model import Standard
from borderstats.standard.simulation import FIELDS, Simulation

PREFIX = "SYN"
"""With these letters every key of a synthetic record begins."""

_WIDTH = 16
_PART = 10_000
_DIGITS = np.array([f"{number:04d}".encode() for number in range(_PART)]).view(np.uint32)
_MICROSECONDS = 1_000_000
_REASON = pa.array(["NOT_RECORDED"])

Column = Any
Columns = dict[str, Column]


class Batches:
    """Makes the batches of all families and numbers their records."""

    def __init__(self, standard: Standard, simulation: Simulation) -> None:
        self._numbers = dict.fromkeys("COSR", 0)
        self._codes: dict[str, Column] = {
            name: pa.array([code.code for code in standard.codelist_of(name).codes])
            for fields in FIELDS.values()
            for name in filter(None, fields.values())
        }
        nations = [code.code for code in standard.codelist_of("citizenship").codes]
        self._codes["citizenship"] = pa.array([*nations, UNKNOWN_CODE])
        detention = simulation.detention
        offices, components = self._codes["office"].to_pylist(), self._codes["component"].to_pylist()
        # An office may have the name of a component. Of a dictionary that has a text twice, Arrow 26 writes the bytes
        # that happen to stand in memory behind the last text.
        self._places = pa.array(
            [
                *(f"{simulation.custody.place} {code}" for code in (*offices, *components)),
                *(f"{detention.place} {number + 1}" for number in range(detention.places)),
            ]
        ).dictionary_encode()

    def encounters(self, records: Encounters) -> Column:
        """A batch of encounters."""
        far = np.isnan(records.distance)
        return _batch(
            {
                "event_key": keys("E", records.event),
                **_person(records.person),
                "encounter_time": _times(records.time),
                "component": self._code("component", records.component),
                "region": self._code("region", records.region),
                "office": self._code("office", records.office),
                "office_missing": _missing(records.office == NONE),
                "title": self._code("title", records.title),
                "encounter_type": self._code("encounter_type", records.type),
                "citizenship": self._code("citizenship", records.citizenship),
                "demographic": self._code("demographic", records.demographic),
                "age": pa.array(records.age.astype(np.int32), mask=records.age == NONE),
                "age_missing": _missing(records.age == NONE),
                "entry_time": _times(records.entry),
                "entry_time_missing": _missing(records.entry == NEVER),
                "distance_miles": pa.array(records.distance, mask=far),
                "distance_miles_missing": _missing(far),
            }
        )

    def spells(self, records: Spells) -> Column:
        """A batch of custody spells."""
        return _batch(
            {
                "spell_key": self._next("C", len(records.event)),
                "event_key": keys("E", records.event),
                "person_key": keys("P", records.person),
                "holding_agency": self._code("component", records.agency),
                "place": _dictionary(self._places.dictionary, self._places.indices.to_numpy()[records.place]),
                "demographic": self._code("demographic", records.demographic),
                "book_in": _times(records.book_in),
                "book_out": _times(records.book_out),
                "release_reason": self._code("release_reason", records.reason),
            }
        )

    def outcomes(self, records: Outcomes) -> Column:
        """A batch of dispositions and outcomes."""
        return _batch(
            {
                "outcome_key": self._next("O", len(records.event)),
                "event_key": keys("E", records.event),
                **_person(records.person),
                "outcome_time": _times(records.time),
                "event_outcome": self._code("event_outcome", records.outcome),
                "repatriation_type": self._code("repatriation_type", records.repatriation),
            }
        )

    def screenings(self, records: Screenings) -> Column:
        """A batch of screenings."""
        return _batch(
            {
                "screening_key": self._next("S", len(records.event)),
                "event_key": keys("E", records.event),
                **_person(records.person),
                "screening_kind": self._code("screening_kind", records.kind),
                "referred": _times(records.referred),
                "decided": _times(records.decided),
                "fear_result": self._code("fear_result", records.result),
            }
        )

    def referrals(self, records: Referrals) -> Column:
        """A batch of referrals for prosecution."""
        return _batch(
            {
                "referral_key": self._next("R", len(records.event)),
                "event_key": keys("E", records.event),
                **_person(records.person),
                "referral_time": _times(records.time),
                "statute": self._code("statute", records.statute),
            }
        )

    def _next(self, letter: str, count: int) -> Column:
        first = self._numbers[letter]
        self._numbers[letter] += count
        return keys(letter, first + np.arange(count))

    def _code(self, concept: str, places: Ints) -> Column:
        return _dictionary(self._codes[concept], places)


def keys(letter: str, numbers: Ints) -> Column:
    """Keys such as `SYNE000000000042`, null where there is no number."""
    written = np.empty((len(numbers), _WIDTH // 4), np.uint32)
    written[:, 0] = np.frombuffer(f"{PREFIX}{letter}".encode(), np.uint32)
    left = np.maximum(numbers, 0)
    for place in (3, 2, 1):
        # Faster than the remainder.
        higher = left // _PART
        written[:, place] = _DIGITS[left - higher * _PART]
        left = higher
    none = numbers == NONE
    validity = pa.py_buffer(np.packbits(~none, bitorder="little")) if none.any() else None
    ends = np.arange(0, _WIDTH * (len(numbers) + 1), _WIDTH, dtype=np.int32)
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(ends), pa.py_buffer(written), validity)


def _person(numbers: Ints) -> Columns:
    return {"person_key": keys("P", numbers), "person_key_missing": _missing(numbers == NONE)}


def _times(seconds: Ints) -> Column:
    micro = (seconds * _MICROSECONDS).view("datetime64[us]")
    return pa.array(micro, pa.timestamp("us"), mask=seconds == NEVER)


def _dictionary(codes: Column, places: Ints) -> Column:
    indices = pa.array(places.astype(np.int16), mask=places == NONE)
    return pa.DictionaryArray.from_arrays(indices, codes)


def _missing(flags: Flags) -> Column:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(flags), np.int8), mask=~flags), _REASON)


def _batch(columns: Columns) -> Column:
    rows = len(next(iter(columns.values())))
    columns["synthetic"] = pa.array(np.ones(rows, np.bool_))
    return pa.RecordBatch.from_pydict(columns)
