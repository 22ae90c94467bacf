"""Structures as SDMX-ML 2.1 and 3.0. In 3.0 a reference is a name (URN), in 2.1 an element with its parts."""

from collections.abc import Iterable, Sequence
from typing import Literal
from xml.etree import ElementTree

from borderstats.package.struct import Text
from borderstats.sdmx.message import Header
from borderstats.sdmx.model import (
    CATEGORIES,
    CONCEPTS,
    TIME,
    TIME_DIMENSION,
    Artefact,
    Categorisation,
    Component,
    Constraint,
    Dataflow,
    DataStructure,
    Owner,
    Scheme,
    urn,
)

Version = Literal["2.1", "3.0"]

_BASE = "http://www.sdmx.org/resources/sdmxml/schemas/"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_ITEMS = {
    "Codelist": "Code",
    "ConceptScheme": "Concept",
    "CategoryScheme": "Category",
    "AgencyScheme": "Agency",
}
_LISTS: dict[Version, tuple[tuple[str, str], ...]] = {
    "2.1": (
        ("AgencyScheme", "OrganisationSchemes"),
        ("Dataflow", "Dataflows"),
        ("CategoryScheme", "CategorySchemes"),
        ("Categorisation", "Categorisations"),
        ("Codelist", "Codelists"),
        ("ConceptScheme", "Concepts"),
        ("DataStructure", "DataStructures"),
        ("ContentConstraint", "Constraints"),
    ),
    "3.0": (
        ("AgencyScheme", "AgencySchemes"),
        ("Categorisation", "Categorisations"),
        ("CategoryScheme", "CategorySchemes"),
        ("Codelist", "Codelists"),
        ("ConceptScheme", "ConceptSchemes"),
        ("ContentConstraint", "DataConstraints"),
        ("Dataflow", "Dataflows"),
        ("DataStructure", "DataStructures"),
    ),
}  # fmt: skip
"""The lists of a message in the order that its schema asks for, by the kind of artefact in each."""


def structure(header: Header, artefacts: Iterable[Artefact], version: Version, stubs: bool = False) -> bytes:
    """A structure message of these artefacts; `stubs`: without what is in them."""
    return _Writer(version).message(header, list(artefacts), stubs)


def namespaces(version: Version) -> dict[str, str]:
    """The namespaces of a message by their usual prefixes."""
    folder = f"{_BASE}v{version.replace('.', '_')}/"
    return {"mes": f"{folder}message", "str": f"{folder}structure", "com": f"{folder}common"}


class _Writer:
    def __init__(self, version: Version) -> None:
        self.version = version
        self.new = version == "3.0"
        self.spaces = namespaces(version)

    def message(self, header: Header, artefacts: Sequence[Artefact], stubs: bool) -> bytes:
        for prefix, space in self.spaces.items():
            ElementTree.register_namespace(prefix, space)
        root = ElementTree.Element(f"{{{self.spaces['mes']}}}Structure")
        self._header(root, header)
        within = self.add(root, "mes:Structures")
        for kind, name in _LISTS[self.version]:
            own = [one for one in artefacts if one.kind == kind]
            if own:
                listed = self.add(within, f"str:{name}")
                for one in own:
                    self._artefact(listed, one, stubs)
        if not len(within):
            root.remove(within)
        ElementTree.indent(root, " ")
        found: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
        return found + b"\n"

    def add(
        self, parent: ElementTree.Element, name: str, text: str = "", **attributes: str
    ) -> ElementTree.Element:
        """A child element; `name` with a prefix, or without one in no namespace."""
        prefix, _, local = name.rpartition(":")
        tag = f"{{{self.spaces[prefix]}}}{local}" if prefix else local
        element = ElementTree.SubElement(parent, tag, attributes)
        element.text = text or None
        return element

    def _header(self, root: ElementTree.Element, header: Header) -> None:
        at = self.add(root, "mes:Header")
        self.add(at, "mes:ID", header.id)
        self.add(at, "mes:Test", "false")
        self.add(at, "mes:Prepared", header.prepared)
        self.add(at, "mes:Sender", id=header.sender)
        # Every message has a receiver in 2.1's schema of structures; whoever asks is one.
        if not self.new:
            self.add(at, "mes:Receiver", id="ANYONE")

    def _named(self, element: ElementTree.Element, name: Text, description: Text | None) -> None:
        for tag, text in (("com:Name", name), ("com:Description", description)):
            for language, written in (("en", text.en), ("es", text.es)) if text else ():
                if written:
                    self.add(element, tag, written).set(f"{_XML}lang", language)

    def _artefact(self, listed: ElementTree.Element, one: Artefact, stubs: bool) -> None:
        name = "DataConstraint" if one.kind == "ContentConstraint" and self.new else one.kind
        element = self.add(
            listed,
            f"str:{name}",
            id=one.id,
            agencyID=one.agency,
            version=one.version,
            urn=urn(one, kind=name),
        )
        if self.new and one.kind == "AgencyScheme":
            # It has no version of its own in 3.0.
            del element.attrib["version"]
        if isinstance(one, Constraint):
            element.set(*(("role", "Actual") if self.new else ("type", "Actual")))
        if stubs:
            element.set("isExternalReference", "false")
        self._named(element, one.name, getattr(one, "description", None))
        if stubs and not isinstance(one, Categorisation):
            return
        match one:
            case Scheme():
                self._items(element, one)
            case DataStructure():
                self._components(element, one)
            case Dataflow():
                self._refer(element, "str:Structure", "DataStructure", one.owner, one.structure)
            case Categorisation():
                self._refer(element, "str:Source", "Dataflow", one.owner, one.dataflow)
                self._refer(element, "str:Target", "Category", one.owner, CATEGORIES, one.category)
            case Constraint():
                self._region(element, one)

    def _items(self, element: ElementTree.Element, scheme: Scheme) -> None:
        for item in scheme.items:
            of = _ITEMS[scheme.kind]
            made = self.add(element, f"str:{of}", id=item.id, urn=urn(scheme, item.id))
            self._named(made, item.name, item.description)
            if item.type:
                core = self.add(made, "str:CoreRepresentation")
                self.add(core, "str:TextFormat", textType=item.type)

    def _refer(
        self, parent: ElementTree.Element, name: str, kind: str, owner: Owner, id_: str, item: str = ""
    ) -> None:
        at = self.add(parent, name)
        of = {"Concept": "ConceptScheme", "Category": "CategoryScheme"}.get(kind, kind)
        whole = Scheme(of, owner, id_, Text(""), ())
        if self.new:
            at.text = urn(whole, item)
            return
        packages = urn(whole).split(".infomodel.")[1].split(".")[0]
        if item:
            self.add(
                at,
                "Ref",
                id=item,
                maintainableParentID=id_,
                maintainableParentVersion=owner.version,
                agencyID=owner.agency,
                package=packages,
                **{"class": kind},
            )
        else:
            self.add(
                at,
                "Ref",
                id=id_,
                version=owner.version,
                agencyID=owner.agency,
                package=packages,
                **{"class": kind},
            )

    def _components(self, element: ElementTree.Element, one: DataStructure) -> None:
        parts = self.add(element, "str:DataStructureComponents")
        listed = self.add(parts, "str:DimensionList", id="DimensionDescriptor")
        for position, dimension in enumerate(one.dimensions, 1):
            at = self.add(listed, "str:Dimension", id=dimension.id, position=str(position))
            self._represented(at, one, dimension)
        at = self.add(listed, "str:TimeDimension", id=TIME)
        if not self.new:
            at.set("position", str(len(one.dimensions) + 1))
        self._represented(at, one, TIME_DIMENSION)
        measure = None if self.new else self.add(parts, "str:MeasureList", id="MeasureDescriptor")
        attributes = ElementTree.Element("none")
        if one.attributes:
            attributes = self.add(parts, "str:AttributeList", id="AttributeDescriptor")
            if not self.new:
                # The order of 2.1: attributes before measures.
                parts.remove(attributes)
                parts.insert(1, attributes)
        for attribute in one.attributes:
            needed = attribute.id in ("UNIT_MEASURE", "OBS_STATUS")
            use = (
                {"usage": "mandatory" if needed else "optional"}
                if self.new
                else {"assignmentStatus": "Mandatory" if needed else "Conditional"}
            )
            at = self.add(attributes, "str:Attribute", id=attribute.id, **use)
            self._represented(at, one, attribute)
            relation = self.add(at, "str:AttributeRelationship")
            if attribute.level == "dataset":
                self.add(relation, "str:Dataflow" if self.new else "str:None")
            elif self.new:
                self.add(relation, "str:Observation")
            else:
                self.add(self.add(relation, "str:PrimaryMeasure"), "Ref", id=one.measure.id)
        measure = (
            measure if measure is not None else self.add(parts, "str:MeasureList", id="MeasureDescriptor")
        )
        at = self.add(measure, "str:Measure" if self.new else "str:PrimaryMeasure", id=one.measure.id)
        self._represented(at, one, one.measure)

    def _represented(self, at: ElementTree.Element, of: DataStructure, one: Component) -> None:
        self._refer(at, "str:ConceptIdentity", "Concept", of.owner, CONCEPTS, one.id)
        local = self.add(at, "str:LocalRepresentation")
        if one.codelist:
            self._refer(local, "str:Enumeration", "Codelist", of.owner, one.codelist)
        else:
            self.add(local, "str:TextFormat", textType=one.type)

    def _region(self, element: ElementTree.Element, one: Constraint) -> None:
        for name, value in (("series_count", one.series), ("obs_count", one.count)):
            if value is not None:
                listed = element.find(f"{{{self.spaces['com']}}}Annotations")
                if listed is None:
                    listed = ElementTree.Element(f"{{{self.spaces['com']}}}Annotations")
                    element.insert(0, listed)
                note = self.add(listed, "com:Annotation", id=name)
                self.add(note, "com:AnnotationTitle", str(value))
                self.add(note, "com:AnnotationType", "sdmx_metrics")
        attached = self.add(element, "str:ConstraintAttachment")
        self._refer(attached, "str:Dataflow", "Dataflow", one.owner, one.dataflow)
        region = self.add(element, "str:CubeRegion", include="true")
        common = "str" if self.new else "com"
        for name, codes in one.codes.items():
            if codes:
                at = self.add(region, f"{common}:KeyValue", id=name)
                for code in codes:
                    self.add(at, f"{common}:Value", code)
        if one.periods and self.new:
            # Not as a range: sdmx1 cannot read one in 3.0.
            at = self.add(region, f"{common}:KeyValue", id=TIME)
            for period in one.periods:
                self.add(at, f"{common}:Value", period)
        elif one.start:
            at = self.add(self.add(region, f"{common}:KeyValue", id=TIME), f"{common}:TimeRange")
            self.add(at, f"{common}:StartPeriod", one.start, isInclusive="true")
            self.add(at, f"{common}:EndPeriod", one.end, isInclusive="true")
