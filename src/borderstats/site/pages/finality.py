"""When a figure of a dataset is final: what is declared, and what the publisher's own files show of it, in words."""

from collections.abc import Iterator

from borderstats.package.datasets import Metadata
from borderstats.words import amounts, labels, messages

_SHARE = amounts.Style("share", 2)


def sentences(meta: Metadata) -> Iterator[str]:
    """After how long figures count as final, why, and what the files that are here say to that."""
    final = meta.finality
    if final.declared:
        yield messages.text("final.declared", days=labels.number(final.declared))
        if final.reason:
            yield labels.stopped(final.reason)
    else:
        yield messages.text("final.marked")
    if final.basis == "declared":
        yield messages.counted("final.few", final.editions)
    if final.ages:
        said = {"editions": labels.number(final.editions)}
        if final.oldest_revised is None:
            yield messages.text("final.never", **said)
        elif final.oldest_revised <= 0:
            yield messages.text("final.open_any", **said)
        elif final.share:
            yield messages.text(
                "final.oldest",
                **said,
                share=_SHARE.words(final.share),
                days=labels.number(final.oldest_revised),
            )
        else:
            yield messages.text("final.oldest_any", **said, days=labels.number(final.oldest_revised))


def ages(meta: Metadata) -> list[tuple[str, int, int, str]]:
    """The rows of the table: how long periods had been over, how many there were, how many sums of them were revised, by how much."""
    rows = []
    for one in meta.finality.ages:
        if one.days is None:
            age = messages.text("final.longer")
        elif one.days:
            age = messages.text("final.until", days=labels.number(one.days))
        else:
            age = messages.text("final.open")
        largest = labels.NONE if one.share is None or not one.revised else _SHARE.exact(one.share)
        rows.append((age, one.compared, one.revised, largest))
    return rows
