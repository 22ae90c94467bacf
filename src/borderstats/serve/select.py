"""Which structures a request names, with those that they refer to or that refer to them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from borderstats.sdmx.model import Artefact, Scheme, Structures
from borderstats.serve.problem import Problem, bad, missing

KINDS: dict[str, tuple[str, ...]] = {
    "agencyscheme": ("AgencyScheme",),
    "organisationscheme": ("AgencyScheme",),
    "codelist": ("Codelist",),
    "conceptscheme": ("ConceptScheme",),
    "datastructure": ("DataStructure",),
    "dataflow": ("Dataflow",),
    "categoryscheme": ("CategoryScheme",),
    "categorisation": ("Categorisation",),
    "contentconstraint": ("ContentConstraint",),
    "dataconstraint": ("ContentConstraint",),
    "structure": (),
}
"""Kinds of artefacts by the words that requests use; an empty one means all."""

NONE_HERE = frozenset(
    (
        "metadatastructure", "metadataflow", "hierarchicalcodelist", "hierarchy", "hierarchyassociation", "valuelist",
        "dataproviderscheme", "dataconsumerscheme", "organisationunitscheme", "provisionagreement", "structureset", "process",
        "reportingtaxonomy", "structuremap", "representationmap", "conceptschememap", "categoryschememap",
        "organisationschememap", "attachmentconstraint", "metadataconstraint", "metadataproviderscheme",
        "metadataprovisionagreement", "actualconstraint", "allowedconstraint", "transformationscheme", "rulesetscheme",
        "userdefinedoperatorscheme", "customtypescheme", "namepersonalisationscheme", "vtlmappingscheme",
    )
)  # fmt: skip
"""Kinds that SDMX knows and a release has none of."""

_ALL = frozenset(("all", "*", ""))
_LATEST = frozenset(("all", "*", "latest", "~", "+", ""))
_STUBS = frozenset(("allstubs", "allcompletestubs"))
DETAILS = frozenset(("full", "referencestubs", "referencecompletestubs", "referencepartial", "raw")) | _STUBS


def select(
    known: Structures,
    kind: str,
    agency: str = "all",
    ids: str = "all",
    version: str = "latest",
    item: str = "",
    references: str = "none",
    detail: str = "full",
) -> tuple[tuple[Artefact, ...], bool]:
    """The artefacts of a request, and whether only their stubs are wanted.

    Several ids are separated by `,` or `+`. Raises Problem if a word means nothing or nothing is found.
    """
    if kind in NONE_HERE:
        raise missing(f"there are no artefacts of the kind {kind} here")
    if kind not in KINDS:
        raise bad(f"the kind of structure is not known; known are {', '.join(KINDS)}")
    if detail not in DETAILS:
        raise bad(f"detail: not known; write one of {', '.join(sorted(DETAILS))}")
    wanted = KINDS[kind] or tuple({one.kind: None for one in known.every})
    names = _several(ids)
    agencies, versions = _several(agency), version.split(",")
    # Clients ask an agency for the scheme in which it is itself, which is that of SDMX.
    own = {known.codelists[0].agency}
    found = [
        one
        for one in known.every
        if one.kind in wanted
        and (names & _ALL or one.id in names)
        and (agencies & _ALL or one.agency in agencies or (one.kind == "AgencyScheme" and agencies & own))
        and any(_is_version(one.version, wanted) for wanted in versions)
    ]
    if not found:
        raise missing(
            f"no such {kind}; ask for /{kind}/all/all for what there is, agencies are {known.codelists[0].agency} and SDMX"
        )
    if item and item not in _ALL:
        found = [_part(one, _several(item)) for one in found if isinstance(one, Scheme)]
    return tuple(referred(known, found, references)), detail in _STUBS


def _several(written: str) -> set[str]:
    return set(written.replace("+", ",").split(",")) if written not in _LATEST else {written}


def _is_version(version: str, wanted: str) -> bool:
    """Whether a version is the one that is asked for, the latest of its kind (`1.0+`), or called by its first numbers."""
    return wanted in _LATEST or version == wanted or version.startswith(wanted.rstrip("+") + ".")


def _part(scheme: Scheme, items: set[str]) -> Artefact:
    kept = tuple(one for one in scheme.items if one.id in items)
    if not kept:
        raise missing(f"{scheme.id} has no such item; leave it out for all of them")
    return replace(scheme, items=kept)


def referred(known: Structures, found: Sequence[Artefact], references: str) -> Iterable[Artefact]:
    """The artefacts and those they refer to (`children`, `descendants`), that refer to them (`parents`), or of one kind."""
    wanted = references.split(",") if references else ["none"]
    every: dict[tuple[str, str], Artefact] = {(one.kind, one.id): one for one in found}

    def add(more: Iterable[Artefact]) -> list[Artefact]:
        fresh = [one for one in more if (one.kind, one.id) not in every]
        every.update({(one.kind, one.id): one for one in fresh})
        return fresh

    def down(some: Iterable[Artefact], deep: bool) -> list[Artefact]:
        fresh = add(child for one in some for child in known.children(one))
        if fresh and deep:
            fresh += down(fresh, deep)
        return fresh

    def up(some: Iterable[Artefact], deep: bool = False) -> list[Artefact]:
        fresh = add(parent for one in some for parent in known.parents(one))
        return fresh + (up(fresh, deep) if fresh and deep else [])

    for word in wanted:
        match word:
            case "none":
                pass
            case "children":
                down(found, deep=False)
            case "descendants":
                down(found, deep=True)
            case "parents":
                up(found)
            case "ancestors":
                up(found, deep=True)
            case "parentsandsiblings":
                down(up(found), deep=False)
            case "all":
                above = up(found)
                down([*found, *above], deep=True)
            case _ if KINDS.get(word):
                near: dict[tuple[str, str], Artefact] = {}
                for one in found:
                    for other in (*_deep(known, one), *known.parents(one)):
                        near[other.kind, other.id] = other
                add(one for one in near.values() if one.kind in KINDS[word])
            case _ if word in NONE_HERE:
                pass
            case _:
                raise Problem(
                    400,
                    "references: not known; write none, parents, parentsandsiblings, ancestors, children, descendants, all or a "
                    "kind of structure",
                )
    return every.values()


def _deep(known: Structures, one: Artefact) -> list[Artefact]:
    children = known.children(one)
    return children + [below for child in children for below in _deep(known, child)]


def dataflows(known: Structures, agency: str, ids: str, version: str) -> tuple[str, ...]:
    """The ids of the dataflows that a data request names."""
    found, _ = select(known, "dataflow", agency, ids, version)
    return tuple(one.id for one in found)
