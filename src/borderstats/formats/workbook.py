"""The latest values of a dataset as a workbook, after the Government Analysis Function's guidance on spreadsheets.

A cover, the contents, notes, one tidy table a sheet for each frequency, and the codes with their labels. No cell is merged, none is empty, none is a formula; a missing figure is shorthand that says why: `[c]` for a
suppressed one, `[x]` for one that is not available, `[z]` for one that cannot exist. `[low]` is not used: of a
figure that is rounded to 0 the publishers do not say whether it is one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from borderstats.formats import described
from borderstats.formats.spreadsheet import Cover, Sheet, Workbook, plain, written
from borderstats.package import addresses
from borderstats.package.datasets import Dimension, Metadata
from borderstats.package.model import Dataset, Package
from borderstats.periods import Kind
from borderstats.standard.codelists import TOTAL
from borderstats.words import labels

MOST_ROWS = 250_000
"""Rows of a table that a spreadsheet still opens and filters in seconds; its own limit is 1,048,576."""

SUPPRESSED, UNAVAILABLE, INAPPLICABLE = "[c]", "[x]", "[z]"
SHORTHAND = {"suppressed": SUPPRESSED, "not_applicable": INAPPLICABLE}
"""What stands for a missing figure by the role of its status; `[x]` for any other."""

_MEANING = {
    SUPPRESSED: "[c] means suppressed: the figure is withheld by the disclosure rule.",
    UNAVAILABLE: "[x] means not available: there is no figure, and the status says whether it was never recorded.",
    INAPPLICABLE: "[z] means not applicable: a figure cannot exist.",
}
_LACKING = {
    UNAVAILABLE: "[x] means not available: there is no label in Spanish.",
    INAPPLICABLE: "[z] means not applicable: the code has no note.",
}
_TIMES = {"known_from": "Known from", "known_basis": "Basis", "edition_from": "Edition"}
OWN_PRICES = "current prices"
"""In the place of a price base: the amount is in the prices of its own period."""

_SHEETS: Mapping[Kind, tuple[str, str]] = {
    "month": ("Months", "by month"),
    "quarter": ("Quarters", "by quarter"),
    "year": ("Years", "by calendar year"),
    "fiscal_year": ("Fiscal_years", "by fiscal year"),
    "half_month": ("Half_months", "by half-month"),
    "week": ("Weeks", "by week"),
    "day": ("Days", "by day"),
}
_CODES = "Codes"


def document(package: Package, dataset: str, most_rows: int = MOST_ROWS) -> bytes:
    """The workbook of the dataset of that id. A table of more than `most_rows` rows is left out, as its contents say.

    Raises ReleaseError if there is no such dataset, or a figure of it is not a number.
    """
    found = package.dataset(dataset, "release.json")
    meta, notes = found.meta, _notes(found.meta)
    sheets, left_out = {}, []
    for kind, rows in described.kinds(found.latest).items():
        if rows.num_rows > most_rows:
            left_out.append(
                f"The table {_SHEETS[kind][1]} has {rows.num_rows:,} rows, too many for a spreadsheet: "
                f"it is in {described.address(package, f'data/{meta.id}/latest.csv')}"
            )
        else:
            sheets[_SHEETS[kind][0]] = _figures(package, Dataset(meta, {"latest": rows}), kind, notes)
    sheets[_CODES] = _codes(meta, () if sheets else tuple(notes), in_spanish=package.standard.spanish)
    made = package.manifest.date
    cover = _cover(package, meta, left_out)
    return written(Workbook(cover, notes, sheets, package.standard.publisher.name, made, left_out))


def _figures(package: Package, dataset: Dataset, kind: Kind, notes: Mapping[str, str]) -> Sheet:
    meta, rows = dataset.meta, dataset.latest
    known = described.statuses(package, meta, rows)
    columns: dict[str, Sequence[Any]] = {}
    noted: dict[int, str] = {}
    for dimension in meta.dimensions:
        heading = _heading(columns, dimension.label.en, dimension.id)
        shown = {code.code: described.labelled(code) for code in dimension.codes}
        codes = described.texts(rows, dimension.id)
        noted[len(columns)] = f"$${dimension.id}$$"
        columns[heading] = [shown.get(code, code) for code in codes]
        columns[f"{heading} code"] = codes
    codes = described.texts(rows, "period")
    period = {one: labels.sentence(labels.period(one)) for one in set(codes)}
    status = described.texts(rows, "status")
    value = described.values(meta, rows)
    columns[_heading(columns, "Period", "period")] = [period[one] for one in codes]
    columns[_heading(columns, "Period code", "period")] = codes
    figures = _heading(columns, meta.unit.label_en, "value")
    sign = {one: SHORTHAND.get(known[one].role, UNAVAILABLE) for one in known}
    columns[figures] = [
        sign[one] if figure is None else figure for figure, one in zip(value, status, strict=True)
    ]
    columns[_heading(columns, "Status", "status")] = [known[one].label_en for one in status]
    columns[_heading(columns, "Status code", "status")] = status
    if meta.constant_prices:
        columns[_heading(columns, "Price base", "price_base")] = [
            base or OWN_PRICES for base in described.texts(rows, "price_base")
        ]
    for column, heading in _TIMES.items():
        columns[_heading(columns, heading, column)] = described.texts(rows, column)
        noted[len(columns) - 1] = f"$${column}$$"
    general = "".join(f"$${one}$$" for one in notes if one.startswith("general "))
    missing = {sign[one] for one, figure in zip(status, value, strict=True) if figure is None}
    return Sheet(
        title=f"{plain(meta.title.en)}, {_SHEETS[kind][1]}",
        columns=columns,
        instructions=(
            "This worksheet contains one table. Notes to it are on the worksheet Notes, "
            f"what its codes mean is on the worksheet {_CODES}."
        ),
        legend=(
            *_provisional(package, status),
            *(text for sign, text in _MEANING.items() if sign in missing),
        ),
        subtitles=(f"Unit: {labels.unit(meta.unit)}. {general}",),
        noted=noted,
        figures=figures,
        decimals=meta.decimals,
    )


def _provisional(package: Package, status: Sequence[str]) -> tuple[str, ...]:
    code = package.standard.provisional
    name = package.standard.status[code].label_en
    return (f"Figures with the status {name} may still be revised.",) if code in status else ()


def _heading(columns: Mapping[str, object], wanted: str, name: str) -> str:
    """A heading that no column has yet: spreadsheets do not tell capitals from small letters."""
    wanted, taken = plain(wanted), {one.lower() for one in columns}
    return f"{wanted} ({name})" if wanted.lower() in taken else wanted


def _codes(meta: Metadata, noted: Sequence[str], *, in_spanish: bool) -> Sheet:
    """What each code stands for. `noted`: the notes that no table of figures refers to."""
    codes = [(one, code) for one in meta.dimensions for code in one.codes]
    spanish = [code.es or UNAVAILABLE for _, code in codes]
    notes = [code.note or INAPPLICABLE for _, code in codes]
    columns = {
        "Dimension": [one.label.en for one, _ in codes],
        "Dimension id": [one.id for one, _ in codes],
        "Code": [code.code for _, code in codes],
        "Label": [described.labelled(code) for _, code in codes],
        **({"Label in Spanish": spanish} if in_spanish else {}),
        "Note": notes,
    }
    lacking = {*notes, *(spanish if in_spanish else ())}
    return Sheet(
        title=f"Codes of: {plain(meta.title.en)}",
        columns=columns,
        instructions="This worksheet contains one table. It says what each code stands for.",
        legend=tuple(text for sign, text in _LACKING.items() if sign in lacking),
        subtitles=("Notes to the dataset: " + "".join(f"$${one}$$" for one in noted),) if noted else (),
    )


def _notes(meta: Metadata) -> dict[str, str]:
    """The texts of the notes by what they are called until gptables numbers them in the order of their references."""
    general = {f"general {n}": text for n, text in enumerate((meta.counts, *described.notes(meta)))}
    columns = {one.id: _explained(one) for one in meta.dimensions}
    times = {
        "known_from": "Known from: the day from which on this figure was surely known.",
        "known_basis": "Basis: how that day is known: published, captured or announced then; not after it, where only a bound is known.",
        "edition_from": "Edition: the day for which the file speaks that first gave this figure.",
    }
    return general | columns | times


def _explained(dimension: Dimension) -> str:
    """What a column is, and how to get the total over its codes without counting anything twice."""
    published = dimension.total == "published"
    if published and TOTAL in (code.code for code in dimension.codes):
        total = f"Rows with the code {TOTAL} are the publisher's totals; do not add them to the others."
    else:
        total = (
            ""
            if published
            else "The publisher states no total here; the codes do not overlap and can be added up."
        )
    return f"{dimension.label.en}: {labels.stopped(dimension.definition)} {total}".rstrip()


def _cover(package: Package, meta: Metadata, left_out: Sequence[str]) -> Cover:
    publisher = package.standard.publisher

    def link(text: str, path: str) -> str:
        return f"[{text}]({described.address(package, path)})"

    whole = f"To {meta.decimals} decimals." if meta.decimals else "Whole numbers."
    precision = f"Rounded to the nearest {meta.rounding} by the publisher." if meta.rounding > 1 else whole
    intro = [
        *([meta.title.es] if meta.title.es else []),
        meta.counts,
        f"Unit: {labels.unit(meta.unit)}. {precision}",
        f"From {labels.period(meta.first_period)} to {labels.period(meta.last_period)}.",
        f"Released on {labels.date(package.manifest.date)} by {publisher.name}.",
        *left_out,
    ]
    about = [
        plain(f"Source: {described.sources(meta)}."),
        plain(f"Licence: {publisher.licence}."),
        plain(f"Cite as: {described.citation(package, meta)}"),
        link("This table as comma-separated values", f"data/{meta.id}/latest.csv"),
        link("Every value that was ever published", f"data/{meta.id}/history.csv"),
        link("What this dataset is, on its page", addresses.dataset(meta.id)),
    ]
    contact = [plain(publisher.contact), f"[{publisher.email}](mailto:{publisher.email})"]
    return Cover(plain(meta.title.en), list(map(plain, intro)), about, contact)
