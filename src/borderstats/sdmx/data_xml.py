"""Figures as SDMX-ML: structure-specific in 2.1 and 3.0, and the generic form of 2.1.

Written as text, for an element tree of a hundred thousand observations would take seconds.
"""

from collections.abc import Iterator
from typing import Literal
from xml.sax.saxutils import quoteattr

from borderstats.sdmx.message import FLAT, Message, Part, series
from borderstats.sdmx.model import TIME, urn
from borderstats.sdmx.structure_xml import Version, namespaces

Form = Literal["specific", "generic"]

_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def data(message: Message, version: Version = "3.0", form: Form = "specific") -> bytes:
    """The message as XML. The generic form is one of 2.1 only; a figure that is not there has no value."""
    writer = _Generic(message) if form == "generic" else _Specific(message, version)
    return "".join(writer.document()).encode()


class _Specific:
    root = "StructureSpecificData"

    def __init__(self, message: Message, version: Version) -> None:
        self.message, self.version = message, version
        self.spaces = namespaces(version)
        one = message.structure
        # A message has one structure, and a name for it. Clients that read no headers take that name for the structure's id.
        self.called = quoteattr(one.id)
        self.own = f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={one.agency}:{one.id}({one.version}):ObsLevelDim:{message.at}"

    def document(self) -> Iterator[str]:
        spaces = "".join(f" xmlns:{name}={quoteattr(space)}" for name, space in self.declared().items())
        yield f'<?xml version="1.0" encoding="utf-8"?>\n<mes:{self.root}{spaces}>\n'
        yield from self.header()
        for part in self.message.parts:
            yield from self.dataset(part)
        yield f"</mes:{self.root}>\n"

    def declared(self) -> dict[str, str]:
        folder = self.spaces["mes"].removesuffix("message")
        return {
            "mes": self.spaces["mes"],
            "com": self.spaces["com"],
            "ss": f"{folder}data/structurespecific",
            "ns1": self.own,
            "xsi": _XSI,
        }

    def header(self) -> Iterator[str]:
        header, one = self.message.header, self.message.structure
        yield f"<mes:Header><mes:ID>{header.id}</mes:ID><mes:Test>false</mes:Test>"
        yield f"<mes:Prepared>{header.prepared}</mes:Prepared><mes:Sender id={quoteattr(header.sender)}/>"
        space = "" if self.root == "GenericData" else f" namespace={quoteattr(self.own)}"
        yield f"<mes:Structure structureID={self.called}{space} dimensionAtObservation={quoteattr(self.message.at)}>"
        if self.version == "3.0":
            yield f"<com:Structure>{urn(one)}</com:Structure>"
        else:
            yield (
                f'<com:Structure><Ref agencyID={quoteattr(one.agency)} id={quoteattr(one.id)} version="{one.version}" '
                'class="DataStructure"/></com:Structure>'
            )
        yield "</mes:Structure></mes:Header>\n"

    def validity(self, part: Part, prefix: str) -> str:
        dates = (("validFromDate", part.valid_from), ("validToDate", part.valid_to))
        return "".join(f" {prefix}{name}={quoteattr(f'{day}T00:00:00')}" for name, day in dates if day)

    def dataset(self, part: Part) -> Iterator[str]:
        given = self.message.of(part)
        whole = "".join(f" {one.id}={quoteattr(one.value)}" for one in given.whole)
        scoped = ' ss:dataScope="DataStructure"' if self.version == "2.1" else ""
        # In 3.0 attributes of a data set may stand in an element of their own; sdmx1 cannot read that.
        yield (
            f'<mes:DataSet ss:structureRef={self.called} xsi:type="ns1:DataSetType"{scoped} ss:action="{part.action}"'
            f"{self.validity(part, 'ss:')}{whole}>\n"
        )
        observed = [one.id for one in given.observed]
        shown = [self.message.structure.measure.id, *observed] if self.message.figures else []
        for key, rows, texts in series(self.message, part):
            named = [f"{n}={quoteattr(value)}" for n, value in zip(self.message.along, key, strict=True)]
            if self.message.at == FLAT:
                for row in rows:
                    yield f"<Obs {' '.join(named)}{self.rest(texts, shown, row)}/>\n"
                continue
            yield f"<Series {' '.join(named)}>"
            if self.message.figures:
                at = texts[self.message.at]
                for row in rows:
                    yield f"<Obs {self.message.at}={quoteattr(at[row])}{self.rest(texts, shown, row)}/>"
            yield "</Series>\n"
        yield "</mes:DataSet>\n"

    def rest(self, texts: dict[str, list[str]], shown: list[str], row: int) -> str:
        # Codes, numbers and dates need no escaping.
        return "".join(f' {name}="{texts[name][row]}"' for name in shown if texts[name][row])


class _Generic(_Specific):
    root = "GenericData"

    def __init__(self, message: Message) -> None:
        super().__init__(message, "2.1")

    def declared(self) -> dict[str, str]:
        folder = self.spaces["mes"].removesuffix("message")
        return {"mes": self.spaces["mes"], "com": self.spaces["com"], "gen": f"{folder}data/generic"}

    def dataset(self, part: Part) -> Iterator[str]:
        yield f'<mes:DataSet structureRef={self.called} action="{part.action}"{self.validity(part, "")}>\n'
        given = self.message.of(part)
        if given.whole:
            yield f"<gen:Attributes>{_values((one.id, one.value) for one in given.whole)}</gen:Attributes>\n"
        observed = [one.id for one in given.observed]
        for key, rows, texts in series(self.message, part):
            named = _values(zip(self.message.along, key, strict=True))
            if self.message.at == FLAT:
                for row in rows:
                    yield f"<gen:Obs><gen:ObsKey>{named}</gen:ObsKey>{self.observation(texts, observed, row)}</gen:Obs>\n"
                continue
            yield f"<gen:Series><gen:SeriesKey>{named}</gen:SeriesKey>"
            if self.message.figures:
                at = texts[self.message.at]
                # 2.1 names the dimension at the observation only where it is not time.
                name = "" if self.message.at == TIME else f' id="{self.message.at}"'
                for row in rows:
                    dimension = f"<gen:ObsDimension{name} value={quoteattr(at[row])}/>"
                    yield f"<gen:Obs>{dimension}{self.observation(texts, observed, row)}</gen:Obs>"
            yield "</gen:Series>\n"
        yield "</mes:DataSet>\n"

    def observation(self, texts: dict[str, list[str]], observed: list[str], row: int) -> str:
        if not self.message.figures:
            return ""
        value = texts[self.message.structure.measure.id][row]
        figure = f'<gen:ObsValue value="{value}"/>' if value else ""
        found = _values((name, texts[name][row]) for name in observed if texts[name][row])
        return f"{figure}<gen:Attributes>{found}</gen:Attributes>" if found else figure


def _values(pairs: "Iterator[tuple[str, str]] | zip[tuple[str, str]]") -> str:
    return "".join(f'<gen:Value id="{name}" value={quoteattr(value)}/>' for name, value in pairs)
