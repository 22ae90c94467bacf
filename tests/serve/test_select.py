"""Which structures a request names, and which come with them."""

import pytest

from borderstats.package import read
from borderstats.sdmx.model import structures, urn
from borderstats.serve.problem import Problem
from borderstats.serve.select import select


@pytest.fixture(scope="module")
def known(release):
    return structures(read.package(release))


def kinds(found):
    return {one.kind for one in found[0]}


FLOW = ("dataflow", "all", "ice-facility-adp", "latest")


@pytest.mark.parametrize(
    ("references", "wanted"),
    [
        ("none", {"Dataflow"}),
        ("children", {"Dataflow", "DataStructure"}),
        ("descendants", {"Dataflow", "DataStructure", "ConceptScheme", "Codelist"}),
        ("parents", {"Dataflow", "Categorisation", "ContentConstraint"}),
        ("parentsandsiblings", {"Dataflow", "Categorisation", "ContentConstraint", "CategoryScheme"}),
        ("codelist", {"Dataflow", "Codelist"}),
        ("contentconstraint", {"Dataflow", "ContentConstraint"}),
        ("metadatastructure", {"Dataflow"}),
        (
            "all",
            {"Dataflow", "DataStructure", "ConceptScheme", "Codelist", "Categorisation", "ContentConstraint", "CategoryScheme"},
        ),
    ],
)  # fmt: skip
def test_references(known, references, wanted):
    assert kinds(select(known, *FLOW, references=references)) == wanted


def test_descendants_are_those_of_the_dataflow_alone(known):
    found, _ = select(known, *FLOW, references="descendants")
    lists = {one.id for one in found if one.kind == "Codelist"}
    assert lists == {"CL_FREQ", "CL_FACILITY", "CL_OBS_STATUS", "CL_UNIT"}


def test_several_ids_versions_and_items(known, standard):
    present = standard.office.version
    minor, _, _ = present.rpartition(".")
    found, _ = select(known, "codelist", "all", "CL_FREQ+CL_UNIT,CL_REGION")
    assert {one.id for one in found} == {"CL_FREQ", "CL_UNIT", "CL_REGION"}
    for version in ("latest", "~", "*", "all", minor, present, "+", f"{minor}+"):
        assert select(known, "codelist", "BORDERSTATS", "CL_FREQ", version)[0]
    ((part,), _) = select(known, "codelist", "all", "CL_FREQ", "latest", "M+A")
    assert [one.id for one in part.items] == ["A", "M"]
    assert select(known, "dataflow", detail="allstubs")[1]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"kind": "codelist", "ids": "CL_NOTHING"}, 404),
        ({"kind": "codelist", "version": "2.0"}, 404),
        ({"kind": "codelist", "agency": "NOBODY"}, 404),
        ({"kind": "codelist", "ids": "CL_FREQ", "item": "XX"}, 404),
        ({"kind": "process"}, 404),
        ({"kind": "secrets"}, 400),
        ({"kind": "codelist", "references": "cousins"}, 400),
        ({"kind": "codelist", "detail": "little"}, 400),
    ],
)
def test_what_cannot_be_selected(known, arguments, status):
    with pytest.raises(Problem) as problem:
        select(known, **arguments)
    assert problem.value.status == status


def test_names_of_artefacts(known, standard):
    version, folder = standard.office.version, "urn:sdmx:org.sdmx.infomodel."
    flow = known.by_id["Dataflow", "ice-facility-adp"]
    assert urn(flow) == f"{folder}datastructure.Dataflow=BORDERSTATS:ice-facility-adp({version})"
    codes = known.by_id["Codelist", "CL_FREQ"]
    assert urn(codes, "M") == f"{folder}codelist.Code=BORDERSTATS:CL_FREQ({version}).M"
