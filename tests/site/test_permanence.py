"""What was published stays under its permanent address; notices stand beside it; what must go is gone and says why."""

import datetime
import json
import re
import shutil
from urllib.parse import unquote, urlsplit

import msgspec
import pytest
from lxml import etree, html

from borderstats import rebuild
from borderstats.errors import ReleaseError
from borderstats.package import notices as noted
from borderstats.package import public_folder
from borderstats.package.notices import Notice, Notices
from borderstats.package.verify import alterations
from borderstats.serve import exact
from borderstats.site import publish, site
from published import content, key, publish_all, releases

DAY = datetime.date(2025, 9, 2)
WRONG = Notice("corrected", DAY, "a port was counted twice & <more>")
GONE = Notice("withdrawn", DAY, "a court has ordered it")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return releases(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def of_two(made, tmp_path_factory):
    """A public folder with the first two releases; not to be changed."""
    return publish_all(tmp_path_factory.mktemp("of-two") / "public", *made[:2])


@pytest.fixture
def public(of_two, tmp_path):
    return shutil.copytree(of_two, tmp_path / "public")


def broken_links(public):
    """The relative links of pages below a folder that lead to no file or place in it, and those that begin at a host's root."""
    pages = {path: html.parse(path).getroot() for path in sorted(public.rglob("*.html"))}
    assert len(pages) > 20
    for path, page in pages.items():
        if path.relative_to(public).parts[0] == "pages":
            continue
        for element, attribute, link, _ in page.iterlinks():
            parts = urlsplit(link)
            if parts.scheme or attribute == "content":
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            fragment = parts.fragment and target in pages
            if (
                link.startswith("/")
                or not target.is_relative_to(public.resolve())
                or not target.is_file()
                or (fragment and not pages[target].xpath("//*[@id=$id]", id=parts.fragment))
            ):
                yield f"{path.relative_to(public)}: {element.tag} {link}"


def differing(one, other):
    """The paths of two public folders under which they differ, but for the pages that are kept for a server."""
    ours, theirs = content(one), content(other)
    found = {path for path in {*ours, *theirs} if ours.get(path) != theirs.get(path)}
    return {path for path in found if not path.startswith("pages/")}


def test_pages_stay_under_the_address_of_their_release(of_two, made):
    first, second = (of_two / "releases" / one.name for one in made[:2])
    for folder, release in ((first, made[0]), (second, made[1])):
        assert content(release).items() <= content(folder).items()
        for page in ("index.html", "datasets/ship-calls.html", "api/datasets/ship-calls.json"):
            assert release.name in (folder / page).read_text()
    # The newer file of ships came with the second release.
    newer = "to June 2025"
    assert newer not in (first / "datasets/ship-calls.html").read_text()
    assert newer in (second / "datasets/ship-calls.html").read_text()
    assert newer in (of_two / "datasets/ship-calls.html").read_text()


def test_every_link_of_a_public_folder_leads_somewhere(public, made):
    assert list(broken_links(public)) == []
    publish.note(public, made[0].name, WRONG, key())
    publish.note(public, made[1].name, GONE, key())
    assert list(broken_links(public)) == []


def test_a_page_that_stays_leads_to_the_newest_and_to_notices(of_two, made):
    folder = of_two / "releases" / made[0].name
    page = html.parse(folder / "datasets/cargo.html").getroot()
    links = {link for _, _, link, _ in page.iterlinks()}
    assert "../../../datasets/cargo.html" in links
    assert f"../../../notices/{made[0].name}.html" in links
    notices = (of_two / "notices" / f"{made[0].name}.html").read_text()
    assert "This is not the newest release" in notices
    assert "This is the newest release" in (of_two / "notices" / f"{made[1].name}.html").read_text()


def test_a_release_stays_as_it_is_whatever_comes_after_it(public, made, monkeypatch):
    before = content(public / "releases")
    publish_all(public, made[2])
    publish.note(public, made[0].name, WRONG, key())
    # Another software would make other pages.
    monkeypatch.setattr(site.Pages, "written", lambda *_: iter([("index.html", b"other")]))
    for release in made:
        publish.write(release, public, {"api/datasets.json": b"other"})
    after = content(public / "releases")
    assert {path: sha for path, sha in after.items() if path in before} == before
    assert (public / "index.html").read_bytes() == b"other"
    assert all(list(alterations(public / "releases" / one.name)) == [] for one in made)


def test_publishing_the_same_gives_the_same_bytes(of_two, made, tmp_path):
    again = publish_all(tmp_path / "again", *made[:2], *made[:2][::-1], made[1])
    assert content(again / "releases") == content(of_two / "releases")
    assert differing(again, of_two) == {"latest.json"}


def test_verify_knows_the_pages_of_a_published_release(public, made):
    folder = public / "releases" / made[0].name
    assert list(alterations(folder)) == []
    (folder / "method.html").chmod(0o644)
    (folder / "method.html").write_text("other")
    (folder / "api/datasets.json").unlink()
    (folder / "new.html").write_text("new")
    assert [line.split(":")[0] for line in alterations(folder)] == [
        "new.html",
        "api/datasets.json",
        "method.html",
    ]


def test_a_release_from_before_pages_stayed_gets_them_when_it_is_published_again(of_two, public, made):
    folder = public / "releases" / made[1].name
    for path in json.loads((folder / "pages.json").read_text())["files"][1:]:
        (folder / path["path"]).unlink()
    (folder / "pages.json").unlink()
    publish_all(public, made[1])
    assert content(folder) == content(of_two / "releases" / made[1].name)


def test_another_release_of_the_same_name_is_refused(public, made, tmp_path):
    other = shutil.copytree(made[0], tmp_path / made[0].name)
    (other / "manifest.json").chmod(0o644)
    (other / "manifest.json").write_bytes((other / "manifest.json").read_bytes() + b" ")
    with pytest.raises(ReleaseError, match="is there already and is not the release"):
        publish.write(other, public)


def test_citations_give_the_address_that_stays(of_two, made):
    address = f"https://harbours.tavland.example/releases/{made[0].name}/"
    folder = of_two / "releases" / made[0].name
    page = (folder / "datasets/cargo.html").read_text()
    assert re.search(rf'<p class="cite">[^<]*{re.escape(address)}datasets/cargo\.html</p>', page)
    answer = json.loads((folder / "api/datasets/cargo.json").read_text())
    assert answer["citation"].endswith(f" {address}datasets/cargo.html")
    for path in ("index.html", "method.html", "sources/cargo.html"):
        assert f"<code>{address}{path}</code>" in (folder / path).read_text()
    # Each leads to a file of this folder.
    assert (of_two / urlsplit(f"{address}datasets/cargo.html").path.lstrip("/")).is_file()


def test_a_page_that_the_newest_release_lacks_says_where_it_stays(made, tmp_path):
    shorter = tmp_path / "shorter"
    shutil.copytree(made[0].parents[1] / "standard", shorter / "standard")
    shutil.copytree(made[0].parents[1] / "archive", shorter / "archive")
    public = publish_all(tmp_path / "public", *made[:2])
    listing = public / "releases" / made[0].name / "pages.json"
    listing.chmod(0o644)
    listing.write_text(listing.read_text().replace("sources/staff.html", "sources/former.html"))
    publish_all(public, made[1])
    page = public / "sources/former.html"
    assert f"../releases/{made[0].name}/sources/former.html" in page.read_text()
    assert "sources/former.html" in public_folder.pointer(public).files


def test_a_notice_is_shown_beside_its_release(public, made):
    name, instead = made[0].name, made[1].name
    before = content(public / "releases")
    publish.note(public, name, msgspec.structs.replace(WRONG, replaced_by=instead), key())
    assert content(public / "releases") == before
    page = (public / "notices" / f"{name}.html").read_text()
    assert "a port was counted twice &amp; &lt;more&gt;" in page
    assert f'href="../releases/{instead}/index.html"' in page
    assert "a port was counted twice" in (public / "releases.html").read_text()
    listed = {one["id"]: one for one in json.loads((public / "api/releases.json").read_text())["releases"]}
    assert listed[name]["notices"] == [
        {"kind": "corrected", "day": "2025-09-02", "reason": WRONG.reason, "replaced_by": instead}
    ]
    assert listed[instead]["newest"]
    entries = etree.parse(public / "releases.atom").findall("{*}entry")
    assert [one.findtext("{*}title") for one in entries if ":notice:" in one.findtext("{*}id")] == [
        "Release of 1 August 2025: corrected"
    ]
    # It can be said again without being said twice.
    publish.note(public, name, msgspec.structs.replace(WRONG, replaced_by=instead), key())
    assert len(public_folder.notices(public)[name].notices) == 1


def test_a_notice_about_the_newest_release_stands_on_its_pages_at_the_root(public, made):
    publish.note(public, made[1].name, WRONG, key())
    assert "a port was counted twice" in (public / "datasets/cargo.html").read_text()
    assert (
        "a port was counted twice"
        not in (public / "releases" / made[1].name / "datasets/cargo.html").read_text()
    )
    publish_all(public, made[2])
    assert "a port was counted twice" not in (public / "datasets/cargo.html").read_text()


def test_notices_are_signed_as_their_release_is(public, made, tmp_path):
    before = content(public)
    with pytest.raises(ReleaseError, match="not signed, and the release is"):
        publish.note(public, made[0].name, WRONG)
    with pytest.raises(ReleaseError, match="which is not one that you trust"):
        publish.note(public, made[0].name, WRONG, key(2))
    assert content(public) == before
    publish.note(public, made[0].name, WRONG, key())
    path = public / "notices" / f"{made[0].name}.json"
    whole = path.read_bytes()
    for old, new, wrong in (
        (b"twice", b"thrice", "not over these notices"),
        (b'"corrected"', b'"forged"', "altered or broken"),
        (made[0].name.encode(), made[1].name.encode(), "not over these notices"),
        (b'"signature": {', b'"signature": null, "x": {', "altered or broken"),
    ):
        path.write_bytes(whole.replace(old, new))
        with pytest.raises(ReleaseError, match=wrong):
            publish.write(made[1], public)
    unsigned = msgspec.structs.replace(msgspec.json.decode(whole, type=Notices), signature=None)
    path.write_bytes(noted.encode(unsigned))
    with pytest.raises(ReleaseError, match="not signed, and the release is"):
        public_folder.notices(public)
    path.write_bytes(noted.encode(noted.added(unsigned, WRONG, key(2))))
    with pytest.raises(ReleaseError, match="which is not one that you trust"):
        public_folder.notices(public)
    path.write_bytes(whole)
    (public / "notices" / f"{made[1].name}.json").write_bytes(whole)
    with pytest.raises(ReleaseError, match="not about the release that its name says"):
        public_folder.notices(public)


def test_what_cannot_be_noted_is_refused(public, made):
    for release, notice, wrong in (
        ("2025-08-01-000000000000", WRONG, "no release 2025-08-01-000000000000 is published here; there are"),
        (made[0].name, msgspec.structs.replace(WRONG, replaced_by="2025"), "no release 2025 is published"),
        (made[0].name, msgspec.structs.replace(WRONG, replaced_by=made[0].name), "does not replace itself"),
    ):
        with pytest.raises(ReleaseError, match=wrong):
            publish.note(public, release, notice, key())
    publish.note(public, made[0].name, GONE, key())
    with pytest.raises(ReleaseError, match=r"was withdrawn \(a court has ordered it\)"):
        publish.note(public, made[0].name, WRONG, key())
    with pytest.raises(ReleaseError, match="it is the only release here"):
        publish.note(public, made[1].name, GONE, key())


def shared(release, other):
    """What one release has and another one has not, by their bytes."""
    return set(content(release).values()) - set(content(other).values())


def test_a_withdrawn_release_is_gone_and_says_why(public, made, tmp_path):
    """It was the newest: the one before is so again, everywhere."""
    first, second = made[:2]
    only = shared(public / "releases" / second.name, public / "releases" / first.name)
    alone = publish_all(tmp_path / "alone", first)
    publish.note(public, second.name, GONE, key())
    assert only.isdisjoint(content(public).values())
    assert public_folder.pointer(public).release == first.name
    assert [one.id for one in public_folder.releases(public)] == [first.name]
    there = public / "releases" / second.name
    assert {path.name for path in there.iterdir()} >= {"tombstone.json", "index.html"}
    assert "a court has ordered it" in (there / "datasets/cargo.html").read_text()
    stone = msgspec.json.decode((there / "tombstone.json").read_bytes(), type=Notices)
    assert (noted.problem(stone), stone.withdrawal) == ("", GONE)
    # Besides what is told of the withdrawal, the root is what it would be without that release.
    told = ("notices/", f"releases/{second.name}/")
    assert {path for path in differing(public, alone) if not path.startswith(told)} == {
        "latest.json", "releases.html", "releases.atom", "api/releases.json",
    }  # fmt: skip
    with pytest.raises(ReleaseError, match=r"was withdrawn \(a court has ordered it\)"):
        publish.write(second, public, exact.documents(second))
    with pytest.raises(ReleaseError, match="this release was withdrawn"):
        list(alterations(there))
    # And once more: nothing is left to do.
    before = shutil.copytree(public, tmp_path / "before")
    publish.note(public, second.name, GONE)
    assert differing(public, before) <= {"latest.json"}


def test_what_follows_a_withdrawn_release_still_verifies(public, made):
    publish.note(public, made[1].name, GONE, key())
    publish_all(public, made[2])
    assert list(alterations(public / "releases" / made[2].name)) == []
    assert public_folder.pointer(public).release == made[2].name
    assert made[1].name in (public / "releases.html").read_text()
    # To build it anew, what it follows would have to be there.
    office, withdrawn = made[0].parents[1], public / "releases" / made[1].name
    assert rebuild.differences(office / "standard", office / "archive", made[2], withdrawn)[0] == (
        f"release before withdrawn: {made[1].name}; what follows from it cannot be built anew"
    )


def test_an_older_release_goes_without_a_change_of_the_newest(public, made):
    root = {path: sha for path, sha in content(public).items() if "/" not in path and path.endswith(".html")}
    publish.note(public, made[0].name, GONE, key())
    now = content(public)
    assert {path for path in root if now[path] != root[path]} == {"releases.html"}
    assert public_folder.pointer(public).release == made[1].name
    assert made[0].name not in public_folder.pointer(public).releases


def test_a_withdrawal_that_was_begun_is_completed_by_whatever_comes_next(public, made, monkeypatch):
    whole = shutil.copytree(public, public.with_name("whole"))
    publish.note(whole, made[1].name, GONE, key())
    for step in ("_stand", "_point", "_let_go", "_bury"):
        begun = shutil.copytree(public, public.with_name(step))
        with monkeypatch.context() as patched:
            patched.setattr(publish, step, lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                publish.note(begun, made[1].name, GONE, key())
        publish.write(made[0], begun, exact.documents(made[0]))
        assert differing(begun, whole) <= {"latest.json"}


def test_what_a_killed_publication_has_left_at_the_root_goes_with_its_release(made, tmp_path, monkeypatch):
    """The second release has an account of change, the first one not."""
    public = publish_all(tmp_path / "public", made[0])
    (public / "letter.html").write_text("not ours")
    with monkeypatch.context() as patched:
        patched.setattr(publish, "_point", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish_all(public, made[1])
    assert (public / "account.csv").exists()
    only = shared(public / "releases" / made[1].name, public / "releases" / made[0].name)
    publish.note(public, made[1].name, GONE, key())
    assert only.isdisjoint(content(public).values())
    assert not (public / "account.csv").exists()
    assert (public / "letter.html").exists()


def test_one_at_a_time(public, made):
    with publish._building(public), pytest.raises(ReleaseError, match="somebody else is publishing here"):
        publish.write(made[1], public)


def test_unsigned_releases_can_have_unsigned_notices(tmp_path):
    made = releases(tmp_path, signed=False)
    public = publish_all(tmp_path / "public", *made[:2])
    publish.note(public, made[0].name, WRONG)
    publish.note(public, made[1].name, GONE, key())
    assert public_folder.pointer(public).release == made[0].name
    # Whose notices are signed are not altered without a word, even so.
    path = public / "notices" / f"{made[1].name}.json"
    path.write_text(path.read_text().replace("court", "cat"))
    with pytest.raises(ReleaseError, match="not over these notices"):
        public_folder.notices(public)
