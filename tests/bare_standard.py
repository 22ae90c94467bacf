"""The real standard without what is said of the real figures: for builds of a few invented files."""

import re
import shutil
from pathlib import Path

REAL = Path(__file__).parents[1] / "standard"
OF_REAL_FIGURES = (
    "announcements.csv", "cited.csv", "checks.csv", "home.toml", "joined.toml", "measures.csv", "milestones.csv", "parameters.csv",
    "protection.toml", "provisions.toml", "reconciliations.toml", "searched.csv", "simulation.toml", "topics.toml", "versions.csv",
)  # fmt: skip


def bare(folder: Path, *waivers: str, without: tuple[str, ...] = ()) -> Path:
    """A copy in a new folder: with the waivers whose ids are given, and without some gates (`dataset/name`)."""
    shutil.copytree(REAL, folder)
    for name in OF_REAL_FIGURES:
        (folder / name).unlink()
    header, *lines = (REAL / "waivers.csv").read_text("utf-8").splitlines()
    kept = [line for line in lines if line.split(",")[0] in waivers]
    (folder / "waivers.csv").write_text("\n".join([header, *kept]) + "\n", "utf-8")
    for gate in without:
        dataset, name = gate.split("/")
        path = folder / f"datasets/{dataset}.toml"
        cut, count = re.subn(
            rf'\[\[gates\]\]\nname = "{name}"\n(?:(?!\[\[).*\n)*', "", path.read_text("utf-8")
        )
        assert count == 1, gate
        path.write_text(cut, "utf-8")
    return folder
