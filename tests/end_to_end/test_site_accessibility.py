"""The real site in a real browser: axe-core finds nothing, nothing needs a script, nothing leaves the origin."""

import functools
import http.server
import threading
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from borderstats.commands import explaining

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
CHROMIUM = "/usr/bin/chromium"
PAGES = [
    "index.html",
    "provisions.html",
    "reconciliation.html",
    "reporting.html",
    "cited.html",
    "revisions.html",
    "quality.html",
    "method.html",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 360, 600, 768, 1280)
PHONE, DESK = {"width": 320, "height": 800}, {"width": 1280, "height": 900}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def origin(site):
    """The site on a plain file server, below a sub path, as any host may have it."""
    handler = functools.partial(_Quiet, directory=site.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{site.name}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    assert Path(CHROMIUM).exists(), "Chromium is missing; `make test` installs it"
    assert AXE.exists(), "axe-core is missing; `make test` installs it"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def pages(site):
    found = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert set(PAGES) < set(found)
    assert sum(path.startswith("datasets/") for path in found) >= 45
    assert sum(path.startswith("provisions/") for path in found) == 17
    # Of the pages of places and groups, which are made of one template, those that have the most and the least, and some between.
    of_topics = [path for path in found if path.startswith(("place/", "citizenship/", "group/"))]
    of_topics.sort(key=lambda path: (site / path).stat().st_size)
    sampled = {*of_topics[:: len(of_topics) // 8], of_topics[-1]}
    return [path for path in found if path not in of_topics or path in sampled]


_FEWER_ROWS = """() => document.querySelectorAll('tbody').forEach(
  body => [...body.rows].slice(15, -5).forEach(row => row.remove()))"""


def _axe(page):
    page.add_script_tag(path=AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
    assert found["passes"], "axe ran no rule"
    return [
        f"{violation['id']} {violation['impact']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(
    ("viewport", "scheme", "turn"), [(PHONE, "dark", 0), (DESK, "light", 1)], ids=["phone", "desk"]
)
def test_axe_finds_no_violation(browser, origin, pages, viewport, scheme, turn):
    """Pages of which there is one in both, of the datasets and provisions every second one in each.

    Of those every second one with its tables of figures open; of the rows of a table, which are all of one form and cost
    most of the time, the first and the last.
    """
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    page = context.new_page()
    found = {}
    for n, path in enumerate(pages):
        if path in PAGES or n % 2 == turn:
            page.goto(f"{origin}/{path}")
            if path in PAGES or n % 4 == turn:
                page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            page.evaluate(_FEWER_ROWS)
            found[path] = _axe(page)
    context.close()
    assert found == {path: [] for path in found}
    assert len(found) > len(pages) / 2


def test_axe_would_find_a_violation(browser, origin):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{origin}/index.html")
    page.evaluate(
        "document.querySelector('h1').outerHTML = '<img src=\"data:,\"><p style=\"color:#bbb\">Pale words</p>'"
    )
    found = _axe(page)
    context.close()
    assert {line.split()[0] for line in found} >= {"image-alt", "color-contrast"}


def test_every_page_is_complete_without_scripts_and_without_other_hosts(browser, origin, pages):
    context = browser.new_context(java_script_enabled=False, viewport=DESK)
    page = context.new_page()
    requested = []
    page.on("request", lambda request: requested.append(request.url))
    for path in pages:
        page.goto(f"{origin}/{path}")
        assert page.locator("h1").count() == 1, path
        assert page.locator("main h2").count() >= 2, path
        assert page.locator("main td, main dd, main li").count() > 5, path
        # Nothing to run: what stands in a script element is data for search engines.
        assert page.locator("script:not([type='application/ld+json'])").count() == 0, path
    assert f"{origin}/site.css" in requested
    # `data:,` is the empty icon: it stays inside the page.
    assert [url for url in requested if not url.startswith((f"{origin}/", "data:,"))] == []
    page.goto(f"{origin}/index.html")
    text = page.locator("main").inner_text()
    for words in (
        "60,926",
        "events, not people",
        "77.2% fewer than",
        "The last whole year, fiscal year 2025: 691,906, 76.2% fewer than the 2,901,142 of fiscal year 2024.",
        "The last whole year, fiscal year 2025: 443,671",
        "Texas",
        "Single adults",
        "Provisional",
    ):
        assert words in text
    page.goto(f"{origin}/datasets/cbp-encounters-state.html")
    assert page.get_by_role("img", name="Encounters by month").count() == 1
    page.get_by_text("The figures in a table: Encounters by month").click()
    assert "370,883" in page.get_by_role("table", name="Encounters by month").inner_text()
    page.goto(f"{origin}/provisions/3-agents.html")
    text = page.locator("main").inner_text()
    for words in ("19,648", "19,828, fiscal year 2016", "\N{MINUS SIGN}3.6% of the target", "Not delivered"):
        assert words in text
    context.close()


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
@pytest.mark.parametrize("name", ["ice-detention-statistics", "usbp-staffing"])
def test_an_explained_file_is_such_a_page_too(browser, standard, archive_folder, viewport, scheme, name):
    (file, *_) = sorted(path for path in (archive_folder / name).iterdir() if path.suffix != ".pdf")
    found, sheets = explaining.explanation(standard, name, file, None, ())
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    page = context.new_page()
    page.set_content(explaining.page(file.name, found, sheets, (1, 40)))
    assert _axe(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    assert wide == 0


def test_a_table_that_becomes_blocks_on_a_phone_stays_a_table(browser, origin):
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{origin}/reporting.html")
    table = page.get_by_role("table", name="Sources by the end of their last period")
    assert table.get_by_role("columnheader").count() == 9
    rows = table.get_by_role("row").count() - 1
    assert table.get_by_role("rowheader").count() == rows > 20
    assert table.get_by_role("cell").count() == 8 * rows
    context.close()


def test_no_page_scrolls_sideways(browser, origin, pages):
    context = browser.new_context()
    page = context.new_page()
    wide = {}
    for path in pages:
        page.goto(f"{origin}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.evaluate(_FEWER_ROWS)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            wide[path, width] = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
    context.close()
    assert wide == {(path, width): 0 for path in pages for width in WIDTHS}


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_no_text_of_a_chart_is_cut_off_or_covered(browser, origin, pages, viewport):
    """Every text lies within its chart, and no two texts of a chart overlap."""
    context = browser.new_context(viewport=viewport)
    page = context.new_page()
    found = []
    for path in pages:
        page.goto(f"{origin}/{path}")
        found += [f"{path}: {line}" for line in page.evaluate(_CHECK_TEXT)]
    context.close()
    assert found == []


_CHECK_TEXT = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('svg.chart')) {
    const frame = svg.getBoundingClientRect();
    if (!frame.width) continue;
    const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
    for (const [text, box] of boxes)
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        found.push(`${svg.querySelector('title').textContent}: "${text}" leaves the chart`);
    boxes.forEach(([text, a], n) => boxes.slice(n + 1).forEach(([other, b]) => {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 4) found.push(`${svg.querySelector('title').textContent}: "${text}" and "${other}" overlap`);
    }));
  }
  return found;
}"""


def test_targets_are_large_enough_and_focus_is_seen(browser, origin, pages):
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    small = []
    for path in pages:
        page.goto(f"{origin}/{path}")
        # Links within a sentence are exempt (WCAG 2.2, 2.5.8); these stand alone.
        small += page.evaluate(
            """() => [...document.querySelectorAll('nav a, summary, .brand, .datasets a, .files a, .crumb a, .links a, .onward a, .linked a')]
              .filter(e => e.getBoundingClientRect().height < 24).map(e => e.textContent)"""
        )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    context.close()
    assert small == []
