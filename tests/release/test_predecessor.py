"""Releases of a small office that follow one another: what is told of the step, and what is refused."""

import datetime
import functools
import json
import shutil
from dataclasses import replace

import jsonschema
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyarrow import csv

from borderstats import pipeline
from borderstats.cli import cli
from borderstats.errors import GateError, ReleaseError
from borderstats.package import account, keys, read, schema, sign
from borderstats.package import manifest as manifests
from borderstats.package.verify import alterations
from small_office import DATE, NEWER, OLDER, change, put_aside


@functools.cache
def described(published):
    """What holds an account to the schema that a release publishes; to check a schema takes a second."""
    whole = json.loads(published)
    schema_of_account = {**whole["properties"][account.NAME], "$defs": whole["$defs"]}
    jsonschema.Draft202012Validator.check_schema(schema_of_account)
    return jsonschema.Draft202012Validator(schema_of_account)


def told(release):
    assert list(alterations(release)) == []
    described((release / schema.NAME).read_bytes()).validate(
        json.loads((release / account.NAME).read_bytes())
    )
    return read.package(release).account


def rows(release):
    return csv.read_csv(release / account.CELLS).to_pylist()


def figures(release, dataset="ship-calls"):
    table = csv.read_csv(release / f"data/{dataset}/latest.csv").to_pylist()
    return {(row["port"], row["period"]): row["value"] for row in table}


def test_a_first_release_has_no_predecessor_and_no_account(office):
    _, build = office
    first = build()
    assert manifests.read(first).previous is None
    assert not (first / account.NAME).exists()
    assert not (first / account.CELLS).exists()


def test_the_predecessor_is_an_input_and_part_of_the_id(office):
    _, build = office
    first = build()
    second = build(first)
    assert second.name != first.name
    assert build(first) == second
    assert manifests.read(second).previous == manifests.previous(first)
    third = build(second)
    assert third.name != second.name
    found = told(third)
    assert (found.previous, found.snapshots, found.standard, found.software, found.figures) == (
        *(second.name, (), (), None, ()),
    )
    assert rows(third) == []


def test_every_file_of_the_standard_is_in_the_manifest(office):
    folder, build = office
    first = manifests.read(build())
    paths = [p.relative_to(folder / "standard").as_posix() for p in (folder / "standard").rglob("*.*")]
    assert list(first.standard_files) == sorted(paths)
    change(folder / "standard/home.toml", ("\n", "\n# A remark.\n"))
    second = manifests.read(build())
    assert second.standard != first.standard
    assert [p for p in paths if first.standard_files[p] != second.standard_files[p]] == ["home.toml"]


def test_what_the_publisher_adds_needs_no_reason(office):
    folder, build = office
    back = put_aside(folder, NEWER)
    first = build()
    back()
    second = build(first)
    found = told(second)
    assert [(one.change, one.file) for one in found.snapshots] == [("added", NEWER)]
    (moved,) = found.figures
    assert (moved.dataset, moved.by, moved.kind, moved.of) == ("ship-calls", "publisher", "added", (NEWER,))
    old, new = figures(first), figures(second)
    differing = [cell for cell in new if old.get(cell) != new[cell]]
    assert moved.cells == len(differing) == 10
    assert moved.net == sum((new[cell] or 0) - (old.get(cell) or 0) for cell in differing)
    assert {
        (
            row["cell"][5:],
            row["period"].isoformat()[:7] if not isinstance(row["period"], str) else row["period"],
        )
        for row in rows(second)
        if row["table"] == "latest"
    } == {*differing}


def test_an_older_file_is_told_as_inserted(office):
    folder, build = office
    back = put_aside(folder, OLDER)
    first = build()
    back()
    second = build(first)
    found = told(second)
    assert [(one.change, one.file) for one in found.snapshots] == [("inserted", OLDER)]
    (moved,) = found.figures
    assert (moved.by, moved.cells, moved.net, moved.gross) == ("publisher", 0, 0, 0)
    assert moved.versions > 0
    assert figures(first) == figures(second)


def test_the_kinds_are_those_of_the_worked_examples(office):
    folder, build = office
    first = build()
    back = put_aside(folder, NEWER)
    second = build(first, "A reason.")
    back()
    third = build(second)
    change(
        folder / "standard/codelists/port.csv",
        ("Sunhaven", "?"), ("Westmole", "Sunhaven"), ("?", "Westmole"),
    )  # fmt: skip
    kinds = [told(release).figures[0] for release in (second, third, build(third, "A reason."))]
    assert [(one.kind, one.by, one.cells, one.net, one.gross) for one in kinds] == [
        ("withdrawn", "us", 10, -905, 905), ("added", "publisher", 10, 905, 905), ("standard", "us", 60, 0, 2902),
    ]  # fmt: skip
    assert [
        (row["cell"], row["period"], row["old"], row["new"])
        for row in rows(second)
        if row["table"] == "latest" and row["new"] is not None
    ] == [("port=WES", "2025-02", 100, 96)]


def test_two_labels_exchanged_are_told_though_the_revision_log_is_the_same(office):
    folder, build = office
    first = build()
    change(
        folder / "standard/codelists/port.csv",
        ("Sunhaven", "?"), ("Westmole", "Sunhaven"), ("?", "Westmole"),
    )  # fmt: skip
    with pytest.raises(GateError) as refused:
        build(first)
    lines = str(refused.value).splitlines()
    assert lines[0] == f"since {first.name} we have changed what was published, and no reason is given:"
    assert [line.split(":")[0].strip() for line in lines[1:-1]] == ["ship-calls", "staff"]
    assert all("by us (standard/codelists/port.csv)" in line for line in lines[1:-1])
    assert lines[-1].endswith("Say why with --reason TEXT, which is published, or take the change back")
    assert [path.name for path in (folder / "releases").iterdir()] == [first.name]
    second = build(first, "The labels had been exchanged.")
    assert (first / "revisions.csv").read_bytes() == (second / "revisions.csv").read_bytes()
    found = told(second)
    assert found.reason == "The labels had been exchanged."
    assert [(one.change, one.path) for one in found.standard] == [("changed", "codelists/port.csv")]
    calls = next(one for one in found.figures if one.dataset == "ship-calls")
    old, new = figures(first), figures(second)
    assert (calls.by, calls.kind, calls.of) == ("us", "standard", ("standard/codelists/port.csv",))
    assert calls.net == 0
    assert calls.gross == sum(abs((new[cell] or 0) - (old[cell] or 0)) for cell in new)
    assert {
        (row["cell"], row["old"], row["new"])
        for row in rows(second)
        if row["table"] == "latest" and row["dataset"] == "ship-calls"
    } == {
        (f"port={port}", old[port, period], new[port, period])
        for port, period in new
        if old[port, period] != new[port, period]
    }


def test_a_code_that_has_another_name_vanishes_and_appears_by_us(office):
    folder, build = office
    first = build()
    change(folder / "standard/codelists/port.csv", ("OLD,", "OQY,"))
    second = build(first, "Its name in the register.")
    calls = next(one for one in told(second).figures if one.dataset == "ship-calls")
    months = {period for port, period in figures(first) if port == "OLD"}
    assert (calls.by, calls.cells, calls.net) == ("us", 2 * len(months), 0)
    assert {row["cell"] for row in rows(second)} == {"port=OLD", "port=OQY"}


def test_our_change_and_the_publishers_are_told_apart(office):
    folder, build = office
    back = put_aside(folder, NEWER)
    first = build()
    back()
    change(
        folder / "standard/codelists/port.csv",
        ("Sunhaven", "?"), ("Westmole", "Sunhaven"), ("?", "Westmole"),
    )  # fmt: skip
    second = build(first, "The labels had been exchanged.")
    ours, theirs = (one for one in told(second).figures if one.dataset == "ship-calls")
    assert (ours.by, ours.net, theirs.by) == ("us", 0, "publisher")
    old, new = figures(first), figures(second)
    total = sum(value or 0 for value in new.values()) - sum(value or 0 for value in old.values())
    assert ours.net + theirs.net == total
    assert ours.gross == sum(
        abs((old["SUN", p] or 0) - (old["WES", p] or 0)) * 2 for _, p in {(0, p) for _, p in old}
    )


def test_a_file_that_is_removed_needs_a_reason(office):
    folder, build = office
    first = build()
    put_aside(folder, OLDER)
    with pytest.raises(GateError, match=f"file removed: {OLDER}"):
        build(first)
    second = build(first, "The publisher has withdrawn it.")
    found = told(second)
    assert [(one.change, one.file) for one in found.snapshots] == [("removed", OLDER)]
    (moved,) = found.figures
    assert (moved.by, moved.kind, moved.of, moved.cells) == ("us", "withdrawn", (OLDER,), 0)


def test_the_same_bytes_under_another_name_or_day_are_the_same_file(office):
    folder, build = office
    first = build()
    for name in (OLDER, f"{OLDER}.toml"):
        (folder / "archive" / name).rename(folder / "archive" / name.replace("ship", "all-ship"))
    found = told(build(first))
    assert [(one.change, one.fields) for one in found.snapshots] == [("described", ("file",))]
    assert found.figures == ()
    change(folder / f"archive/{NEWER}.toml", ("2025-07-04", "2025-07-05"))
    found = told(build(first))
    assert [one.fields for one in found.snapshots] == [("file",), ("as_of", "known")]
    assert found.figures == ()


def test_a_file_that_is_given_another_day_may_follow_others(office):
    folder, build = office
    first = build()
    change(folder / f"archive/{OLDER}.toml", ("2025-03-31", "2025-07-31"))
    (moved,) = told(build(first, "Its day had been typed wrong.")).figures
    assert (moved.by, moved.of, moved.cells) == ("us", (f"metadata of {OLDER}: as_of, known",), 1)


@pytest.mark.parametrize(
    ("version", "of"), [("0.2.0", "software {} to 0.2.0"), ("", "software of the same text")]
)
def test_another_software_is_told_and_what_it_reads_otherwise(office, monkeypatch, version, of):
    _, build = office
    first = build()
    own = manifests.read(first).version
    monkeypatch.setattr(pipeline, "__version__", version or own)
    found = told(build(first))
    assert found.software == (account.SoftwareChange(own, version) if version else None)
    assert not found.needs_reason

    def otherwise(snapshot, reading, read=pipeline.vintages_of):
        return [
            replace(one, observations=replace(one.observations, value=one.observations.value + 1))
            for one in read(snapshot, reading)
            if one.source != "cargo"
        ] or read(snapshot, reading)

    monkeypatch.setattr(pipeline, "vintages_of", otherwise)
    with pytest.raises(GateError, match=of.format(own)):
        build(first)
    found = told(build(first, "It counted one too few."))
    assert {(one.dataset, one.by, one.of) for one in found.figures} == {
        (name, "us", (of.format(own),)) for name in ("ship-calls", "staff")
    }


def test_an_account_tells_what_a_file_of_the_standard_could_not_have_done(office):
    folder, build = office
    first = build()
    change(folder / "standard/home.toml", ("\n", "\n# A remark.\n"))
    change(folder / "standard/codelists/cargo.csv", ("BUL,", "DRY,"))
    (moved,) = told(build(first, "A better code.")).figures
    assert (moved.dataset, moved.of) == ("cargo", ("standard/codelists/cargo.csv",))
    # A total is not counted beside its parts: what one code lost the other has.
    assert moved.net == 0


def test_a_release_does_not_follow_a_later_one_but_one_of_its_day(office):
    _, build = office
    first = build(date=DATE + datetime.timedelta(1))
    with pytest.raises(ReleaseError, match=r"dated 2025-08-02, after the release to be built \(2025-08-01\)"):
        build(first)
    assert told(build(first, date=DATE + datetime.timedelta(1))).figures == ()


def test_nothing_follows_an_altered_release(office, tmp_path):
    _, build = office
    first = build()
    copy = shutil.copytree(first, tmp_path / "copy" / first.name)
    path = copy / "data/staff/latest.csv"
    path.chmod(0o644)
    path.write_text(path.read_text() + "\n")
    with pytest.raises(
        ReleaseError,
        match=r"not as it was published, so nothing can follow it: data/staff/latest.csv: not the same",
    ):
        build(copy)
    with pytest.raises(ReleaseError, match="not a release"):
        build(tmp_path / "nowhere")


@pytest.mark.slow
def test_a_release_before_that_another_key_has_signed_is_refused(office, tmp_path):
    folder, build = office
    first = build()
    for name, seed in (("ours", 0), ("theirs", 1)):
        key = Ed25519PrivateKey.from_private_bytes(bytes([seed] * 32))
        (tmp_path / f"{name}.pem").write_bytes(
            key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )
    theirs = key
    by = keys.name(keys.raw(theirs.public_key()))

    def site(*options):
        return CliRunner().invoke(
            cli,
            [
                *("--standard", str(folder / "standard"), "--archive", str(folder / "archive")),
                *("site", "--date", str(DATE), "--releases", str(folder / "releases")),
                *("--out", str(tmp_path / "site"), *map(str, options)),
            ],
        )

    asked = ("--previous", first, "--previous-key", tmp_path / "ours.pem")
    for signed, wrong in (
        (None, "missing: the release is not signed"),
        (theirs, f"the signature is by the key {by}, which is not one that you trust"),
    ):
        if signed:
            raw = (first / manifests.NAME).read_bytes()
            (first / manifests.SIGNATURE).write_bytes(sign.sign(signed, raw))
        refused = site(*asked)
        assert isinstance(refused.exception, ReleaseError)
        assert str(refused.exception) == (
            f"{first}: not as it was published, so nothing can follow it: signature.json: {wrong}; "
            "restore it, or give the release as it was published"
        )
        assert not (tmp_path / "site").exists()
    assert "give that with --previous RELEASE" in str(site(*asked[2:]).exception)
    done = site(*asked[:3], tmp_path / "theirs.pem")
    assert done.exit_code == 0, done.exception
    page = (tmp_path / "site/revisions.html").read_text()
    assert f"This release follows {first.name}" in page


def test_a_dataset_that_only_one_of_the_two_has(office):
    folder, build = office
    back = put_aside(folder, "staff-2024.csv")
    first = build()
    back()
    (moved,) = told(build(first)).figures
    assert (moved.dataset, moved.by, moved.cells) == ("staff", "publisher", len(figures(build(), "staff")))
    assert json.loads((first / "release.json").read_text())["datasets"] == ["cargo", "ship-calls"]
