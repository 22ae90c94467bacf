"""Every reference of a structure message resolves inside it where the standard says so, in every form and for every request."""

import json
from collections import defaultdict

import httpx
import pytest
from lxml import etree

FORMS = {
    "xml-2.1": "application/vnd.sdmx.structure+xml;version=2.1",
    "xml-3.0": "application/vnd.sdmx.structure+xml;version=3.0.0",
    "json": "application/vnd.sdmx.structure+json;version=2.0.0",
}
REFERENCES = ("none", "children", "descendants", "parents", "parentsandsiblings", "ancestors", "all")
URN = "urn:sdmx:"


def whole(urn):
    """The name of what an item belongs to; of anything else the name itself. Kinds differ in words between versions."""
    for item, scheme in (
        ("codelist.Code=", "codelist.Codelist="),
        ("conceptscheme.Concept=", "conceptscheme.ConceptScheme="),
        ("categoryscheme.Category=", "categoryscheme.CategoryScheme="),
        ("base.Agency=", "base.AgencyScheme="),
        ("registry.DataConstraint=", "registry.ContentConstraint="),
    ):
        urn = urn.replace(item, scheme)
    return urn[: urn.index(")") + 1]


def from_ref(ref):
    """The name that a reference of SDMX 2.1 stands for, whose parts are attributes."""
    given = dict(ref.attrib)
    parent = given.get("maintainableParentID", given["id"])
    version = given.get("maintainableParentVersion", given.get("version"))
    item = f".{given['id']}" if "maintainableParentID" in given else ""
    name = f"{given['package']}.{given['class']}={given['agencyID']}:{parent}({version}){item}"
    return f"{URN}org.sdmx.infomodel.{name}"


def of_xml(body):
    """Every name that is defined in a message, and by the name of each artefact those to which it refers."""
    defined, refers = set(), defaultdict(set)
    root = etree.fromstring(body)
    for element in root.iter(etree.Element):
        if "urn" in element.attrib:
            defined.add(element.get("urn"))
        target = ""
        if element.tag == "Ref" and "class" in element.attrib:
            target = from_ref(element)
        elif (element.text or "").startswith(URN):
            target = element.text
        if target:
            artefact = next(one for one in element.iterancestors() if "agencyID" in one.attrib)
            refers[whole(artefact.get("urn"))].add(target)
    return defined, refers


def of_json(body):
    defined, refers = set(), defaultdict(set)

    def walk(node, artefact):
        if isinstance(node, dict):
            links = {link["rel"]: link["urn"] for link in node.get("links", ())}
            if "self" in links:
                defined.add(links["self"])
                artefact = whole(links["self"]) if "agencyID" in node else artefact
            for name, value in node.items():
                if name != "links":
                    walk(value, artefact)
        elif isinstance(node, list):
            for one in node:
                walk(one, artefact)
        elif isinstance(node, str) and node.startswith(URN):
            refers[artefact].add(node)

    walk(json.loads(body)["data"], "")
    return defined, refers


def read(body, form):
    return (of_json if form == "json" else of_xml)(body)


class Graph:
    """What refers to what among all structures of a release, from the message that has them all."""

    def __init__(self, defined, refers):
        self.down = {one: {whole(to) for to in refers[one]} for one in map(whole, defined)}
        self.up = defaultdict(set)
        for one, below in self.down.items():
            for to in below:
                self.up[to].add(one)

    def reach(self, start, edges):
        found, fresh = set(), set(start)
        while fresh:
            fresh = {to for one in fresh for to in edges[one]} - found
            found |= fresh
        return found

    def answer(self, asked, references):
        """What belongs into the answer to a request for these artefacts, by the REST interface of SDMX."""
        children = {to for one in asked for to in self.down[one]}
        parents = {to for one in asked for to in self.up[one]}
        siblings = {to for one in parents for to in self.down[one]}
        return (
            asked
            | {
                "none": set(),
                "children": children,
                "descendants": self.reach(asked, self.down),
                "parents": parents,
                "ancestors": self.reach(asked, self.up),
                "parentsandsiblings": parents | siblings,
                # The standard asks for no more than what parents refer to. Here everything goes to its end, so that all resolves.
                "all": parents | self.reach(asked | parents, self.down),
            }[references]
        )


def ask(client, path, form, **parameters):
    response = client.get(path, params=parameters, headers={"Accept": FORMS[form]})
    assert response.status_code == 200, response.text
    return read(response.content, form)


def hold_references(address, path, kinds=(), words=REFERENCES):
    """Assert of each artefact of these kinds that its answers have what they should, and name nothing that is not there."""
    with httpx.Client(base_url=address, timeout=60) as client:
        for form in FORMS:
            defined, refers = ask(client, path.format(kind="structure", id="all"), form)
            graph = Graph(defined, refers)
            assert {to for below in refers.values() for to in below} <= defined
            for one in sorted(graph.down):
                kind, _, rest = one.rpartition("infomodel.")[2].partition("=")
                if kinds and kind.partition(".")[2] not in kinds:
                    continue
                name = rest.partition(":")[2].partition("(")[0]
                asked = path.format(kind=kind.partition(".")[2].lower(), id=name)
                for references in words:
                    here, given = ask(client, asked, form, references=references)
                    assert set(map(whole, here)) == graph.answer({one}, references), (form, one, references)
                    if references in ("descendants", "all"):
                        assert {to for below in given.values() for to in below} <= here, (
                            form,
                            one,
                            references,
                        )


@pytest.mark.parametrize("path", ["sdmx/2.1/{kind}/all/{id}", "sdmx/3/structure/{kind}/*/{id}"])
def test_references_of_every_structure_resolve(at, path):
    hold_references(at.hosts["server"].url, path)


def test_references_of_every_dataflow_of_the_real_release_resolve(served):
    kinds = ("Dataflow", "ConceptScheme", "CategoryScheme")
    hold_references(served.url, "sdmx/3/structure/{kind}/*/{id}", kinds, ("descendants", "all"))


@pytest.mark.parametrize("form", FORMS)
def test_references_of_what_is_available_resolve(at, form):
    with httpx.Client(base_url=at.hosts["server"].url) as client:
        graph = Graph(*ask(client, "sdmx/3/structure/*/*/*", form))
        for dataset in at.package.datasets:
            for path in (
                f"sdmx/2.1/availableconstraint/{dataset}",
                f"sdmx/3/availability/dataflow/*/{dataset}/~/*",
            ):
                for references in REFERENCES:
                    here, given = ask(client, path, form, references=references)
                    (one,) = (name for name in map(whole, here) if "Constraint=" in name)
                    assert set(map(whole, here)) == graph.answer({one}, references), (path, references)
                    if references in ("descendants", "all"):
                        assert {to for below in given.values() for to in below} <= here


@pytest.mark.parametrize("form", FORMS)
def test_a_schema_has_all_that_it_refers_to(at, form):
    agency = at.package.standard.publisher.id
    with httpx.Client(base_url=at.hosts["server"].url) as client:
        for dataset in at.package.datasets:
            defined, refers = ask(client, f"sdmx/3/schema/dataflow/{agency}/{dataset}/~", form)
            assert len(refers) == 2
            assert {to for below in refers.values() for to in below} <= defined


@pytest.mark.parametrize(
    ("file", "form"),
    [("structure-2.1.xml", "xml-2.1"), ("structure-3.0.xml", "xml-3.0"), ("structure-2.0.json", "json")],
)
def test_references_of_the_files_resolve(at, file, form):
    defined, refers = read((at.release / "sdmx" / file).read_bytes(), form)
    assert len(refers) > 6
    assert {to for below in refers.values() for to in below} <= defined
