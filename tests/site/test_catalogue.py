"""Every word of a page comes from the catalogue, from the standard or from the release: none stands in a template or in code."""

import ast
import html
import re
from functools import cache
from gettext import NullTranslations
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import nodes

from borderstats import site, words
from borderstats.site import site as publishing
from borderstats.words import messages

TEMPLATES = sorted((Path(site.__file__).parent / "templates").glob("*.html"))
MODULES = [path for room in (site, words) for path in sorted(Path(room.__file__).parent.rglob("*.py"))]
TOOLS = {"Python, pandas", "R, arrow", "SQL, DuckDB", "R", "SQL"}
"""Names of programs, which are the same in every language."""

SAID = {"aria-label", "title", "alt", "data-label"}
"""Attributes that are read out or shown."""


class Visible(HTMLParser):
    """The texts of a page that a reader sees or hears, without code."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.inside = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.inside += [tag] if tag in {"code", "pre", "script"} else []
        self.texts += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag):
        if self.inside and tag == self.inside[-1]:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.texts.append(data)


@cache
def catalogue():
    with (messages.LOCALE / "en.po").open("rb") as file:
        found = read_po(file, locale="en")
    return {one.id[0] if isinstance(one.id, tuple) else one.id: one for one in found if one.id}


@cache
def tree(path):
    return publishing.environment().parse(path.read_text())


def used_in_templates():
    """The messages and the families of messages that templates ask for."""
    for path in TEMPLATES:
        for call in tree(path).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in {"_", "counted"}:
                yield from (("message", name) for name in literals(call.args[0]))
        for used in tree(path).find_all(nodes.Filter):
            if used.name == "named":
                yield "family", used.args[0].value


def literals(node):
    """The texts that an expression can be, in a template or in Python, as far as they stand in it."""
    match node:
        case nodes.Const() | ast.Constant():
            return [node.value]
        case nodes.CondExpr():
            return [*literals(node.expr1), *literals(node.expr2)]
        case ast.IfExp():
            return [*literals(node.body), *literals(node.orelse)]
    return []


def used_in_modules():
    """The same of Python: also keys that stand in a table, and families whose members are put together: `f"noun.{kind}"`."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            called = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
            if called in {"text", "counted", "named"} and getattr(node.func.value, "id", "") == "messages":
                kind = "family" if called == "named" else "message"
                yield from ((kind, name) for name in literals(node.args[0]))
            if isinstance(node, ast.Constant) and node.value in catalogue():
                yield "message", node.value
            if isinstance(node, ast.JoinedStr) and (
                found := re.fullmatch(r"([a-z_]+)\.", str(*literals(node.values[0])))
            ):
                yield "family", found[1]


def all_used():
    return {*used_in_templates(), *used_in_modules()}


def test_every_message_that_is_asked_for_is_in_the_catalogue():
    assert {name for kind, name in all_used() if kind == "message"} - set(catalogue()) == set()
    for family in {name for kind, name in all_used() if kind == "family"}:
        assert any(key.startswith(f"{family}.") for key in catalogue()), family


def test_no_message_is_left_over():
    families = tuple(f"{name}." for kind, name in all_used() if kind == "family")
    used = {name for kind, name in all_used() if kind == "message"}
    assert {key for key in catalogue() if key not in used and not key.startswith(families)} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_holds_a_word_outside_the_catalogue(path):
    # What is printed between two pieces of a template is a place without letters.
    bare = "0".join(piece.data for piece in tree(path).find_all(nodes.TemplateData))
    words_of_it = [text.strip() for text in Visible(bare).texts if re.search("[A-Za-z]", text)]
    assert [text for text in words_of_it if text not in TOOLS] == []
    written = {one.value for one in tree(path).find_all(nodes.Const) if isinstance(one.value, str)}
    assert {text for text in written - TOOLS if re.search("[A-Z]|[a-z] [a-z]", text)} == set()


class Strange(NullTranslations):
    """A language in which every letter is another one, so that English that is not of the catalogue stands out."""

    def gettext(self, message):
        return strange(messages.catalogue("en").gettext(message))

    def ngettext(self, msgid1, msgid2, n):
        return strange(messages.catalogue("en").ngettext(msgid1, msgid2, n))


def strange(text):
    """Its letters but those of tags and placeholders."""
    return re.sub(
        r"(<[^>]*>|%\(\w+\)s|%%)|[A-Za-z]", lambda found: found[1] or "\N{CYRILLIC SMALL LETTER ZHE}", text
    )


def test_another_language_leaves_no_english_on_any_page(small, tmp_path):
    with messages.rendering(Strange()):
        publishing.write(small, tmp_path / "site")
    data = "".join(path.read_text() for path in small.rglob("*") if path.suffix in {".json", ".csv"})
    known = {"pandas", "sql"}
    known |= {word.casefold() for word in re.findall("[A-Za-z]+", data.encode().decode("unicode_escape"))}
    for page in sorted((tmp_path / "site").rglob("*.html")):
        texts = (re.sub(r"https?://\S+", "", html.unescape(text)) for text in Visible(page.read_text()).texts)
        found = {
            word for text in texts if text.strip() not in TOOLS for word in re.findall("[A-Za-z]{3,}", text)
        }
        assert {word for word in found if word.casefold() not in known} == set(), page.name


def test_an_amount_takes_the_number_that_it_needs():
    assert messages.counted("count.cells", 1) == "1 cell"
    assert messages.counted("count.cells", 2000) == "2,000 cells"
    assert messages.counted("count.cells", 0) == "0 cells"


def test_what_has_no_name_stands_as_it_is():
    assert messages.named("state", "late in this archive") == "late in this archive"
    assert messages.named("state", "asleep") == "asleep"


def test_values_are_escaped_in_templates_and_markup_is_not():
    template = publishing.environment().from_string(
        '{{ _("waiver.label", waiver=id, gate="g") }} {{ counted("count.cells", 2) }}'
    )
    assert template.render(id="<a&b>") == "Cells of g waived by &lt;a&amp;b&gt; 2 cells"
