"""Publishers' labels in records to codes: each label is looked up once, not once for each record."""

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from borderstats.standard.model import TOTAL, Standard
from borderstats.standard.records import Field

_SCHEMA = pa.schema(
    [
        ("scope_label", pa.string()),
        ("label", pa.string()),
        ("code", pa.string()),
        ("starts", pa.date32()),
        ("ends", pa.date32()),
    ]
)


@dataclass(frozen=True)
class Labels:
    """Every label that a field of a file has, with its code, null if nobody knows it, and the code's first and last day."""

    field: str
    table: pa.Table

    @property
    def dated(self) -> bool:
        """Whether any of the codes is valid on some days only."""
        return bool(self.table["starts"].null_count + self.table["ends"].null_count < 2 * self.table.num_rows)


def labels(
    standard: Standard, field: Field, found: Iterable[tuple[str, str]], scopes: Labels | None
) -> Labels:
    """The codes of (label of the scope, label) pairs. A total is no code of a record: nobody knows it."""
    codelist = standard.codelist_of(field.concept)
    scope_codes = (
        dict(zip(scopes.table["label"].to_pylist(), scopes.table["code"].to_pylist(), strict=True))
        if scopes
        else {}
    )
    rows = []
    for scope_label, label in sorted(found):
        place = codelist.find(
            label.removeprefix(f"{scope_codes.get(scope_label)}."), scope_codes.get(scope_label) or ""
        )
        code = codelist.codes[place] if place is not None else None
        known = code is not None and code.code != TOTAL
        rows.append(
            {
                "scope_label": scope_label,
                "label": label,
                "code": code.id if code and known else None,
                "starts": code.valid_from if code and known else None,
                "ends": code.valid_to if code and known else None,
            }
        )
    return Labels(field.name, pa.Table.from_pylist(rows, _SCHEMA))
