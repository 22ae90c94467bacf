"""What a build says of an archive that is not enough for the standard."""

from borderstats.commands.releases import build


def test_datasets_that_the_archive_has_nothing_of_are_named(run, tmp_path):
    _, error = run(build, "--date", "2026-11-28", "--out", tmp_path / "out")
    assert "the archive has no file for cbp-encounters-state, contract-obligations, " in error
    assert "which gates or indicators of the standard need" in error
    assert not (tmp_path / "out").exists()
