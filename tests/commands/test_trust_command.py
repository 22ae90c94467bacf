"""Keys, a signed public folder and who fetches from it, by the commands alone, as the page on keys says."""

import re
import shutil
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from borderstats.cli import cli
from borderstats.errors import BorderstatsError

OFFICE = Path(__file__).parents[1] / "second_office"
pytestmark = pytest.mark.slow

PASSWORD = "a password of a test"


@pytest.fixture(scope="module")
def command():
    """A function that runs a command line for the second office: what it prints, or the message that it ends with."""

    def call(*arguments):
        folders = ("--standard", OFFICE / "standard", "--archive", OFFICE / "archive")
        result = CliRunner().invoke(
            cli, [str(one) for one in (*folders, *arguments)], env={"BORDERSTATS_KEY_PASSWORD": PASSWORD}
        )
        if result.exception is None:
            return result.output
        assert isinstance(result.exception, BorderstatsError), result.output
        return str(result.exception)

    return call


@pytest.fixture(scope="module")
def office(command, tmp_path_factory):
    """Keys, two releases and a signed public folder with the first of them."""
    folder = tmp_path_factory.mktemp("office")
    for name in ("root", "release", "online", "other"):
        command("key", folder / f"{name}.pem")
    for date in ("2025-08-01", "2025-09-01"):
        command("build", "--date", date, "--out", folder / "releases", "--sign", folder / "release.pem")
    named = (
        argument
        for kind in ("root", "release", "online")
        for argument in (f"--{kind}", folder / f"{kind}.pub.pem")
    )
    command("trust", "begin", folder / "public", *named, "--key", folder / "root.pem")
    first, second = sorted((folder / "releases").iterdir())
    command("publish", first, "--static", folder / "public", *keys(folder))
    return folder, first, second


@pytest.fixture
def copy(office, tmp_path):
    """The same office, to be changed."""
    folder = shutil.copytree(office[0], tmp_path / "office")
    return folder, *sorted((folder / "releases").iterdir())


def keys(folder):
    return ("--key", folder / "release.pem", "--key", folder / "online.pem")


def test_keys_have_passwords_and_owners(office, command):
    folder = office[0]
    assert stat.S_IMODE((folder / "release.pem").stat().st_mode) == 0o600
    assert "is there already" in command("key", folder / "release.pem")
    wrong = CliRunner().invoke(
        cli, ["key", str(folder / "more.pem")], env={"BORDERSTATS_KEY_PASSWORD": "short"}
    )
    assert "the password is too short; take 12 characters or more" in str(wrong.exception)
    nobody = CliRunner().invoke(cli, ["key", str(folder / "more.pem")])
    assert "type it at a terminal, or put it into BORDERSTATS_KEY_PASSWORD" in str(nobody.exception)
    assert not (folder / "more.pem").exists()


def test_verify_says_who_has_signed(office, command):
    folder, first, _ = office
    assert re.search(r"signed by [0-9a-f]{16}, which was not checked", command("verify", first))
    trusting = ("--public-key", folder / "other.pub.pem", "--public-key", folder / "release.pub.pem")
    assert re.search(r"signed by [0-9a-f]{16}, which is trusted\n", command("verify", first, *trusting))
    assert "which is not one that you trust" in command("verify", first, *trusting[:2])


def test_who_fetches_has_the_newest_and_is_not_taken_back(copy, command, tmp_path):
    folder, first, second = copy
    root, got = folder / "public/trust/1.root.json", tmp_path / "got"
    assert "give --root FILE" in command("fetch", folder / "public", got)
    assert f"release: {got}/releases/{first.name} (" in command(
        "fetch", folder / "public", got, "--root", root
    )
    old = shutil.copytree(folder / "public", tmp_path / "old")
    printed = command("publish", second, "--static", folder / "public", *keys(folder))
    assert "pointer: signed, good until" in printed
    assert f"{got}/releases/{second.name} (" in command("fetch", folder / "public", got)
    assert "rolled back: " in command("fetch", old, got)
    whole = command("verify", got / "releases" / second.name, "--public-key", folder / "release.pub.pem")
    assert "which is trusted" in whole
    of_folder = command("verify", folder / "public", "--root", root)
    assert "public: whole, every release and page as it was published\n" in of_folder
    assert "held to the root metadata that you trust" in of_folder
    spoil(next((folder / "public/datasets").iterdir()))
    assert re.search(r"datasets/\w+.html: altered", command("verify", folder / "public", "--root", root))
    assert "no public folder" in command("verify", second, "--root", root)


def test_an_older_release_needs_a_word(copy, command):
    folder, first, second = copy
    command("publish", second, "--static", folder / "public", *keys(folder))
    refused = command("publish", first, "--static", folder / "public", *keys(folder))
    assert f"{first.name}: older than {second.name}" in refused
    assert f"newest {second.name}" in command("trust", "show", folder / "public")
    assert "the latest release is" in command(
        "publish", first, "--static", folder / "public", *keys(folder), "--back"
    )
    assert f"newest {first.name}" in command("trust", "show", folder / "public")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda r: spoil(next(r.glob("data/*/latest.csv"))), "latest.csv: altered"),
        (lambda r: spoil(next(r.glob("data/*/latest.parquet"))), "latest.parquet: altered"),
        (lambda r: (r / "signature.json").unlink(), "signature.json: missing: the release is not signed"),
        (lambda r: (r / "more.csv").symlink_to("/etc/passwd"), "more.csv: a link"),
        (lambda r: (r / "gates.csv").unlink(), "gates.csv: missing"),
    ],
)
def test_what_verify_refuses_is_not_published(copy, command, harm, words):
    folder, _, second = copy
    harm(second)
    before = (folder / "public/latest.json").read_bytes()
    assert words in command("publish", second, "--static", folder / "public", *keys(folder))
    if "signature" not in words:
        assert words in command("publish", second, "--out", folder / "site")
        assert words in command("verify", second)
    assert not (folder / "public/releases" / second.name).exists()
    assert (folder / "public/latest.json").read_bytes() == before


def spoil(path):
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"!")


def test_keys_are_for_a_public_folder(office, command, tmp_path):
    folder, first, _ = office
    for given in (keys(folder)[:2], ("--back",)):
        refused = command("publish", first, "--out", tmp_path / "site", *given)
        assert "--key and --back are about a public folder: give it with --static PUBLIC" in refused
    assert not (tmp_path / "site").exists()


def test_the_keys_of_the_folder_are_asked_for_before_anything_is_written(copy, command):
    folder, _, second = copy
    for some in ((), keys(folder)[:2], keys(folder)[2:]):
        refused = command("publish", second, "--static", folder / "public", *some)
        assert re.search(r"1 of its (release|online) keys \([0-9a-f]{16}\) have to sign this", refused)
    assert not (folder / "public/releases" / second.name).exists()


def test_a_release_key_is_exchanged(copy, command, tmp_path):
    folder, _, second = copy
    public = folder / "public"
    root = (public / "trust/1.root.json").read_bytes()
    (tmp_path / "root.json").write_bytes(root)
    shown = command("trust", "show", public)
    name = re.search(r"release: 1 of 1 \((\w+)\)", shown)[1]
    change = ("trust", "change", public, "--kind", "release", "--add", folder / "other.pub.pem")
    assert "no release key of this folder" in command(*change, "--remove", "0" * 16)
    assert "1 more signatures of the before root keys" in command(*change, "--remove", name)
    assert "2.root.json" in command(*change, "--remove", name, "--key", folder / "root.pem")
    renewed = command("trust", "renew", public, "--key", folder / "other.pem", "--key", folder / "online.pem")
    assert "the pointer is good until" in renewed
    assert "(" in command("fetch", public, tmp_path / "got", "--root", tmp_path / "root.json")
    assert "which is not one that you trust" in command("publish", second, "--static", public, *keys(folder))


def test_several_people_sign(office, command, tmp_path):
    folder = office[0]
    begin = (
        *("trust", "begin", tmp_path / "public", "--threshold", 2),
        *("--root", folder / "root.pub.pem", "--root", folder / "other.pub.pem"),
        *("--release", folder / "release.pub.pem", "--online", folder / "online.pub.pem"),
    )
    proposed = tmp_path / "proposed.json"
    assert "or --out FILE to have it signed elsewhere" in command(*begin)
    assert "2 more signatures of the new root keys" in command(*begin, "--out", proposed)
    assert "root: 2 of 2" in command("trust", "show", proposed)
    assert "1 more signatures of the new root keys" in command(
        "trust", "sign", proposed, "--key", folder / "root.pem"
    )
    assert "1 more signatures" in command("trust", "accept", tmp_path / "public", proposed)
    command("trust", "sign", proposed, "--key", folder / "other.pem")
    assert "give this file to readers" in command("trust", "accept", tmp_path / "public", proposed)
    assert "the keys are named there already" in command(*begin)


def test_a_folder_without_keys_has_no_pointer(office, command, tmp_path):
    folder, first, _ = office
    assert "pointer: not signed" in command("publish", first, "--static", tmp_path / "public")
    refused = command("publish", first, "--static", tmp_path / "public", *keys(folder))
    assert "nobody is named there who may sign; name them with `borderstats trust begin`" in refused
    for asked in (("renew", tmp_path / "public"), ("show", tmp_path / "public")):
        assert "nobody is named there who may sign" in command("trust", *asked)
    assert "signed metadata is not there" in command(
        "fetch", tmp_path / "public", tmp_path / "got", "--root", folder / "public/trust/1.root.json"
    )
