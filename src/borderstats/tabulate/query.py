"""The queries of declared tables, built once and run by any engine.

Additive tables of one kind of record are one `GROUPING SETS` query; tables that count persons are one query for each
set. The total of a dimension is the code `_T`, found by `GROUPING` and never taken from a null; a value that is
missing is `_U`.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from borderstats import periods
from borderstats.periods import Calendar
from borderstats.standard.codelists import UNKNOWN
from borderstats.standard.records import Family
from borderstats.standard.tables import AnyTableSpec, Bands, QuantileTable, RepeatersTable, TableSpec

PERIOD, PERSON, TIME, KEY, MINUTES = "_period", "_person", "_time", "_key", "_minutes"
COUNT, UNTOLD = "_count", "_untold"
SECONDS = {"minutes": 60, "hours": 3600, "days": 86400}
IN_A_YEAR = 12


@dataclass(frozen=True)
class Scope:
    """What a table is made of: its specification, the families it names, the day for which it speaks, the calendar."""

    spec: AnyTableSpec
    family: Family
    linked: Family | None
    day: datetime.date
    calendar: Calendar


def column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def additive(scopes: Sequence[Scope]) -> exp.Select:
    """One query for additive tables of one family: each set of each table, counted where the table's codes apply.

    Columns: the dimensions, `_g` of each (1 where it is added up), `_period`, and `_n0`, `_n1` ... for the tables.
    The tables must agree in family, period, link and how their dimensions are made.
    """
    dimensions = _all(scope.spec.dimensions for scope in scopes)
    filters = _all(tuple(scope.spec.where) for scope in scopes)
    every = _all([dimensions, filters])
    # The records are counted once by everything; the sets are sums of these counts, of which there are far fewer.
    fine = [column(name) for name in (*every, PERIOD)]
    source = exp.select(*fine, exp.alias_(exp.Count(this=exp.Star()), COUNT, quoted=True)).from_(
        _records(scopes[0], every, where=False).subquery("r")
    )
    source = source.group_by(*(part.copy() for part in fine))
    counts = []
    for number, scope in enumerate(scopes):
        count: exp.Expr = exp.Sum(this=column(COUNT))
        condition = _where(scope.spec)
        if condition is not None:
            count = exp.Filter(this=count, expression=exp.Where(this=condition))
        count = exp.cast(exp.Coalesce(this=count, expressions=[exp.Literal.number(0)]), "BIGINT")
        counts.append(exp.alias_(count, f"_n{number}", quoted=True))
    sets = dict.fromkeys(frozenset(one) for scope in scopes for one in scope.spec.sets)
    return _grouped(source, dimensions, [[d for d in dimensions if d in one] for one in sets], counts)


def durations(scope: Scope, spec: QuantileTable) -> exp.Select:
    """How many durations of each number of minutes there are, for every set; -1: not finished. As of `additive`."""
    dimensions = scope.spec.dimensions
    source = _records(scope, dimensions, where=True, span=(spec.since, spec.until))
    count = exp.alias_(exp.Count(this=exp.Star()), COUNT, quoted=True)
    sets = [list(one) for one in scope.spec.sets]
    return _grouped(source, dimensions, sets, [count], also=[MINUTES])


def persons(scope: Scope, one: Sequence[str]) -> exp.Select:
    """Persons, or persons with at least so many records, in one set: columns the set, `_period`, `_count`, `_untold`.

    `_untold` counts the records without a person, which no count of persons can hold.
    """
    by = [*one, PERIOD]
    source = _records(scope, one, where=True)
    if not isinstance(scope.spec, RepeatersTable):
        counts = [exp.Count(this=exp.Distinct(expressions=[column(PERSON)])), _without_person()]
        return _select(source, by, counts)
    each = exp.select(
        *map(column, by), column(PERSON), exp.alias_(exp.Count(this=exp.Star()), "_times", quoted=True)
    )
    each = each.from_(source.subquery("r")).group_by(*map(column, by), column(PERSON))
    is_person = exp.Not(this=exp.Is(this=column(PERSON), expression=exp.null()))
    enough = exp.GTE(this=column("_times"), expression=exp.Literal.number(scope.spec.least))
    counts = [
        _sum(exp.and_(is_person, enough), exp.Literal.number(1)),
        _sum(exp.Is(this=column(PERSON), expression=exp.null()), column("_times")),
    ]
    return _select(each, by, counts)


def returning(scope: Scope, days: int) -> exp.Select:
    """Records whose person had an earlier one within the days, for every set: `_count` and `_untold`, as of `additive`."""
    dimensions = scope.spec.dimensions
    source = _records(scope, dimensions, where=True)
    before = exp.Window(
        this=exp.Lag(this=column(TIME)),
        partition_by=[column(PERSON)],
        order=exp.Order(
            expressions=[exp.Ordered(this=column(name), nulls_first=True) for name in (TIME, KEY)]
        ),
    )
    looked = exp.select(
        *map(column, [*dimensions, PERIOD, PERSON, TIME]), exp.alias_(before, "_before", quoted=True)
    )
    looked = looked.from_(source.subquery("r"))
    gap = exp.Sub(this=_seconds(column(TIME)), expression=_seconds(column("_before")))
    soon = exp.LTE(this=gap, expression=exp.Literal.number(days * SECONDS["days"]))
    known = exp.Not(this=exp.Is(this=column(PERSON), expression=exp.null()))
    counts = [_sum(exp.and_(known, soon), exp.Literal.number(1)), _without_person()]
    return _grouped(looked, dimensions, [list(one) for one in scope.spec.sets], _named(counts))


def rolling(scope: Scope, one: Sequence[str]) -> exp.Select:
    """In how many months stretches of persons begin (`_count`) and end (`_ends`), from which rolling years are sums.

    A person seen in month m is in the rolling years that end with m to m + 11. A stretch begins with m and ends before
    the person's next month or after m + 11, whichever comes first: so each person counts once in each year, and one
    pass over the records makes all of them. Columns the set, `_period`, `_until`, `_count`, `_untold`.
    """
    source = _records(scope, one, where=True)
    by = [*one, PERIOD]
    months = exp.select(
        *map(column, by), column(PERSON), exp.alias_(exp.Count(this=exp.Star()), "_times", quoted=True)
    )
    months = months.from_(source.subquery("r")).group_by(*map(column, by), column(PERSON))
    following = exp.Window(
        this=exp.Lead(this=column(PERIOD)),
        partition_by=[column(name) for name in (*one, PERSON)],
        order=exp.Order(expressions=[exp.Ordered(this=column(PERIOD), nulls_first=True)]),
    )
    end = exp.Add(this=column(PERIOD), expression=exp.Literal.number(IN_A_YEAR))
    known = exp.Not(this=exp.Is(this=column(PERSON), expression=exp.null()))
    until = exp.Case(
        ifs=[exp.If(this=exp.LT(this=following, expression=end.copy()), true=following.copy())],
        default=end.copy(),
    )
    until = exp.Case(ifs=[exp.If(this=known, true=until)], default=end.copy())
    spans = exp.select(*map(column, [*by, PERSON, "_times"]), exp.alias_(until, "_until", quoted=True))
    spans = spans.from_(months.subquery("m"))
    counts = [
        _sum(known.copy(), exp.Literal.number(1)),
        _sum(exp.Is(this=column(PERSON), expression=exp.null()), column("_times")),
    ]
    return _select(spans, [*by, "_until"], counts)


def months(scope: Scope) -> exp.Select:
    """The first and the last month of which the family has a record: columns `_first`, `_last`."""
    source = exp.select(exp.alias_(_month(column(scope.family.time)), PERIOD, quoted=True))
    source = source.from_(exp.to_table(scope.family.id)).where(_known_by(scope.family, scope.day))
    period = column(PERIOD)
    return exp.select(
        exp.alias_(exp.Min(this=period), "_first", quoted=True),
        exp.alias_(exp.Max(this=period.copy()), "_last", quoted=True),
    ).from_(source.subquery("r"))


def _all(names: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for some in names for name in some))


def _grouped(
    source: exp.Select,
    dimensions: Sequence[str],
    sets: Sequence[Sequence[str]],
    counts: Sequence[exp.Expr],
    also: Sequence[str] = (),
) -> exp.Select:
    always = [PERIOD, *also]
    flags = [
        exp.alias_(exp.Grouping(expressions=[column(name)]), f"_g{n}", quoted=True)
        for n, name in enumerate(dimensions)
    ]
    grouping = exp.GroupingSets(
        expressions=[exp.Tuple(expressions=[column(name) for name in (*one, *always)]) for one in sets]
    )
    query = exp.select(*map(column, [*dimensions, *always]), *flags, *counts).from_(source.subquery("q"))
    query.set("group", exp.Group(grouping_sets=[grouping]))
    return query


def _select(source: exp.Select, by: Sequence[str], counts: Sequence[exp.Expr]) -> exp.Select:
    return (
        exp.select(*map(column, by), *_named(counts)).from_(source.subquery("q")).group_by(*map(column, by))
    )


def _named(counts: Sequence[exp.Expr]) -> list[exp.Expr]:
    return [exp.alias_(count, name, quoted=True) for count, name in zip(counts, (COUNT, UNTOLD), strict=True)]


def _without_person() -> exp.Expr:
    return _sum(exp.Is(this=column(PERSON), expression=exp.null()), exp.Literal.number(1))


def _sum(condition: exp.Expr, value: exp.Expr) -> exp.Expr:
    zero = exp.Literal.number(0)
    chosen = exp.Case(ifs=[exp.If(this=condition, true=value)], default=zero)
    return exp.cast(exp.Coalesce(this=exp.Sum(this=chosen), expressions=[zero.copy()]), "BIGINT")


def _where(spec: TableSpec) -> exp.Condition | None:
    conditions = [
        exp.In(this=column(name), expressions=[exp.Literal.string(code) for code in codes])
        for name, codes in spec.where.items()
    ]
    return exp.and_(*conditions) if conditions else None


def _records(
    scope: Scope, dimensions: Sequence[str], *, where: bool, span: tuple[str, str] | None = None
) -> exp.Select:
    """The records as tables need them: dimensions without nulls, period, person, time and key."""
    spec, family = scope.spec, scope.family
    table = exp.to_table(family.id, alias="f")
    filtered = [*dimensions, *(name for name in spec.where if name not in dimensions and where)]
    parts = [exp.alias_(_dimension(scope, name), name, quoted=True) for name in filtered]
    parts += [
        exp.alias_(_period(scope, _of("f", family.time)), PERIOD, quoted=True),
        exp.alias_(_of("f", family.person), PERSON, quoted=True),
        exp.alias_(_of("f", family.time), TIME, quoted=True),
        exp.alias_(_of("f", family.key), KEY, quoted=True),
    ]
    if span:
        since, until = span
        finished = exp.Coalesce(
            this=exp.Greatest(this=_elapsed(until, since, "minutes"), expressions=[exp.Literal.number(-1)]),
            expressions=[exp.Literal.number(-1)],
        )
        unfinished = exp.Is(this=_of("f", until), expression=exp.null())
        length = exp.Case(ifs=[exp.If(this=unfinished, true=exp.Literal.number(-1))], default=finished)
        parts.append(exp.alias_(exp.cast(length, "BIGINT"), MINUTES, quoted=True))
    query = exp.select(*parts).from_(table).where(_known_by(family, scope.day, "f"))
    if spec.link and spec.link.field in filtered:
        on = exp.EQ(this=_of("f", spec.link.on), expression=_of("l", spec.link.on))
        query = query.join(_last(scope).subquery("l"), on=on, join_type="left")
    condition = _where(spec) if where else None
    return exp.select("*").from_(query.subquery("w")).where(condition) if condition is not None else query


def _last(scope: Scope) -> exp.Select:
    """The last linked record of each event that was known by the day."""
    link, linked = scope.spec.link, scope.linked
    assert link is not None and linked is not None  # noqa: PT018
    number = exp.Window(
        this=exp.RowNumber(),
        partition_by=[column(link.on)],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=column(name), desc=True, nulls_first=False)
                for name in (linked.time, linked.key)
            ]
        ),
    )
    ranked = exp.select(column(link.on), column(link.field), exp.alias_(number, "_rank", quoted=True))
    ranked = ranked.from_(exp.to_table(linked.id)).where(_known_by(linked, scope.day))
    first = exp.EQ(this=column("_rank"), expression=exp.Literal.number(1))
    return exp.select(column(link.on), column(link.field)).from_(ranked.subquery("k")).where(first)


def _dimension(scope: Scope, name: str) -> exp.Expr:
    spec = scope.spec
    for bands in spec.bands:
        if bands.concept == name:
            return _banded(bands)
    for recode in spec.recodes:
        if recode.concept == name:
            field = _of("f", recode.field)
            default = exp.Literal.string(recode.otherwise) if recode.otherwise else field.copy()
            ifs = [
                exp.If(this=exp.Literal.string(old), true=exp.Literal.string(new))
                for old, new in recode.codes.items()
            ]
            known = exp.Case(this=field, ifs=ifs, default=default) if ifs else default
            missing = exp.Is(this=field.copy(), expression=exp.null())
            return exp.Case(ifs=[exp.If(this=missing, true=exp.Literal.string(UNKNOWN))], default=known)
    if spec.link and spec.link.field == name:
        linked = exp.Is(this=_of("l", spec.link.on), expression=exp.null())
        value = exp.Coalesce(this=_of("l", name), expressions=[exp.Literal.string(UNKNOWN)])
        return exp.Case(ifs=[exp.If(this=linked, true=exp.Literal.string(spec.link.missing))], default=value)
    return exp.Coalesce(this=_of("f", name), expressions=[exp.Literal.string(UNKNOWN)])


def _banded(bands: Bands) -> exp.Expr:
    value = _elapsed(bands.field, bands.since, bands.unit) if bands.since else _of("f", bands.field)
    ifs = [exp.If(this=exp.Is(this=value, expression=exp.null()), true=exp.Literal.string(UNKNOWN))]
    ifs += [
        exp.If(
            this=exp.LTE(this=value.copy(), expression=exp.Literal.number(edge)),
            true=exp.Literal.string(code),
        )
        for edge, code in zip(bands.edges, bands.codes, strict=False)
    ]
    return exp.Case(ifs=ifs, default=exp.Literal.string(bands.codes[-1]))


def _elapsed(until: str, since: str, unit: str) -> exp.Expr:
    """Time from `since` to `until` in a unit, with its fraction; of minutes, the whole ones that have passed."""
    seconds = exp.Paren(this=exp.Sub(this=_seconds(_of("f", until)), expression=_seconds(_of("f", since))))
    if unit == "minutes":
        return exp.cast(
            exp.Floor(this=exp.Div(this=seconds, expression=exp.Literal.number("60.0"))), "BIGINT"
        )
    return exp.Div(this=seconds, expression=exp.Literal.number(f"{SECONDS[unit]}.0"))


def _seconds(time: exp.Expr) -> exp.Expr:
    return exp.cast(exp.Floor(this=exp.TimeToUnix(this=time)), "BIGINT")


def _period(scope: Scope, time: exp.Expr) -> exp.Expr:
    """The period of a time as `periods` numbers it."""
    month = _month(time)
    if scope.spec.every != "fiscal_year":
        return month
    years = [_fiscal_year(month, shift, most) for _, shift, most in scope.calendar.steps]
    ifs = [
        exp.If(this=exp.GTE(this=month.copy(), expression=exp.Literal.number(since)), true=year)
        for (since, _, _), year in zip(scope.calendar.steps[:-1], years, strict=False)
    ]
    return exp.cast(exp.Case(ifs=ifs, default=years[-1]) if ifs else years[0], "BIGINT")


def _fiscal_year(month: exp.Expr, shift: int, most: int | None) -> exp.Expr:
    """The period of the fiscal year of a month by one step of a calendar."""
    moved = exp.Paren(this=exp.Add(this=month.copy(), expression=exp.Literal.number(shift)))
    year: exp.Expr = exp.Floor(this=exp.Div(this=moved, expression=exp.Literal.number(f"{IN_A_YEAR}.0")))
    if most is not None:
        later = exp.GT(this=year, expression=exp.Literal.number(most))
        year = exp.Case(ifs=[exp.If(this=later, true=exp.Literal.number(most))], default=year.copy())
    return exp.Add(this=year, expression=exp.Literal.number(periods.FISCAL))


def _month(time: exp.Expr) -> exp.Expr:
    year = exp.Extract(this=exp.var("YEAR"), expression=time)
    number = exp.Extract(this=exp.var("MONTH"), expression=time.copy())
    months = exp.Mul(this=year, expression=exp.Literal.number(IN_A_YEAR))
    return exp.cast(
        exp.Sub(this=exp.Add(this=months, expression=number), expression=exp.Literal.number(1)), "BIGINT"
    )


def _known_by(family: Family, day: datetime.date, table: str = "") -> exp.Expr:
    """Whether a record's time is not after the day for which the table speaks."""
    time = _of(table, family.time) if table else column(family.time)
    end = exp.cast(exp.Literal.string((day + datetime.timedelta(days=1)).isoformat()), "TIMESTAMP")
    return exp.LT(this=time, expression=end)


def _of(table: str, name: str) -> exp.Column:
    return exp.column(name, table=table, quoted=True)
