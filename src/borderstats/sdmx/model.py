"""The release in the terms of SDMX: code lists, concepts, a data structure and a dataflow for each dataset.

Ids are those of the standard: a dataflow is called as its dataset, a dimension as its concept in capitals, `CL_` before a
code list. Provisions are the categories. A constraint says which codes and periods a dataflow has figures for.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from borderstats import periods
from borderstats.package.datasets import Metadata
from borderstats.package.model import Dataset, Package
from borderstats.package.standard import Standard
from borderstats.package.struct import Text
from borderstats.periods import Calendar, Kind
from borderstats.standard.codelists import Code
from borderstats.words import periods as names

CONCEPTS = "CONCEPTS"
CATEGORIES = "PROVISIONS"
FREQ, TIME, VALUE, STATUS = "FREQ", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"

_PACKAGES = {
    "AgencyScheme": "base",
    "Agency": "base",
    "Codelist": "codelist",
    "Code": "codelist",
    "ConceptScheme": "conceptscheme",
    "Concept": "conceptscheme",
    "DataStructure": "datastructure",
    "Dataflow": "datastructure",
    "CategoryScheme": "categoryscheme",
    "Category": "categoryscheme",
    "Categorisation": "categoryscheme",
    "ContentConstraint": "registry",
    "DataConstraint": "registry",
}


@dataclass(frozen=True)
class Item:
    """A code, concept, category or agency.

    The values of a concept have a data type of SDMX. From which list they come, each data structure says that uses it: so a
    structure with all that it refers to does not have the lists of every other. Some clients need a type of codes, too.
    """

    id: str
    name: Text
    description: Text | None = None
    type: str = ""


@dataclass(frozen=True)
class Owner:
    """The agency that maintains an artefact, and the artefact's version, which is that of the agency's standard."""

    agency: str
    version: str


class Maintained:
    """What every artefact has of its owner."""

    owner: Owner

    @property
    def agency(self) -> str:
        return self.owner.agency

    @property
    def version(self) -> str:
        return self.owner.version


SDMX = Owner("SDMX", "1.0")
"""Who maintains the list of agencies."""


@dataclass(frozen=True)
class Scheme(Maintained):
    """A list of items: `kind` is `Codelist`, `ConceptScheme`, `CategoryScheme` or `AgencyScheme`."""

    kind: str
    owner: Owner
    id: str
    name: Text
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Component:
    """A dimension, the measure or an attribute of a data structure.

    `column` is its column in the tables of the release; `codelist` is empty where values have no list, and `type` is
    then their SDMX data type. An attribute belongs to each `observation` or to the `dataset` as a whole, with `value`.
    """

    id: str
    column: str
    codelist: str = ""
    type: str = "String"
    level: str = ""
    value: str = ""


@dataclass(frozen=True)
class DataStructure(Maintained):
    """The dimensions of a dataset in the order of a key (time is not part of a key), its measure, its attributes.

    `calendar`: whose fiscal years its periods are.
    """

    owner: Owner
    id: str
    name: Text
    dimensions: tuple[Component, ...]
    measure: Component
    attributes: tuple[Component, ...]
    calendar: Calendar
    kind: str = "DataStructure"

    @property
    def components(self) -> tuple[Component, ...]:
        return (*self.dimensions, TIME_DIMENSION, self.measure, *self.attributes)


@dataclass(frozen=True)
class Dataflow(Maintained):
    """A dataset as SDMX names it: what can be asked for."""

    owner: Owner
    id: str
    name: Text
    description: Text
    structure: str
    kind: str = "Dataflow"


@dataclass(frozen=True)
class Categorisation(Maintained):
    """That a dataflow reports on a provision."""

    owner: Owner
    id: str
    name: Text
    dataflow: str
    category: str
    kind: str = "Categorisation"


@dataclass(frozen=True)
class Constraint(Maintained):
    """What a dataflow has figures for: the codes of each dimension, the first day and the last, the periods in SDMX.

    `count` of observations and `series` are given where they were counted for a query.
    """

    owner: Owner
    id: str
    name: Text
    dataflow: str
    codes: Mapping[str, tuple[str, ...]]
    start: str = ""
    end: str = ""
    periods: tuple[str, ...] = ()
    series: int | None = None
    count: int | None = None
    kind: str = "ContentConstraint"


Artefact = Scheme | DataStructure | Dataflow | Categorisation | Constraint

TIME_DIMENSION = Component(TIME, "period", type="ObservationalTimePeriod")
_FREQUENCY = Component(FREQ, "freq", "CL_FREQ")
_STATUS = Component(STATUS, "status", "CL_OBS_STATUS", level="observation")
_BASE = Component("BASE_PER", "price_base", level="observation")
_KNOWN_FROM = Component("KNOWN_FROM", "known_from", type="GregorianDay", level="observation")
_KNOWN_BASIS = Component("KNOWN_BASIS", "known_basis", level="observation")
_EDITION_FROM = Component("EDITION_FROM", "edition_from", type="GregorianDay", level="observation")
_FISCAL_YEAR = Component("FISCAL_YEAR", "fiscal_year", type="GregorianYear", level="observation")

_OWN_CONCEPTS = (
    Item(
        VALUE,
        Text("Figure", "Cifra"),
        Text("Left out where the status says that there is none: never zero instead."),
        type="Decimal",
    ),
    Item(STATUS, Text("Status of the figure", "Estado de la cifra"), type="String"),
    Item("UNIT_MEASURE", Text("Unit of count", "Unidad de cuenta"), type="String"),
    Item("DECIMALS", Text("Decimals", "Decimales"), type="Integer"),
    Item(
        "KNOWN_FROM",
        Text("Known from", "Conocido desde"),
        Text("The day from which on this figure was surely known, unchanged since: what `asOf` asks for."),
        type="GregorianDay",
    ),
    Item(
        "KNOWN_BASIS",
        Text("Basis of the day from which on it was known", "Base de la fecha en que se conoció"),
        Text(
            "Published, captured or announced on that day, or known not after it, where only a bound is known."
        ),
        type="String",
    ),
    Item(
        "EDITION_FROM",
        Text("Edition", "Edición"),
        Text("The day for which the file speaks that first gave this figure, unchanged since."),
        type="GregorianDay",
    ),
)
_BASE_CONCEPT = Item(
    "BASE_PER",
    Text("Price base", "Año base de los precios"),
    Text("The period in whose prices the figure is; left out where it is in those of its own period."),
    type="String",
)
_FISCAL_YEAR_CONCEPT = Item(
    "FISCAL_YEAR",
    Text("Fiscal year", "Año fiscal"),
    Text("The fiscal year in which the period ends."),
    type="GregorianYear",
)


@dataclass(frozen=True)
class Structures:
    """Every artefact of a release, and who is referred to by whom."""

    agency: Scheme
    codelists: tuple[Scheme, ...]
    concepts: Scheme
    structures: tuple[DataStructure, ...]
    dataflows: tuple[Dataflow, ...]
    categories: Scheme | None
    categorisations: tuple[Categorisation, ...]
    constraints: tuple[Constraint, ...]

    @cached_property
    def every(self) -> tuple[Artefact, ...]:
        return (
            self.agency,
            *self.codelists,
            self.concepts,
            *self.structures,
            *self.dataflows,
            *([self.categories] if self.categories else []),
            *self.categorisations,
            *self.constraints,
        )

    @cached_property
    def by_id(self) -> Mapping[tuple[str, str], Artefact]:
        """Artefacts by kind and id."""
        return {(one.kind, one.id): one for one in self.every}

    def structure(self, dataflow: str) -> DataStructure:
        """The data structure of a dataflow; KeyError if there is no such dataflow."""
        found = self.by_id["DataStructure", dataflow]
        assert isinstance(found, DataStructure)
        return found

    def children(self, artefact: Artefact) -> list[Artefact]:
        """The artefacts that one refers to."""
        match artefact:
            case Dataflow():
                wanted = [("DataStructure", artefact.structure)]
            case DataStructure():
                lists = {("Codelist", one.codelist): None for one in artefact.components if one.codelist}
                wanted = [("ConceptScheme", CONCEPTS), *lists]
            case Categorisation():
                wanted = [("Dataflow", artefact.dataflow), ("CategoryScheme", CATEGORIES)]
            case Constraint():
                wanted = [("Dataflow", artefact.dataflow)]
            case _:
                wanted = []
        return [self.by_id[one] for one in dict.fromkeys(wanted)]

    @cached_property
    def _parents(self) -> Mapping[tuple[str, str], list[Artefact]]:
        found: dict[tuple[str, str], list[Artefact]] = {}
        for one in self.every:
            for child in self.children(one):
                found.setdefault((child.kind, child.id), []).append(one)
        return found

    def parents(self, artefact: Artefact) -> list[Artefact]:
        """The artefacts that refer to one."""
        return self._parents.get((artefact.kind, artefact.id), [])


def urn(artefact: Artefact, item: str = "", kind: str = "") -> str:
    """The name of an artefact, or of an item of it, that is the same everywhere."""
    of = {
        "Codelist": "Code",
        "ConceptScheme": "Concept",
        "CategoryScheme": "Category",
        "AgencyScheme": "Agency",
    }
    kind = kind or (of[artefact.kind] if item else artefact.kind)
    name = f"urn:sdmx:org.sdmx.infomodel.{_PACKAGES[kind]}.{kind}={artefact.agency}:{artefact.id}({artefact.version})"
    return f"{name}.{item}" if item else name


def structures(package: Package) -> Structures:
    """All artefacts of a release."""
    standard = package.standard
    owner = Owner(standard.publisher.id, standard.office.version)
    metas = [dataset.meta for dataset in package.datasets.values()]
    return Structures(
        agency=Scheme(
            "AgencyScheme",
            SDMX,
            "AGENCIES",
            Text("Agencies"),
            (Item(owner.agency, Text(standard.publisher.name, standard.publisher.name_es)),),
        ),
        codelists=tuple(_codelists(standard, owner, metas)),
        concepts=Scheme(
            "ConceptScheme",
            owner,
            CONCEPTS,
            _said(standard, Text("Concepts", "Conceptos")),
            tuple(_concepts(package, metas)),
        ),
        structures=tuple(_structure(standard, owner, meta) for meta in metas),
        dataflows=tuple(Dataflow(owner, m.id, m.title, _described(m), m.id) for m in metas),
        categories=_categories(package, owner),
        categorisations=tuple(_categorised(owner, metas, {one.number for one in package.provisions})),
        constraints=tuple(_constraint(standard.calendar, owner, one) for one in package.datasets.values()),
    )


def _categories(package: Package, owner: Owner) -> Scheme | None:
    """The provisions; None if the release has none."""
    if not package.provisions:
        return None
    document = package.provisions[0].document
    name = Text(
        f"Provisions: {document.name}", f"Disposiciones: {document.name_es}" if document.name_es else ""
    )
    items = (Item(f"P{one.number}", one.title, Text(one.text)) for one in package.provisions)
    return Scheme("CategoryScheme", owner, CATEGORIES, name, tuple(items))


def _said(standard: Standard, text: Text) -> Text:
    """A text in the languages of the standard."""
    return text if standard.spanish else Text(text.en)


def _described(meta: Metadata) -> Text:
    return Text(" ".join(filter(None, (meta.counts, meta.trap, *meta.notes))))


def _codelists(standard: Standard, owner: Owner, metas: Iterable[Metadata]) -> Iterable[Scheme]:
    used = {"freq": "Frequency", "obs_status": "Status of the figure", "unit": "Unit of count"}
    for name in dict.fromkeys(one.id for meta in metas for one in meta.dimensions):
        used.setdefault(standard.concepts[name].codelist, standard.concepts[name].label)
    for name, label in sorted(used.items()):
        codes = tuple(_code(code) for code in standard.lists.get(name, ()))
        yield Scheme("Codelist", owner, f"CL_{name.upper()}", Text(label), codes)


def _code(code: Code) -> Item:
    return Item(code.code, Text(code.label_en, code.label_es), Text(code.note) if code.note else None)


def _concepts(package: Package, metas: Collection[Metadata]) -> Iterable[Item]:
    standard = package.standard
    written = Text(_times(standard.calendar, package.kinds))
    own = [
        Item(FREQ, Text("Frequency", "Frecuencia"), type="String"),
        Item(TIME, Text("Time period", "Período"), written, type="ObservationalTimePeriod"),
        *_OWN_CONCEPTS,
        *([_FISCAL_YEAR_CONCEPT] if standard.calendar.rules else []),
        *([_BASE_CONCEPT] if any(meta.constant_prices for meta in metas) else []),
    ]
    yield from (replace(one, name=_said(standard, one.name)) for one in own)
    for name in dict.fromkeys(one.id for meta in metas for one in meta.dimensions):
        concept = standard.concepts[name]
        yield Item(
            name.upper(), Text(concept.label, concept.label_es), Text(concept.definition), type="String"
        )


_WRITTEN: Mapping[Kind, str] = {
    "month": "months", "quarter": "quarters", "year": "years", "week": "weeks", "day": "days",
}  # fmt: skip
"""What SDMX writes as the files of a release do."""


def _times(calendar: Calendar, kinds: Collection[Kind]) -> str:
    """How the periods of a release are written."""
    plain = ", ".join(f"{noun} {periods.EXAMPLES[kind]}" for kind, noun in _WRITTEN.items() if kind in kinds)
    said = [f"{plain[0].upper()}{plain[1:]}."] if plain else []
    if "fiscal_year" in kinds:
        example = periods.EXAMPLES["fiscal_year"]
        before = [periods.fiscal(rule.since - 1) for rule in calendar.rules[1:]]
        until = ", ".join(
            f"until {periods.ordinal(year)} from {names.day_of_year(calendar.first_day(year))}"
            for year in before
        )
        said.append(
            "A fiscal year is written as its first day and a length of one year: "
            f"{time_period(calendar, example)} is {names.long(periods.parse(example))}"
            + (f" ({until})" if until else "")
            + ("; half-months likewise." if "half_month" in kinds else ".")
        )
    elif "half_month" in kinds:
        said.append(
            f"Half-months are written as their first day and a length: {periods.EXAMPLES['half_month']}."
        )
    return " ".join(said)


def _structure(standard: Standard, owner: Owner, meta: Metadata) -> DataStructure:
    dimensions = [
        Component(one.id.upper(), one.id, f"CL_{standard.concepts[one.id].codelist.upper()}")
        for one in meta.dimensions
    ]
    return DataStructure(
        owner,
        meta.id,
        meta.title,
        (_FREQUENCY, *dimensions),
        Component(VALUE, "value", type="Decimal" if meta.decimals else "Long"),
        (
            Component("UNIT_MEASURE", "", "CL_UNIT", level="dataset", value=meta.unit.code),
            Component("DECIMALS", "", type="Integer", level="dataset", value=str(meta.decimals)),
            _STATUS,
            *([_BASE] if meta.constant_prices else []),
            _KNOWN_FROM,
            _KNOWN_BASIS,
            _EDITION_FROM,
            *([_FISCAL_YEAR] if standard.calendar.rules else []),
        ),
        standard.calendar,
    )


def _categorised(owner: Owner, metas: Iterable[Metadata], provisions: set[int]) -> Iterable[Categorisation]:
    for meta in metas:
        for number in meta.provisions:
            if number in provisions:
                yield Categorisation(owner, f"P{number}_{meta.id}", meta.title, meta.id, f"P{number}")


def _constraint(calendar: Calendar, owner: Owner, dataset: Dataset) -> Constraint:
    meta, latest = dataset.meta, dataset.latest
    codes = {"freq": FREQ, **{one.id: one.id.upper() for one in meta.dimensions}}
    used = {name: tuple(sorted(latest[column].unique().to_pylist())) for column, name in codes.items()}
    written = latest["period"].unique().to_pylist()
    return constraint(calendar, owner, meta.id, meta.title, used, written)


def constraint(
    calendar: Calendar,
    owner: Owner,
    dataflow: str,
    name: Text,
    codes: Mapping[str, tuple[str, ...]],
    written: Iterable[str],
    series: int | None = None,
    count: int | None = None,
) -> Constraint:
    """What there is of a dataflow: codes by dimension, and the periods as the release writes them, in any order."""
    spans = sorted((*calendar.days(periods.parse(text)), text) for text in written)
    return Constraint(
        owner,
        dataflow,
        name,
        dataflow,
        codes,
        str(spans[0][0]) if spans else "",
        str(max(last for _, last, _ in spans)) if spans else "",
        tuple(time_period(calendar, text) for _, _, text in spans),
        series,
        count,
    )


def time_period(calendar: Calendar, period: str) -> str:
    """A period as SDMX writes it: a fiscal year is a range of one year (or of fewer months) from its first day."""
    if not period.startswith("FY"):
        return period
    months = calendar.parts(periods.parse(period), "month")
    length = "1Y" if len(months) == 12 else f"{len(months)}M"
    return f"{periods.days(months[0])[0]}/P{length}"
