"""Building a release anew: from its own inputs, whatever else there is now; and what is said if it cannot be, or comes out otherwise."""

import shutil

import pytest

from borderstats import rebuild
from borderstats.errors import InputError
from borderstats.package import manifest as manifests
from borderstats.package import read, software
from borderstats.package.verify import alterations
from small_office import NEWER, OFFICE, OLDER, change, put_aside

NOTHING = "so it was not built anew: nothing is said here of what its inputs make"


@pytest.fixture
def differences(office):
    folder, _ = office

    def call(release, previous=None):
        return rebuild.differences(folder / "standard", folder / "archive", release, previous)

    return call


def forged(release, target, path, *pairs):
    """A copy of a release with another text in a file, and with all hashes and the id put right."""
    shutil.copytree(release, target / "forged")
    file = target / "forged" / path
    for one in (file, target / "forged" / manifests.NAME):
        one.chmod(0o644)
    change(file, *pairs)
    made = manifests.read(target / "forged")
    files = [one if one.path != path else manifests.file(path, file.read_bytes()) for one in made.files]
    sealed = manifests.sealed(made, files)
    (target / "forged" / manifests.NAME).write_bytes(manifests.encode(sealed))
    return (target / "forged").rename(target / sealed.id)


def test_a_release_is_built_anew_when_the_archive_has_grown(office, differences):
    folder, build = office
    back = put_aside(folder, NEWER)
    first = build()
    assert differences(first) == []
    back()
    second = build(first)
    assert differences(first) == differences(second) == []


def test_what_the_archive_says_of_files_today_makes_no_difference(office, differences):
    folder, build = office
    first = build()
    change(folder / f"archive/{NEWER}.toml", ("2025-07-04", "2025-07-05"), ("Calls of ships", "Ships"))
    for name in (OLDER, f"{OLDER}.toml"):
        (folder / "archive" / name).rename(folder / "archive" / name.replace("ship", "all-ship"))
    assert differences(first) == []


def test_other_metadata_that_cannot_be_read_are_not_asked(office, differences):
    folder, build = office
    first = build()
    (folder / "archive/new.csv.toml").write_text("?")
    assert differences(first) == []


@pytest.mark.slow
def test_a_release_with_a_predecessor_needs_it(office, differences, tmp_path):
    folder, build = office
    change(
        folder / "standard/codelists/port.csv",
        ("Sunhaven", "?"), ("Westmole", "Sunhaven"), ("?", "Westmole"),
    )  # fmt: skip
    first = build()
    shutil.rmtree(folder / "standard")
    shutil.copytree(OFFICE / "standard", folder / "standard")
    second = build(first, "The labels had been exchanged.")
    assert differences(second) == []
    moved = first.rename(tmp_path / "elsewhere")
    assert differences(second) == [
        f"missing: the release before, {first.name}, does not lie at {first.resolve()}; give its folder with --previous",
        NOTHING,
    ]
    moved = moved.rename(tmp_path / first.name)
    assert differences(second, moved) == []
    other = build()
    (line, _) = differences(second, other)
    assert line.startswith(
        f"other release before: {other} is not {first.name} with the manifest that this one names"
    )
    path = moved / "cited.csv"
    path.chmod(0o644)
    path.write_text("?")
    assert differences(second, moved)[0].startswith(
        f"release before altered: {first.name}: cited.csv: altered"
    )
    with pytest.raises(InputError, match="names no release before it; leave --previous out"):
        differences(moved, other)


def test_another_software_is_said_to_be_that(office, differences, monkeypatch):
    _, build = office
    first = build()
    own = manifests.read(first).version
    monkeypatch.setattr(rebuild, "__version__", "9.0.0")
    assert differences(first) == [
        f"other software: made with version {own}, here is 9.0.0; install {own}",
        NOTHING,
    ]


def test_another_software_of_the_same_version_is_told_from_tampering(office, differences, monkeypatch):
    _, build = office
    first = build()
    made = manifests.read(first)
    assert made.source == software.source()
    monkeypatch.setattr(software, "source", lambda: "8" * 64)
    assert differences(first) == [
        f"other software: made with another text of version {made.version} (SHA-256 {made.source[:12]}, here {'8' * 12}); install the one of that time",
        NOTHING,
    ]
    second = build(first)
    told = read.package(second).account
    assert (told.software.before, told.software.after) == (
        f"{made.version} ({made.source[:12]})", f"{made.version} ({'8' * 12})",
    )  # fmt: skip
    assert (told.figures, told.needs_reason) == ((), False)
    assert differences(second) == []


def test_another_standard_is_said_to_be_that_with_its_files(office, differences):
    folder, build = office
    first = build()
    change(folder / "standard/codelists/port.csv", ("Old Quay", "The Old Quay"))
    (folder / "standard/waivers.csv").write_text("id,gate,reason,evidence\n")
    assert differences(first) == [
        "other standard: since the release codelists/port.csv changed, waivers.csv added; give the standard of that time with --standard",
        NOTHING,
    ]


def test_inputs_that_are_missing_or_altered_are_named(office, differences):
    folder, build = office
    first = build()
    put_aside(folder, OLDER)
    change(folder / "archive" / NEWER, ("Sunhaven,157", "Sunhaven,158"))
    assert differences(first) == [
        f"missing input: archive/{OLDER}: not there, and no file of the archive has its SHA-256; restore it",
        f"other input: archive/{NEWER}: altered since the release was made (its SHA-256 differs); restore the file",
        NOTHING,
    ]


def test_what_was_tampered_with_and_sealed_again_comes_out_otherwise(office, differences, tmp_path):
    _, build = office
    first = build()
    release = forged(first, tmp_path, "cited.csv", ("id", "ID"))
    assert list(alterations(release)) == []
    assert differences(release) == [
        "cited.csv: altered: a new build of the same inputs by the same software and standard makes other bytes"
    ]


def test_a_file_left_out_or_put_in_and_sealed_again_is_named(office, differences, tmp_path):
    _, build = office
    copy = shutil.copytree(build(), tmp_path / "copy")
    made = manifests.read(copy)
    files = [one for one in made.files if one.path != "waivers.csv"] + [manifests.file("more.csv", b"")]
    (copy / manifests.NAME).chmod(0o644)
    (copy / manifests.NAME).write_bytes(manifests.encode(manifests.sealed(made, files)))
    assert differences(copy) == [
        "more.csv: altered: a new build of the same inputs makes no such file",
        "waivers.csv: altered: it is not there, and a new build of the same inputs makes it",
    ]
