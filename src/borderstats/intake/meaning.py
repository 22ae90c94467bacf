"""What a label or a figure of a table was taken for, in words."""

import numpy as np

from borderstats import periods
from borderstats.intake.raw import Labels
from borderstats.intake.table import Part
from borderstats.standard.columns import (
    Column,
    DatedColumn,
    DimensionColumn,
    FigureColumn,
    IgnoredColumn,
    NotBeforeColumn,
    TimeColumn,
)
from borderstats.standard.sources import ListTable, Source, Table
from borderstats.standard.struct import fold


def rule_path(source: Source, table: Table) -> str:
    """Where in the standard a table of a source is described."""
    number = next((n for n, one in enumerate(source.tables) if one is table), None)
    return f"sources/{source.id}.toml: $.{'columns' if number is None else f'tables[{number}]'}"


def rule(source: Source, part: Part) -> str:
    """Which table of a source a list is read by, and what becomes of its rows."""
    how = {"sum": ", rows of one key added up", "rows": ", rows counted", "distinct": ", things counted once"}
    combined = how.get(part.table.combine, "") if isinstance(part.table, ListTable) else ""
    return f"{rule_path(source, part.table)}: a list that feeds {part.space.dataset.id}{combined}"


def role(column: Column) -> str:
    """The role of a column, and of which concept, for which reason, or in which notation."""
    match column:
        case DimensionColumn():
            return f"{column.role} {column.concept}"
        case IgnoredColumn():
            return f"{column.role}: {column.reason}"
        case FigureColumn() if column.thousands or column.decimal == ",":
            thousands = f"thousands {column.thousands!r}" if column.thousands else ""
            decimal = f"decimal {column.decimal!r}" if column.decimal == "," else ""
            return f"{column.role}, {', '.join(filter(None, [thousands, decimal]))}"
        case DatedColumn() if column.dates:
            return f"{column.role}, {' or '.join(column.dates)}"
        case _:
            return column.role


def used(part: Part, column: Column) -> bool:
    """Whether a table makes anything of a column."""
    if isinstance(column, DimensionColumn):
        return column.concept in part.space.dataset.concepts
    if isinstance(column, FigureColumn):
        return not part.table.counted and column.name in (part.table.values or part.table.names)
    return not isinstance(column, IgnoredColumn)


def meaning(part: Part, name: str, row: int, *, named: bool) -> str:
    """What stands in a column of an open row: its codes, its period, or the observation that it is; or why the row has none.

    `named`: the dataset of the observation is said too.
    """
    if name not in part.by_name:
        return ""
    column, labels = part.by_name[name]
    if isinstance(column, IgnoredColumn):
        return column.reason
    if why := part.rows.why(row):
        return why
    if isinstance(column, DimensionColumn):
        return _codes(part, column, labels, row)
    if isinstance(column, FigureColumn):
        figure = _figure(part, column, labels, row)
        return f"{figure} in {part.space.dataset.id}" if figure and named else figure
    if isinstance(column, TimeColumn):
        return periods.text(int(part.period[row]))
    return "the file is not older" if isinstance(column, NotBeforeColumn) else ""


def _codes(part: Part, column: DimensionColumn, labels: Labels, row: int) -> str:
    """The codes of a label: its own, its parent's, and those of other dimensions for which it stands."""
    space = part.space
    keys = {fold(label): codes for label, codes in column.keys.items()}
    more = keys.get(fold(labels.distinct[labels.place[row]]), {})
    concepts = dict.fromkeys([column.concept, column.parent_to, column.below, *more])
    return " ".join(
        f"{concept}={space.codelists[concept].codes[int(np.broadcast_to(part.places[concept], len(part.period))[row])].code}"
        for concept in concepts
        if concept in space.dataset.concepts
    )


def _figure(part: Part, column: FigureColumn, labels: Labels, row: int) -> str:
    """The observation that a figure is, with its value if that reads otherwise, and with its status if that is not normal."""
    place = part.figure_at(row, column.name)
    if place is None:
        return ""
    space, figures = part.space, part.accepted
    status, value = int(figures.status[place]), space.shown(int(figures.value[place]))
    text = labels.distinct[labels.place[row]].strip()
    said = space.text(int(figures.key[place]))
    if status in space.statuses.without_figure:
        said += ": no figure"
    elif text.replace(",", "") != value.replace(",", ""):
        said += f" = {value}"
    return said if status == space.statuses.normal else f"{said}, status {space.statuses.codes[status]}"
