"""The server sends only bytes whose hash it knows. What fails is not sent, is named by /health and in the log, and is kept by nobody."""

import json
import os
import shutil
import time

import httpx
import pytest

from borderstats.errors import ReleaseError
from borderstats.package import manifest as manifests
from borderstats.package import public_folder
from borderstats.serve.app import application
from serving import serving

CSV = "data/cargo/latest.csv"


@pytest.fixture
def running(office_public, tmp_path):
    with serving(office_public, tmp_path / "log") as served:
        yield served


def path_of(served, path):
    return served.public / "releases" / served.release / path


def pages_of(served):
    """The folder with the newest pages."""
    return f"pages/{public_folder.pointer(served.public).pages}"


def overwrite(path, data):
    path.chmod(0o644)
    path.write_bytes(data)


def flipped(path):
    data = bytearray(path.read_bytes())
    place = data.rindex(b"1")
    data[place] = ord("7")
    overwrite(path, bytes(data))


def is_refused(served, address, named):
    response = served.get(address)
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers
    assert named in response.json()["detail"]
    health = served.get("/health")
    assert health.status_code == 503
    assert named in health.json()["faults"]
    assert served.get("/live").status_code == 200
    events = [json.loads(line) for line in served.log.read_text().splitlines() if line.startswith("{")]
    assert any(one["event"] == "file-refused" and one["file"] == named for one in events)


@pytest.mark.parametrize("asked_before", [True, False])
@pytest.mark.parametrize("how", ["flip", "empty", "cut", "remove", "link", "folder", "unreadable"])
def test_a_file_that_was_altered_is_not_sent(running, how, asked_before, tmp_path):
    file = path_of(running, CSV)
    addresses = (f"/releases/{running.release}/{CSV}", f"/{CSV}")
    if asked_before:
        tag = running.get(addresses[0]).headers["etag"]
    was = file.read_bytes()
    match how:
        case "flip":
            flipped(file)
        case "empty":
            overwrite(file, b"")
        case "cut":
            overwrite(file, was[:-1])
        case "remove":
            file.unlink()
        case "link":
            # Even to the right bytes.
            file.rename(tmp_path / "moved")
            file.symlink_to(tmp_path / "moved")
        case "folder":
            file.parent.rename(tmp_path / "moved")
            file.parent.symlink_to(tmp_path / "moved")
        case "unreadable":
            file.unlink()
            os.mkfifo(file)
    for address in addresses:
        is_refused(running, address, f"releases/{running.release}/{CSV}")
        assert running.get(address, Range="bytes=0-9").status_code == 500
        if asked_before:
            assert running.get(address, **{"If-None-Match": tag}).status_code == 500
    # Others are sent as before, and so is this one once it is what it was.
    assert running.get("/data/ship-calls/latest.csv").status_code == 200
    if how == "folder":
        file.parent.unlink()
        (tmp_path / "moved").rename(file.parent)
    else:
        file.unlink(missing_ok=True)
        file.write_bytes(was)
    assert running.get(addresses[0]).content == was
    assert running.get("/health").status_code == 200


def test_a_change_of_the_same_size_and_time_is_seen(running):
    file = path_of(running, CSV)
    assert running.get(f"/{CSV}").status_code == 200
    stat = file.stat()
    flipped(file)
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    is_refused(running, f"/{CSV}", f"releases/{running.release}/{CSV}")


@pytest.mark.parametrize("table", ["latest", "history"])
def test_the_interface_does_not_answer_from_an_altered_table(running, table):
    path = f"data/cargo/{table}.parquet"
    data = bytearray(path_of(running, path).read_bytes())
    data[len(data) // 2] ^= 1
    overwrite(path_of(running, path), bytes(data))
    question = "?as_of=2025-08-01" if table == "history" else ""
    is_refused(running, f"/api/datasets/cargo/observations{question}", f"releases/{running.release}/{path}")
    assert running.get("/api/datasets/ship-calls/observations").status_code == 200


def test_pages_and_answers_in_files_are_looked_at_too(running):
    for path in ("index.html", "api/datasets.json", "site.css"):
        for folder, address in (
            (pages_of(running), f"/{path}"),
            (f"releases/{running.release}", f"/releases/{running.release}/{path}"),
        ):
            file = running.public / folder / path
            overwrite(file, file.read_bytes() + b" ")
            is_refused(running, address, f"{folder}/{path}")


def test_what_nobody_listed_is_not_there(running):
    (running.public / "releases" / running.release / "more.csv").write_text("a\n1\n")
    (running.public / pages_of(running) / "more.html").write_text("<p>")
    (running.public / "passwd").symlink_to("/etc/passwd")
    (running.public / "releases" / "2020-01-01-000000000000").symlink_to("/etc")
    for path in (
        f"releases/{running.release}/more.csv",
        "more.html",
        "passwd",
        "releases/2020-01-01-000000000000/passwd",
    ):
        assert running.get(f"/{path}").status_code == 404


def test_a_file_that_is_altered_without_being_asked_for_is_found_at_the_start(office_public, tmp_path):
    release = next((office_public / "releases").iterdir())
    flipped(release / CSV)
    with serving(office_public, tmp_path / "log") as served:
        until = time.monotonic() + 10
        while served.get("/health").status_code == 200:
            assert time.monotonic() < until
        is_refused(served, f"/{CSV}", f"releases/{release.name}/{CSV}")


@pytest.mark.parametrize("name", ["manifest.json", "standard.json", "data/cargo/metadata.json"])
def test_a_server_does_not_start_with_altered_words(office_public, name):
    release = next((office_public / "releases").iterdir())
    flipped(release / name)
    with pytest.raises(ReleaseError, match=r"altered|SHA-256") as error:
        application(office_public)
    assert name in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_an_altered_release_does_not_take_the_place_of_a_whole_one(office_public, tmp_path):
    with serving(office_public, tmp_path / "log") as served:
        release = office_public / "releases" / served.release
        # The same release under its pointer anew, with one figure of one file altered.
        flipped(release / "data/ship-calls/history.csv")
        pointer = (office_public / "latest.json").read_bytes()
        (tmp_path / "pointer").write_bytes(pointer)
        (tmp_path / "pointer").replace(office_public / "latest.json")
        until = time.monotonic() + 10
        while "latest.json" not in (health := served.get("/health")).json().get("faults", {}):
            assert time.monotonic() < until
            time.sleep(0.1)
        assert health.status_code == 503
        assert "data/ship-calls/history.csv" in health.json()["faults"]["latest.json"]
        assert '"event":"release-refused"' in served.log.read_text()
        assert served.get("/api/datasets").status_code == 200


def test_an_older_release_with_an_altered_manifest_is_not_served_and_named(office_public, tmp_path):
    release = next((office_public / "releases").iterdir())
    manifest = manifests.read(release)
    older = manifests.sealed(manifest, (*manifest.files, manifests.file("more.csv", b"a\n")))
    added = shutil.copytree(release, office_public / "releases" / older.id)
    (added / "more.csv").write_bytes(b"a\n")
    overwrite(added / "manifest.json", manifests.encode(older).replace(b"more.csv", b"less.csv"))
    with serving(office_public, tmp_path / "log") as served:
        assert served.get(f"/releases/{older.id}/manifest.json").status_code == 404
        for _ in range(2):
            health = served.get("/health")
            assert health.status_code == 503
            assert "no longer makes the id" in health.json()["faults"][f"releases/{older.id}/manifest.json"]
        assert served.log.read_text().count("file-refused") == 1
        assert served.get(f"/{CSV}").status_code == 200


def test_without_its_folder_the_server_lives_and_is_not_ready(running, tmp_path):
    running.public.rename(tmp_path / "away")
    health = running.get("/health")
    assert (health.status_code, health.headers["cache-control"]) == (503, "no-store")
    assert "latest.json" in health.json()["faults"]
    assert running.get("/live").status_code == 200
    found = running.get(f"/{CSV}")
    assert (found.status_code, found.headers["cache-control"]) == (500, "no-store")
    (tmp_path / "away").rename(running.public)
    assert running.get("/health").status_code == 200
    assert running.get(f"/{CSV}").status_code == 200


def test_a_large_file_that_changes_while_it_is_sent_is_cut_off(office_public, tmp_path):
    """Its reader sees that it is not whole; what was sent before was right."""
    release = next((office_public / "releases").iterdir())
    large = os.urandom(40_000_000)
    folder = office_public / "releases"
    manifest = manifests.read(release)
    manifest = manifests.sealed(manifest, (*manifest.files, manifests.file("large.bin", large)))
    added = shutil.copytree(release, folder / manifest.id)
    (added / "large.bin").write_bytes(large)
    overwrite(added / "manifest.json", manifests.encode(manifest))
    with serving(office_public, tmp_path / "log") as served, httpx.Client() as client:
        url = f"{served.url}/releases/{manifest.id}/large.bin"
        assert client.get(url).content == large
        with client.stream("GET", url) as response:
            assert response.status_code == 200
            pieces = response.iter_raw()
            first = next(pieces)
            with (added / "large.bin").open("r+b") as file:
                file.seek(39_000_000)
                file.write(b"altered")
            rest = []
            with pytest.raises(httpx.RemoteProtocolError):
                rest.extend(pieces)
            first += b"".join(rest)
        assert large.startswith(first)
        assert b"altered" not in first
        assert served.get(f"/releases/{manifest.id}/large.bin").status_code == 500
