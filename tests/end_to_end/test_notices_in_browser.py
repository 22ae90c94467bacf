"""Pages that stay, and what is told about them later, in a real browser, below a path, with a script and without one."""

import datetime
import functools
import http.server
import threading
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from borderstats.package.notices import Notice
from borderstats.site import publish
from published import key, publish_all, releases

pytestmark = pytest.mark.slow

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
CHROMIUM = "/usr/bin/chromium"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DAY = datetime.date(2025, 9, 2)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The ids of three releases, of which the first was corrected and the second withdrawn, and their public folder."""
    folder = tmp_path_factory.mktemp("made")
    built = releases(folder)
    public = publish_all(folder / "public", *built)
    first, second, third = (one.name for one in built)
    publish.note(public, first, Notice("corrected", DAY, "a port was counted <b>twice</b>", third), key())
    publish.note(public, second, Notice("withdrawn", DAY, "a court has ordered it"), key())
    return public, first, second, third


@pytest.fixture(scope="module")
def origin(made):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=made[0].parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/public"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


def opened(browser, address, **options):
    page = browser.new_context(**options).new_page()
    page.goto(address, wait_until="networkidle")
    return page


def test_a_notice_is_seen_above_an_old_page_that_nobody_has_changed(browser, origin, made):
    _, first, _, third = made
    page = opened(browser, f"{origin}/releases/{first}/datasets/cargo.html")
    above = page.locator("aside.permanent")
    assert "This is the release of 1 August 2025 as it was published" in above.inner_text()
    assert "Corrected (2 September 2025): a port was counted <b>twice</b>." in above.inner_text()
    assert "This is not the newest release: see that of 1 October 2025" in above.inner_text()
    above.get_by_role("link", name=f"release {third}").click()
    assert page.url == f"{origin}/releases/{third}/index.html"
    # The newest one has nothing to tell.
    page.wait_for_load_state("networkidle")
    assert page.locator("aside.permanent p").count() == 1


def test_without_a_script_a_page_leads_to_the_notices(browser, origin, made):
    page = opened(browser, f"{origin}/releases/{made[1]}/datasets/cargo.html", java_script_enabled=False)
    assert "Corrected" not in page.locator("aside.permanent").inner_text()
    page.get_by_role("link", name="notices about this release").click()
    assert "a port was counted <b>twice</b>" in page.locator("main").inner_text()
    page.goto(f"{origin}/releases/{made[1]}/datasets/cargo.html")
    page.get_by_role("link", name="the newest figures").click()
    assert page.url == f"{origin}/datasets/cargo.html"
    page.get_by_role("link", name="This page as it stays").click()
    assert page.url == f"{origin}/releases/{made[3]}/datasets/cargo.html"


def test_who_follows_a_citation_of_what_was_withdrawn_is_told(browser, origin, made):
    page = opened(browser, f"{origin}/releases/{made[2]}/datasets/cargo.html")
    assert "The release of 1 September 2025 was withdrawn" in page.locator("h1").inner_text()
    assert "a court has ordered it" in page.locator("main").inner_text()


@pytest.mark.parametrize("width", [320, 1280])
def test_these_pages_are_as_accessible_as_the_others(browser, origin, made, width):
    _, first, second, _ = made
    for path in (
        f"releases/{first}/datasets/cargo.html",
        f"releases/{second}/index.html",
        f"notices/{first}.html",
        "releases.html",
    ):
        page = opened(browser, f"{origin}/{path}", viewport={"width": width, "height": 800})
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.add_script_tag(path=AXE)
        found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
        assert found["passes"]
        assert [(path, one["id"], one["nodes"][0]["target"]) for one in found["violations"]] == []
