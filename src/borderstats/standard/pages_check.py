"""What does not fit in what a standard says of the home page and of the pages of places and groups."""

from collections.abc import Iterator

from borderstats.standard.model import UNNAMED, Headline, Standard, Topic
from borderstats.standard.references import codes, missing
from borderstats.standard.struct import slug


def contradictions(standard: Standard) -> Iterator[str]:
    """Each as `file: place: what is wrong; what to do`."""
    for number, headline in enumerate(standard.headlines):
        yield from _headline(standard, headline, f"home.toml: $.headlines[{number}]")
    addresses: dict[str, tuple[str, str]] = {}
    for number, topic in enumerate(standard.topics):
        where = f"topics.toml: $.topics[{number}]"
        yield from missing(f"{where}.concept", "concept", topic.concept, standard.concepts)
        if slug(topic.address) != topic.address or not topic.address:
            yield f"{where}.address: {topic.address!r} is no plain address; write it in small letters, digits and hyphens"
        for place, one in enumerate(topic.headlines):
            yield from _headline(standard, one, f"{where}.headlines[{place}]")
            yield from _of(standard, topic, one, f"{where}.headlines[{place}]")
        for name in {name for names in topic.asked for name in names}:
            yield from missing(f"{where}.asked", "concept", name, standard.concepts)
        if topic.concept in standard.concepts:
            yield from _twice(standard, topic, addresses, where)


def _headline(standard: Standard, headline: Headline, where: str) -> Iterator[str]:
    yield from missing(f"{where}.dataset", "dataset", headline.dataset, standard.datasets)
    if shown := standard.datasets.get(headline.dataset):
        for concept in (*headline.where, *headline.who):
            yield from missing(where, f"dimension of {shown.id}", concept, shown.concepts)
        several = {concept: tuple(found.split("|")) for concept, found in headline.only.items()}
        yield from codes(standard, f"{where}.only", shown, several)


def _of(standard: Standard, topic: Topic, headline: Headline, where: str) -> Iterator[str]:
    dataset = standard.datasets.get(headline.dataset)
    if dataset and topic.concept in standard.concepts and topic.concept not in dataset.concepts:
        yield f"{where}.dataset: {dataset.id} is not by {topic.concept}; give one that is"


def _twice(
    standard: Standard, topic: Topic, addresses: dict[str, tuple[str, str]], where: str
) -> Iterator[str]:
    """Two codes whose pages would have one address. `addresses` has those before, with their concepts and codes."""
    for code in standard.codelist_of(topic.concept).codes:
        if code.code.startswith(UNNAMED):
            continue
        address, own = f"{topic.address}/{slug(code.label_en)}", (topic.concept, code.code)
        if not slug(code.label_en):
            yield f"{where}: {code.label_en!r} makes no address; write its label in Latin letters or digits"
        elif (other := addresses.setdefault(address, own)) != own:
            yield f"{where}: {' '.join(own)} and {' '.join(other)} would have the address {address}; give the topic another"
