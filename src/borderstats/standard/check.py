"""Cross-check every reference in the standard; each finding is `file: $.path: what is wrong, what to do`."""

from collections.abc import Iterator, Mapping, Sequence

from borderstats.standard import (
    calendar_check,
    datasets_check,
    joined_check,
    languages_check,
    layouts_check,
    office_check,
    pages_check,
    protection_check,
    records_check,
    simulation_check,
    sources_check,
    tables_check,
)
from borderstats.standard.columns import DatedColumn, MonthColumn
from borderstats.standard.model import Check, Dataset, Measure, Standard
from borderstats.standard.references import codes, missing, period
from borderstats.standard.rules import CHECK_VALUES, EVERY_DATASET
from borderstats.standard.statuses import ONE_EACH, STATUSES, WITHOUT_FIGURE
from borderstats.standard.struct import fold
from borderstats.standard.units import UNITS

_NO_CODES = {STATUSES, UNITS, "freq", "month"}
"""Code lists that are not dimensions and so need no total and no unknown."""


_NEEDED = {
    "month": tuple(str(number) for number in range(1, 13)),
    STATUSES: (),
    "freq": ("M", "A"),
    UNITS: (),
}
"""Code lists and codes that the program itself relies on; names of months where a source has a column of them."""


def contradictions(standard: Standard) -> Iterator[str]:
    """Every contradiction of a standard that could be read, one line each; of its office, concepts and code lists first."""
    foundations = [
        *calendar_check.contradictions(standard.calendar),
        *office_check.contradictions(standard.office),
        *_folders(standard),
        *_concepts(standard),
        *_codelists(standard),
    ]
    foundations += [] if foundations else _statuses(standard)
    yield from foundations
    if foundations:
        return
    yield from _parents(standard)
    yield from _scopes(standard)
    yield from languages_check.contradictions(standard)
    for dataset in standard.datasets.values():
        yield from datasets_check.contradictions(standard, dataset)
    for source in standard.sources.values():
        yield from sources_check.contradictions(standard, source)
    yield from joined_check.contradictions(standard)
    yield from pages_check.contradictions(standard)
    yield from calendar_check.of_periods(standard)
    yield from _provisions(standard)
    yield from _lists(standard)
    families = list(records_check.contradictions(standard))
    of_records = families or list(tables_check.contradictions(standard))
    yield from of_records
    if not of_records:
        yield from protection_check.contradictions(standard)
    if not families:
        yield from layouts_check.contradictions(standard.layouts, standard.families, standard.codelist_of)
        yield from simulation_check.contradictions(standard)


def _folders(standard: Standard) -> Iterator[str]:
    for name, found in (("datasets", standard.datasets), ("sources", standard.sources)):
        if not found:
            yield f"{name}: no file; a standard has at least one dataset and one source that feeds it"


def _concepts(standard: Standard) -> Iterator[str]:
    for name, concept in standard.concepts.items():
        yield from missing(
            f"concepts.toml: $.{name}.codelist", "code list", concept.codelist, standard.codelists
        )
        for field, other in (("parents", concept.parents), ("scope", concept.scope)):
            if other:
                yield from missing(f"concepts.toml: $.{name}.{field}", "concept", other, standard.concepts)


def _codelists(standard: Standard) -> Iterator[str]:
    named = any(
        isinstance(column, MonthColumn)
        or (isinstance(column, DatedColumn) and any("%b" in form.lower() for form in column.dates))
        for source in standard.sources.values()
        for column in source.column.values()
    )
    for name, needed in _NEEDED.items():
        if name in standard.codelists:
            for lacking in [code for code in needed if code not in standard.codelists[name].numbers]:
                yield f"codelists/{name}.csv: the code {lacking} is missing; intake cannot do without it"
        elif name != "month" or named:
            yield f"codelists/{name}.csv: the code list is missing; intake cannot do without it"
    for codelist in standard.codelists.values():
        file = f"codelists/{codelist.id}.csv"
        ids = {code.id for code in codelist.codes}
        if len(ids) < len(codelist.codes):
            twice = sorted({c.id for c in codelist.codes if [d.id for d in codelist.codes].count(c.id) > 1})
            yield f"{file}: {', '.join(twice)} stands there twice; a code is listed once"
        if codelist.id not in _NO_CODES:
            for lacking in sorted({"_T", "_U"} - ids):
                yield f"{file}: the code {lacking} is missing; every list has a total and an unknown"
        meaning: dict[tuple[str, str], str] = {}
        known = {code.code for code in codelist.codes}
        for code in codelist.codes:
            where = f"{file}: {code.id}"
            for label in (code.code, code.label_en, *code.aliases):
                other = meaning.setdefault((code.scope, fold(label)), code.id)
                if other != code.id:
                    yield f"{where}: the label {label!r} also means {other}; a label means one code"
            for reference in (*code.predecessor, *code.successor):
                yield from missing(f"{where}: predecessor or successor", "code", reference, known)
            if code.valid_from and code.valid_to and code.valid_from > code.valid_to:
                yield f"{where}: valid_from {code.valid_from} is after valid_to {code.valid_to}"


def _statuses(standard: Standard) -> Iterator[str]:
    """That each status which the program gives is one, and that those of cells without a figure say so."""
    file = f"codelists/{STATUSES}.csv"
    statuses = standard.statuses
    for role in ONE_EACH:
        if len(found := [status.code for status in statuses.all if status.role == role]) != 1:
            yield f"{file}: role {role}: {', '.join(found) or 'no status has it'}; exactly one status must have it"
    for status in statuses.all:
        if status.role and (status.figure == "no") != (status.role in WITHOUT_FIGURE):
            wanted = "no" if status.role in WITHOUT_FIGURE else "yes"
            yield f"{file}: {status.code}: figure {status.figure} does not go with role {status.role}; make it {wanted}"


def _parents(standard: Standard) -> Iterator[str]:
    for concept in standard.concepts.values():
        known = (
            {code.code for code in standard.codelist_of(concept.parents).codes} if concept.parents else set()
        )
        for code in standard.codelists[concept.codelist].codes:
            if code.parent:
                yield from missing(
                    f"codelists/{concept.codelist}.csv: {code.id}: parent", "code", code.parent, known
                )


def _scopes(standard: Standard) -> Iterator[str]:
    for name, concept in standard.concepts.items():
        file, codes = f"codelists/{concept.codelist}.csv", standard.codelists[concept.codelist].codes
        if not concept.scope:
            for code in codes:
                if code.scope:
                    yield f"{file}: {code.id}: scope: concepts.toml does not say at $.{name}.scope which concept's codes are scopes"
            continue
        if not any(code.scope for code in codes):
            yield f"concepts.toml: $.{name}.scope: no code in {file} has a scope; leave it out"
        if standard.concepts[concept.scope].scope:
            yield f"concepts.toml: $.{name}.scope: the codes of {concept.scope} have scopes themselves; a scope has none"
        known = {code.code for code in standard.codelist_of(concept.scope).codes}
        for code in codes:
            if code.scope:
                yield from missing(f"{file}: {code.id}: scope", concept.scope, code.scope, known)


_MOST_YEARS = 20
"""Sums over more fiscal years than that are a slip of the pen."""


def _provisions(standard: Standard) -> Iterator[str]:
    figures = {check.id: check for check in standard.checks}
    for provision in standard.provisions:
        for indicator in provision.indicators:
            where = f"provisions.toml: {provision.id}/{indicator.id}"
            yield from missing(f"{where}: dataset", "dataset", indicator.dataset, standard.datasets)
            if dataset := standard.datasets.get(indicator.dataset):
                yield from codes(standard, f"{where}: where", dataset, _several(indicator.where))
                yield from codes(standard, f"{where}: share_of", dataset, _several(indicator.share_of or {}))
                for name in ("title", "title_es", "trap"):
                    yield from datasets_check.filled(f"{where}: {name}", dataset, getattr(indicator, name))
            yield from period(f"{where}: baseline", indicator.baseline)
            if indicator.baseline_cited:
                yield from missing(f"{where}: baseline_cited", "figure", indicator.baseline_cited, figures)
            if indicator.years > 1 and (indicator.share_of is not None or indicator.years > _MOST_YEARS):
                yield f"{where}: years: a sum of 2 to {_MOST_YEARS} fiscal years, and of no share"
            if indicator.share_of is not None and not indicator.denominator:
                yield f"{where}: denominator: a share says in words of what"
            if indicator.share_of is None and indicator.denominator:
                yield f"{where}: denominator: only a share has one; give share_of, or leave it out"
            if indicator.baseline and indicator.baseline_cited:
                yield f"{where}: baseline, baseline_cited: give one of them"
            if indicator.target is None and indicator.target_note:
                yield f"{where}: target_note: there is no target; give one, or leave it out"
            if indicator.target is not None and not (indicator.baseline or indicator.baseline_cited):
                yield f"{where}: target: a change since the baseline; give one"
    numbers = {provision.number for provision in standard.provisions}
    dated = [("milestones.csv", m.id, m.provision) for m in standard.milestones]
    dated += [("parameters.csv", p.id, p.provision) for p in standard.parameters]
    dated += [("searched.csv", s.id, s.provision) for s in standard.searched]
    for file, name, number in dated:
        if number not in numbers:
            yield f"{file}: {name}: no provision {number}"
    for sought in standard.searched:
        for text in sought.periods:
            yield from period(f"searched.csv: {sought.id}: periods", text)
    for one in standard.reconciliations:
        yield from period(f"reconciliations.toml: {one.id}: $.start", one.start)
        for number, side in enumerate(one.sides):
            where = f"reconciliations.toml: {one.id}: $.sides[{number}]"
            if bool(side.dataset) == bool(side.figures):
                yield f"{where}: give either a dataset or figures"
            if side.where and not side.dataset:
                yield f"{where}.where: cited figures have no codes; leave it out"
            if side.dataset:
                yield from missing(where, "dataset", side.dataset, standard.datasets)
            if dataset := standard.datasets.get(side.dataset):
                yield from codes(standard, where, dataset, _several(side.where))
            for name in side.figures:
                yield from missing(where, "cited figure", name, figures)
                if name in figures:
                    yield from period(f"{where}: {name}", figures[name].period)


def _several(where: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """A pattern whose codes may be several, separated by `|`."""
    return {concept: tuple(codes.split("|")) for concept, codes in where.items()}


def _lists(standard: Standard) -> Iterator[str]:
    for entry in standard.breaks:
        for name in entry.datasets:
            yield from missing(f"breaks.csv: {entry.id}", "dataset", name, standard.datasets)
        for name in entry.concepts:
            yield from missing(f"breaks.csv: {entry.id}", "concept", name, standard.concepts)
    cited = {measure.measure for measure in standard.cited}
    sheet = {provision.number for provision in standard.provisions}
    for measure in standard.cited:
        for number in measure.provisions:
            if number not in sheet:
                yield f"cited.csv: {measure.measure}: no provision {number}"
    meant: dict[tuple[str, ...], list[Dataset]] = {}
    for one in standard.measures:
        meant.setdefault(_words(one), []).extend(filter(None, [standard.datasets.get(one.dataset)]))
    for check in standard.checks:
        where = f"checks.csv: {check.id}"
        if not check.dataset:
            if check.key:
                yield f"{where}: key: there is no dataset to compare with; leave it out"
            yield from missing(f"{where}: measure", "measure of cited.csv", check.measure, cited)
            yield from _meanings(where, check, meant.get(_words(check), ()))
        if check.dataset:
            if check.reason:
                yield f"{where}: reason: {check.dataset} must reproduce it; leave out the reason, or dataset and key"
            yield from period(where, check.period)
            yield from missing(where, "dataset", check.dataset, standard.datasets)
            if dataset := standard.datasets.get(check.dataset):
                yield from codes(standard, where, dataset, check.key)
                if check.unit.upper() != dataset.unit:
                    yield f"{where}: unit {check.unit} is not the unit {dataset.unit} of {dataset.id}; units never mix"
    for words in standard.measures:
        where = f"measures.csv: {words.measure}, {words.component}, {words.geography}, {words.dimension}"
        yield from missing(where, "dataset", words.dataset, standard.datasets)
        if dataset := standard.datasets.get(words.dataset):
            yield from codes(standard, where, dataset, words.key)
    gates = {f"{d.id}/{gate.name}": d for d in standard.datasets.values() for gate in d.gates}
    gates |= {f"{d.id}/{gate.name}": d for d in standard.datasets.values() for gate in EVERY_DATASET}
    for waiver in standard.waivers:
        where = f"waivers.csv: {waiver.id}"
        yield from missing(where, "gate", waiver.gate, gates)
        if waiver.gate.endswith(f"/{CHECK_VALUES.name}"):
            yield f"{where}: gate: why a published figure differs stands in checks.csv: leave out its dataset and key, and give the reason"
        if dataset := gates.get(waiver.gate):
            yield from codes(standard, where, dataset, waiver.key)
        yield from period(where, waiver.start)
        yield from period(where, waiver.end)


def _words(of: Check | Measure) -> tuple[str, ...]:
    """The words by which a figure is known."""
    return tuple(map(fold, (of.measure, of.component, of.geography, of.dimension)))


def _meanings(where: str, check: Check, meant: Sequence[Dataset]) -> Iterator[str]:
    """What does not fit the datasets that hold the measure of a cited figure."""
    for name in ("tolerance", "reason"):
        if getattr(check, name) and not meant:
            yield f"{where}: {name}: measures.csv names no dataset that holds it; name one there, or leave it out"
    for dataset in meant:
        if check.unit.upper() != dataset.unit:
            yield f"{where}: unit {check.unit} is not the unit {dataset.unit} of {dataset.id}, which holds it; units never mix"
