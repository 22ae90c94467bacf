"""`make bench`, time: gates of one edition and of many, builds of the archive and of a larger one, one more list among few and many.

The larger archives have further editions that are invented: see `editions.py`. Each task runs in a process of its own, in turn;
what is printed are medians of the seconds without imports. Of the list the first intake of each archive is told apart: what it
reads is kept for those after it.
"""

import os
import statistics
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click
from editions import LIST, further, office
from measure import measure

TASKS = str(Path(__file__).parent / "time_tasks.py")


@click.command()
@click.option("--rounds", default=5, show_default=True)
@click.option("--editions", default=70, show_default=True, help="Of the gates.")
@click.option("--lists", default=75, show_default=True, help="Further 287(g) lists in the larger archive.")
@click.option(
    "--states", default=28, show_default=True, help="Further editions by state in the larger archive."
)
@click.option("--builds/--no-builds", default=True, help="Whether whole releases are built, too.")
def main(rounds: int, editions: int, lists: int, states: int, builds: bool) -> None:
    """Run every task and print the medians and ratios."""
    with tempfile.TemporaryDirectory(prefix="borderstats-bench-") as out:
        os.environ["XDG_CACHE_HOME"] = f"{out}/cache"
        own = Path()
        small = str(office(own, Path(out) / "small", lists=0, states=0))
        large = str(office(own, Path(out) / "large", lists=lists, states=states))
        *_, (snapshot, data) = further(own / "archive", LIST, lists + 1)
        one_more = Path(out) / Path(snapshot.file).name
        one_more.write_bytes(data)
        more = (str(one_more), str(snapshot.as_of))
        print(f"medians of {rounds} rounds, tasks in turn, {os.cpu_count()} cores")
        pair(
            "gates of a dataset",
            rounds,
            {"1 edition": ("gates", ".", "1"), f"{editions} editions": ("gates", ".", str(editions))},
        )
        if builds:
            for formats in ((), ("formats",)):
                what = "build with all formats" if formats else "build without further formats"
                pair(
                    what,
                    rounds,
                    {size(small): ("build", small, *formats), size(large): ("build", large, *formats)},
                )
        first = {f"the archive of {size(folder)}": ("add", folder, *more) for folder in (small, large)}
        pair("intake --add of a 287(g) list, the first time", 1, first)
        pair("intake --add of a 287(g) list, after that", rounds, first)


def size(folder: str) -> str:
    """How many files an archive has, in words."""
    return f"{sum(1 for _ in (Path(folder) / 'archive').rglob('*.toml'))} files"


def pair(what: str, rounds: int, tasks: Mapping[str, tuple[str, ...]]) -> None:
    """Run two tasks in turn and print what each takes and their ratio."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, command in tasks.items():
            seconds[name].append(measure(TASKS, *command)[0])
    medians = {name: statistics.median(found) for name, found in seconds.items()}
    few, many = medians.values()
    said = ", ".join(f"{name} {median:.3f} s" for name, median in medians.items())
    print(f"  {what}: {said}; {many / few:.2f} times", flush=True)


if __name__ == "__main__":
    main()
