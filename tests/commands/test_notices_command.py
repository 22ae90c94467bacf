"""Notices and withdrawals by the commands, in a public folder whose keys are named and from which somebody fetches."""

import shutil

import pytest
from click.testing import CliRunner

from borderstats.cli import cli
from borderstats.errors import BorderstatsError
from published import key_files, publish_all, releases


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two releases, their public folder, and keys in files."""
    folder = tmp_path_factory.mktemp("office")
    first, second, _ = releases(folder)
    for n, name in enumerate(("release", "online", "root", "other"), 1):
        key_files(folder, name, n)
    publish_all(folder / "public", first, second)
    return folder, first.name, second.name


@pytest.fixture
def office(made, tmp_path):
    return shutil.copytree(made[0], tmp_path / "office"), *made[1:]


def command(*arguments):
    """What a command prints, or the message that it ends with."""
    result = CliRunner().invoke(cli, [str(one) for one in arguments])
    if result.exception is None:
        return result.output
    assert isinstance(result.exception, BorderstatsError), result.output
    return str(result.exception)


def test_a_notice_and_a_withdrawal(office):
    folder, first, second = office
    public = folder / "public"
    given = "--static", public, "--sign", folder / "release.pem"
    noted = command(
        "notice", first, "--reason", " One port\n counted twice ", "--replaced-by", second, *given
    )
    assert noted == f"noted: {public}/notices/{first}.html\n"
    assert "One port counted twice." in (public / "notices" / f"{first}.html").read_text()
    assert command("notice", first, "--reason", " ", *given).startswith("--reason: say in plain words why")
    assert "not signed" in command("withdraw", second, "--reason", "court", "--static", public)
    other = command(
        "withdraw", second, "--reason", "court", "--static", public, "--sign", folder / "other.pem"
    )
    assert "not one that you trust" in other
    gone = command("withdraw", second, "--reason", "A court", *given)
    assert gone == f"withdrawn: {public}/releases/{second}; the latest release is {first}\n"
    again = command("publish", folder / "releases" / second, "--static", public)
    assert again == f"{second}: was withdrawn (A court); it cannot be published or noted any more"
    assert "this release was withdrawn; its tombstone.json says why" in command(
        "verify", public / "releases" / second
    )


def test_whoever_fetches_is_told(office):
    folder, first, second = office
    public = folder / "public"
    named = [
        part for name in ("root", "release", "online") for part in (f"--{name}", folder / f"{name}.pub.pem")
    ]
    signing = "--key", folder / "online.pem"
    assert "error" not in command("trust", "begin", public, *named, "--key", folder / "root.pem")
    command(
        "publish", folder / "releases" / second, "--static", public, "--key", folder / "release.pem", *signing
    )
    root = public / "trust/1.root.json"
    assert "note:" not in command("fetch", public, folder / "mine", "--root", root)
    given = "--static", public, "--sign", folder / "release.pem", *signing
    assert "1 of its online keys" in command("notice", first, "--reason", "wrong", *given[:4])
    command("notice", first, "--reason", "A port was counted twice", "--replaced-by", second, *given)
    told = command("fetch", public, folder / "mine", "--release", first)
    assert f"note: {first} was corrected on " in told
    assert f"A port was counted twice; use {second} instead" in told
    command("withdraw", second, "--reason", "A court", *given)
    # Who has it already, and who has not.
    assert f"note: {second} was withdrawn on " in command("fetch", public, folder / "mine")
    refused = command("fetch", public, folder / "new", "--root", root, "--release", second)
    assert f"{second} was withdrawn on " in refused
    assert "A court" in refused
    assert not (folder / "new/releases" / second).exists()
