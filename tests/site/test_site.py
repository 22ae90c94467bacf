"""What `site.write` writes, replaces and refuses."""

import datetime
import hashlib
import json
import os
import re
import shutil
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pytest
from markupsafe import escape
from pyarrow import parquet
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

import small_release
from borderstats.errors import ReleaseError
from borderstats.site import site as publishing


class Html(SingleFileSnapshotExtension):
    file_extension = "html"
    _write_mode = WriteMode.TEXT


class Links(HTMLParser):
    """Every address and every id of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.tags = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        # A block of data in a page is no script: nothing runs it.
        self.tags.append("data" if ("type", "application/ld+json") in attrs else tag)
        for name, value in attrs:
            if name in {"href", "src"}:
                self.links.append(value)
            if name == "id":
                self.ids.append(value)


def content(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The site of the small release; not to be changed."""
    folder = tmp_path_factory.mktemp("pages")
    return publishing.write(small_release.put(folder / "release"), folder / "site").path


@pytest.mark.parametrize(
    "page",
    [
        "index",
        "datasets/monthly",
        "datasets/annual",
        "datasets/listed",
        "datasets/money",
        "datasets/custody",
        "provisions",
        "provisions/1-law",
        "provisions/2-wall",
        "provisions/3-agreements",
        "provisions/4-hours",
        "provisions/16-reporting",
        "topics",
        "place/southwest-land-border",
        "reconciliation",
        "joined",
        "reporting",
        "cited",
        "revisions",
        "quality",
        "method",
    ],
    ids=lambda page: page.replace("/", "-"),
)
def test_pages_look_as_they_did(pages, page, snapshot):
    assert (pages / f"{page}.html").read_text() == snapshot(extension_class=Html)


def test_returns_pages_and_headline(small, tmp_path):
    made = publishing.write(small, tmp_path / "site")
    assert made.path == tmp_path / "site"
    assert made.pages == len(list(made.path.rglob("*.html"))) == 22
    # October to January: 4 * 100 + 12 + 13 + 14 + 15 and 3 * 10; a year earlier 4 * 100 + 0 + 1 + 2 + 3 and 4 * 10.
    assert made.headline == (
        "484 encounters (events, not people) nationwide in October 2023 to January 2024, "
        "8.5% more than in the same months a year earlier"
    )


@pytest.mark.slow
def test_the_same_release_gives_the_same_bytes(small, tmp_path):
    first = content(publishing.write(small, tmp_path / "one").path)
    assert first == content(publishing.write(small, tmp_path / "two").path)
    assert first == content(publishing.write(small, tmp_path / "one").path)


def test_the_permanent_address_of_a_chart_leads_to_it(pages):
    charts = 0
    for path in pages.rglob("*.html"):
        text = path.read_text()
        ids = Links(text).ids
        assert len(ids) == len(set(ids)), path
        start = f"https://borderstats.example/releases/2024-02-01-abcdef012345/{path.relative_to(pages)}#"
        named = re.findall(r"this chart: <code>([^<]+)</code>", text)
        assert [address for address in named if address.removeprefix(start) not in ids] == []
        charts += len(named)
    assert charts > 10


def test_the_real_site_links_only_to_what_is_there(site):
    pages = {path: Links(path.read_text()) for path in site.rglob("*.html")}
    assert len(pages) >= 70
    broken, outside = [], set()
    for path, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), path
        assert not {"script", "iframe", "img", "form"} & set(page.tags), path
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                outside.add(parts.scheme)
                continue
            assert not link.startswith("/"), link
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file() or (parts.fragment and parts.fragment not in pages[target].ids):
                broken.append(f"{path.name}: {link}")
    assert broken == []
    assert outside == {"https", "data"}


def test_every_page_of_the_real_site_has_a_title_of_its_own(site):
    titles = [
        re.search(r"<title>(.*?)</title>", path.read_text())[1] for path in sorted(site.rglob("*.html"))
    ]
    assert len(titles) == len(set(titles))


def test_the_real_site_has_a_page_for_each_provision_and_dataset(release, site):
    provisions = json.loads((release / "provisions.json").read_text())
    assert {f"{one['number']}-{one['id']}.html" for one in provisions} == {
        p.name for p in (site / "provisions").iterdir()
    }
    assert len(provisions) == 17
    listed = (site / "provisions.html").read_text()
    for one in provisions:
        quoted = f'<blockquote class="quoted"><p>{escape(one["text"])}</p></blockquote>'
        assert quoted in (site / f"provisions/{one['number']}-{one['id']}.html").read_text()
        assert quoted in listed
    names = json.loads((release / "release.json").read_text())["datasets"]
    defined = json.loads((release / "standard.json").read_text())["datasets"]
    names += [one["id"] for one in defined if one["empty"]]
    assert {f"{name}.html" for name in names} == {path.name for path in (site / "datasets").iterdir()}
    home = (site / "index.html").read_text()
    assert all(home.count(f'href="datasets/{name}.html"') >= 1 for name in names)


def test_traps_stand_on_the_pages_that_they_are_for(pages):
    dataset, provision = (
        (pages / f"{name}.html").read_text() for name in ("datasets/monthly", "provisions/1-law")
    )
    assert "Events are not &lt;people&gt;." in dataset.split("<h2")[0]
    assert provision.count("Mind &lt;this&gt;.") == 2


def test_long_lists_of_cited_figures_are_folded(pages):
    few, many = (
        (pages / f"provisions/{name}.html").read_text().split('id="cited"')[1] for name in ("1-law", "2-wall")
    )
    assert "<details>" not in few.split("</section>")[0]
    assert "26 figures: Hires</summary>" in many


def test_a_dataset_that_nobody_fills_has_a_page_with_the_reason(pages):
    text = (pages / "datasets/custody.html").read_text()
    assert "<strong>This dataset has no figures.</strong> Nobody publishes them." in text
    for page, link in (
        ("index", "datasets/custody.html"),
        ("provisions/4-hours", "../datasets/custody.html"),
    ):
        assert f'<a href="{link}">' in (pages / f"{page}.html").read_text()


def test_the_page_of_a_dataset_says_why_cells_are_waived(pages):
    text = (pages / "datasets/monthly.html").read_text()
    checks = text.split('id="checks"')[1]
    assert "A digit is wrong." in checks
    assert "CV2: 121 published, 122 here; a page" in checks


def test_a_long_list_of_days_is_cut_in_its_table_only(small, tmp_path):
    """From 450 days the table has the last of each month, and says where the rest is."""
    days = [datetime.date(2022, 1, 1) + datetime.timedelta(n) for n in range(450)]
    path = small / "data/listed/latest.parquet"
    table = parquet.read_table(path).slice(0, 1)
    rows = pa.concat_tables([table] * len(days))
    place = rows.schema.get_field_index("period")
    parquet.write_table(rows.set_column(place, "period", pa.array([str(day) for day in days])), path)
    text = (publishing.write(small, tmp_path / "site").path / "datasets/listed.html").read_text()
    shown = text.split('id="chart-1"')[1].split("</details>")[0]
    heads = re.findall(r'<th scope="row">([^<]*)</th>', shown)
    assert heads[:3] == ["26 March 2023", "28 February 2023", "31 January 2023"]
    assert len(heads) == 15
    assert "The table has the last day of each month; all 450 days are in" in shown
    assert 'href="../data/listed/latest.csv"' in shown


def test_the_files_of_the_release_are_all_there(release, site):
    manifest = json.loads((site / "manifest.json").read_text())
    for file in manifest["files"]:
        copied = site / file["path"]
        assert hashlib.sha256(copied.read_bytes()).hexdigest() == file["sha256"]
    assert len(manifest["files"]) > 40


@pytest.mark.slow
def test_files_are_copied_where_they_cannot_be_linked(small, tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError

    linked = content(publishing.write(small, tmp_path / "linked").path)
    monkeypatch.setattr(os, "link", refuse)
    assert content(publishing.write(small, tmp_path / "copied").path) == linked


def test_text_of_the_release_is_escaped(pages):
    text = (pages / "datasets/monthly.html").read_text()
    assert "<h1>Encounters &amp; more, by &lt;region&gt;</h1>" in text
    assert "A note with &lt;b&gt;markup&lt;/b&gt;." in text
    assert "Northern &lt;border&gt;" in text
    assert "Northern <border>" not in text


@pytest.mark.slow
def test_an_earlier_site_is_replaced_as_a_whole(small, tmp_path):
    out = publishing.write(small, tmp_path / "site").path
    (out / "stale.html").write_text("old")
    publishing.write(small, out)
    assert not (out / "stale.html").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.slow
def test_a_failure_leaves_the_earlier_site_as_it_was(small, tmp_path):
    out = publishing.write(small, tmp_path / "site").path
    before = content(out)
    (small / "data/annual/history.csv").unlink()
    with pytest.raises(ReleaseError, match=r"history\.csv: missing from the release"):
        publishing.write(small, out)
    assert content(out) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.slow
def test_a_failed_swap_puts_the_earlier_site_back(small, tmp_path, monkeypatch):
    out = publishing.write(small, tmp_path / "site").path
    before = content(out)
    rename = type(out).rename

    def fail(self, target):
        if ".building-" in self.name:
            raise OSError("disk gone")
        return rename(self, target)

    monkeypatch.setattr(type(out), "rename", fail)
    with pytest.raises(OSError, match="disk gone"):
        publishing.write(small, out)
    assert content(out) == before


def test_what_is_no_release_is_refused(tmp_path):
    with pytest.raises(ReleaseError, match=r"not a release \(manifest.json is missing\)"):
        publishing.write(tmp_path, tmp_path / "site")
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    "name",
    [
        "release.json",
        "gates.json",
        "standard.json",
        "revisions.csv",
        "provisions.json",
        "reconciliations.json",
        "joined.json",
        "joined.csv",
        "reporting.json",
        "cited.csv",
        "data/monthly/metadata.json",
        "data/monthly/latest.parquet",
        "data/annual/revisions.parquet",
    ],
)
@pytest.mark.parametrize("broken", [False, True], ids=["missing", "broken"])
def test_a_missing_or_broken_file_is_named_in_one_line(small, tmp_path, name, broken):
    (small / name).write_bytes(b"\xff{") if broken else (small / name).unlink()
    with pytest.raises(ReleaseError) as caught:
        publishing.write(small, tmp_path / "site")
    assert str(small / name) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "site").exists()


def test_a_folder_that_is_no_site_is_never_replaced(small, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("keep")
    with pytest.raises(ReleaseError, match="holds something else"):
        publishing.write(small, tmp_path / "mine")
    assert (tmp_path / "mine/letter.txt").read_text() == "keep"
    (tmp_path / "file").write_text("keep")
    with pytest.raises(ReleaseError, match="holds something else"):
        publishing.write(small, tmp_path / "file")


def test_site_and_release_must_not_lie_in_each_other(small, tmp_path):
    inner = content(small)
    for out in (small / "site", small, tmp_path):
        with pytest.raises(ReleaseError, match="must not lie in each other"):
            publishing.write(small, out)
    assert content(small) == inner


def test_an_empty_folder_is_filled(small, tmp_path):
    (tmp_path / "site").mkdir()
    assert (publishing.write(small, tmp_path / "site").path / "index.html").is_file()
    shutil.rmtree(tmp_path / "site")
