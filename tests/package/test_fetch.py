"""Fetch: only what was signed is taken, whole or not at all, and nothing twice."""

import contextlib
import fcntl
import functools
import http.server
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import tiny_public
from borderstats.errors import ReleaseError
from borderstats.package.fetch import fetch
from borderstats.package.verify import alterations


@pytest.fixture
def tiny(tmp_path):
    tiny = tiny_public.tiny(tmp_path).begin()
    tiny.publish(tiny.release("2026-01-01"))
    return tiny


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def host(folder, handler=Handler):
    """A plain file host on loopback."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("end", ["", "/", "/prefix/"])
def test_from_a_plain_file_host_at_its_root_and_below(tiny, tmp_path, end):
    served = tmp_path / "served"
    shutil.copytree(tiny.path, served / end.strip("/"))
    with host(served) as address:
        fetched = fetch(address + end, tmp_path / "got", tiny.root.read_bytes())
        assert (fetched.new, fetched.files, fetched.older) == (True, 3, "")
        assert list(alterations(fetched.path, tiny_public.public(tiny_public.RELEASE))) == []
        again = fetch(address + end, tmp_path / "got")
        assert (again.new, again.path) == (False, fetched.path)


def test_from_a_folder_and_then_a_mirror_and_only_what_is_new(tiny, tmp_path):
    fetch(str(tiny.path), tmp_path / "got", tiny.root.read_bytes())
    tiny.publish(tiny.release("2026-02-01", "2"))
    mirror = shutil.copytree(tiny.path, tmp_path / "mirror")
    fetched = fetch(str(mirror), tmp_path / "got")
    assert (fetched.path.name[:10], fetched.files, fetched.bytes) == ("2026-02-01", 1, 1)
    assert list(alterations(fetched.path)) == []


def test_an_older_release_by_its_id(tiny, tmp_path):
    older = tiny.release("2026-01-01").name
    tiny.publish(tiny.release("2026-02-01", "2"))
    fetched = fetch(str(tiny.path), tmp_path / "got", tiny.root.read_bytes(), older)
    assert fetched.path.name == older
    with pytest.raises(ReleaseError, match=r"there is no release 2026-03-01-x; the newest is 2026-02-01"):
        fetch(str(tiny.path), tmp_path / "got", release="2026-03-01-x")


def test_who_publishes_has_gone_back(tiny, tmp_path):
    tiny.publish(tiny.release("2026-02-01", "2"))
    newer = fetch(str(tiny.path), tmp_path / "got", tiny.root.read_bytes())
    tiny.publish(tiny.release("2026-01-01"))
    fetched = fetch(str(tiny.path), tmp_path / "got")
    assert (fetched.path.name[:10], fetched.older) == ("2026-01-01", newer.path.name)


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def longer(path):
    path.write_bytes(path.read_bytes() + b"x")


def empty(path):
    path.write_bytes(b"")


def gone(path):
    path.unlink()


def link(path):
    path.rename(path.with_name("aside"))
    path.symlink_to("aside")


@pytest.mark.parametrize(
    "name", ["manifest.json", "signature.json", "figures.csv", "data/a b.txt", "same.txt"]
)
@pytest.mark.parametrize("fault", [flip, cut, longer, empty, gone, link])
def test_a_file_that_is_not_as_it_was_signed_is_named(tiny, tmp_path, name, fault):
    fault(next((tiny.path / "releases").iterdir()) / name)
    with pytest.raises(ReleaseError, match=rf"releases/2026-01-01-\w+/{name}: ") as caught:
        fetch(str(tiny.path), tmp_path / "got", tiny.root.read_bytes())
    assert len(str(caught.value).splitlines()) == 1
    assert not list((tmp_path / "got/releases").glob("2*"))


def test_two_files_that_were_exchanged(tiny, tmp_path):
    folder = next((tiny.path / "releases").iterdir())
    one, other = folder / "figures.csv", folder / "data/a b.txt"
    was = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(was)
    with pytest.raises(ReleaseError, match=r"data/a b.txt: altered"):
        fetch(str(tiny.path), tmp_path / "got", tiny.root.read_bytes())


def test_what_was_fetched_before_a_fault_is_used_and_nothing_else_stays(tiny, tmp_path):
    folder = next((tiny.path / "releases").iterdir())
    kept = (folder / "same.txt").read_bytes()
    empty(folder / "same.txt")
    with pytest.raises(ReleaseError):
        fetch(str(tiny.path), tmp_path / "got", tiny.root.read_bytes())
    (tmp_path / f"got/releases/.fetching-{folder.name}/left-over").write_text("half")
    (folder / "same.txt").write_bytes(kept)
    fetched = fetch(str(tiny.path), tmp_path / "got")
    assert (fetched.new, fetched.files) == (True, 1)
    assert list(alterations(fetched.path)) == []


def test_a_release_that_was_damaged_here_is_named(tiny, tmp_path):
    fetched = fetch(str(tiny.path), tmp_path / "got", tiny.root.read_bytes())
    (fetched.path / "figures.csv").chmod(0o644)
    (fetched.path / "figures.csv").write_text("lies")
    with pytest.raises(
        ReleaseError, match=r"damaged here: figures.csv: altered: .*; move it away and fetch again"
    ):
        fetch(str(tiny.path), tmp_path / "got")
    shutil.rmtree(fetched.path)
    fetched.path.mkdir()
    with pytest.raises(ReleaseError, match="is missing"):
        fetch(str(tiny.path), tmp_path / "got")


def test_what_a_killed_fetch_has_closed_to_writing_is_replaced(tiny, tmp_path):
    release = next((tiny.path / "releases").iterdir())
    building = tmp_path / f"got/releases/.fetching-{release.name}"
    shutil.copytree(release, building)
    assert fetch(str(tiny.path), tmp_path / "got", tiny.root.read_bytes()).files == 0


def test_one_fetch_at_a_time(tiny, tmp_path):
    (tmp_path / "got").mkdir()
    held = os.open(tmp_path / "got", os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(ReleaseError, match="another fetch is at work here"):
        fetch(str(tiny.path), tmp_path / "got", tiny.root.read_bytes())
    os.close(held)


def test_a_public_folder_is_not_fetched_into(tiny):
    with pytest.raises(ReleaseError, match="is itself a public folder"):
        fetch(str(tiny.path), tiny.path, tiny.root.read_bytes())


class Breaking(Handler):
    """A host that breaks off in the middle of every file, or garbles it."""

    how = "cut"

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        self.send_response(200)
        if self.how == "gzip":
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data if self.how == "gzip" else data[: len(data) // 2])


@pytest.mark.parametrize("how", ["cut", "gzip"])
def test_a_host_that_breaks_off_or_garbles(tiny, tmp_path, monkeypatch, how):
    monkeypatch.setattr(Breaking, "how", how)
    with (
        host(tiny.path, Breaking) as address,
        pytest.raises(ReleaseError, match="cut off or garbled on the way"),
    ):
        fetch(address, tmp_path / "got", tiny.root.read_bytes())


@pytest.mark.slow
def test_killed_at_any_moment_it_is_completed_by_the_next(tmp_path):
    tiny = tiny_public.tiny(tmp_path).begin()
    release = tiny.release("2026-01-01")
    tiny.publish(release)
    command = [sys.executable, "-m", "borderstats", "fetch", str(tiny.path), str(tmp_path / "got")]
    for turn in range(12):
        child = subprocess.Popen(
            [*command, "--root", str(tiny.root)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(0.15 + turn * 0.05)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        for got in (tmp_path / "got/releases").glob("2*"):
            assert list(alterations(got)) == []
    assert subprocess.run([*command, "--root", str(tiny.root)], check=False).returncode == 0
    assert list(alterations(tmp_path / "got/releases" / release.name)) == []
