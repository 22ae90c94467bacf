"""The plain API described by itself (OpenAPI 3.1), with examples that work."""

from typing import Any

from borderstats import periods
from borderstats.serve.api import JSON, PAGE, example, written
from borderstats.serve.problem import MEDIA
from borderstats.serve.request import Prepared, Request
from borderstats.serve.store import Store
from borderstats.words import labels

_DAY = {"type": "string", "format": "date"}
_TEXT = {"type": "string"}
_PROVISIONS = "The provisions in the words of their document, with their figures."
_LANGUAGES = {"en": "English", "es": "Spanish"}
_WHOLE = {"type": "integer", "minimum": 0}
_SOME = {"type": "integer", "minimum": 1}


def document(store: Store, request: Request) -> Prepared:
    """The description of the API of this release."""
    request.only(frozenset())
    return Prepared(JSON.media, lambda: written(described(store)))


def described(store: Store) -> dict[str, Any]:
    """The description as a dictionary: paths, parameters with the codes that they take, answers, examples."""
    names = list(store.package.datasets)
    first = names[0]
    meta = store.meta(first)
    publisher = store.package.standard.publisher
    fiscal = ", FY2024" if store.calendar.rules else ""
    period = f"A period: 2023, 2023-10, 2023-10-05, 2023-Q4{fiscal}."
    dataset = _parameter(
        "dataset", "The id of a dataset.", {"type": "string", "enum": names}, first, where="path"
    )
    table = [
        _parameter("from", f"The first period. {period}", _TEXT, meta.first_period),
        _parameter("to", f"The last period. {period}", _TEXT, meta.last_period),
        _parameter(
            "as_of",
            "What was surely known on that day: what became known later is not in it, whatever day it speaks for.",
            _DAY,
            str(store.package.manifest.date),
        ),
        _parameter(
            "since",
            "What has replaced since that day what was known on it, and what has vanished; with what differs from the release before (`kind`).",
            _DAY,
            str(min(one.as_of for one in meta.vintages)),
        ),
        _parameter(
            "history",
            "Every value that was ever known; with `since`, what changed, day by day.",
            {"type": "string", "enum": ["true", "false", "True", "False", "1", "0"]},
            "false",
        ),
        _parameter(
            "days",
            "Which days these are: those on which figures became known, or those for which the publisher's files speak.",
            {"type": "string", "enum": ["known", "edition"]},
            "known",
        ),
        _parameter("last", "So many of the last observations of each series.", _SOME, 12),
        _parameter(
            "format",
            "The form of the answer.",
            {"type": "string", "enum": ["json", "csv", "parquet"]},
            "json",
        ),
    ]
    freq = {
        "type": "string",
        "enum": list(dict.fromkeys(periods.FREQUENCIES[kind] for kind in store.package.kinds)),
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{publisher.name}: statistics as JSON, CSV and Parquet",
            "version": store.id,
            "description": publisher.description,
            "contact": {"name": publisher.contact, "email": publisher.email},
            "license": {"name": publisher.licence, "url": publisher.licence_address},
        },
        # Relative to this description, which is under api/ wherever it is.
        "servers": [{"url": ".."}],
        "paths": {
            "/api/datasets": _path("Every dataset in short."),
            "/api/datasets/{dataset}": _path("All that is said of one dataset.", [dataset], (404,)),
            "/api/datasets/{dataset}/observations": _path(
                "The observations of a dataset. Codes of a dimension stand between commas.",
                [
                    dataset,
                    *_dimensions(store),
                    _parameter("freq", "The frequency.", freq, "M"),
                    *table,
                    _parameter("limit", f"So many observations; {PAGE:,} in JSON if not given.", _SOME, 100),
                    _parameter("offset", "After so many.", _WHOLE, 0),
                ],
                (400, 404, 406, 413, 503),
                tables=True,
            ),
            "/api/series/{series}": _path(
                "One series, DATASET:FREQ.CODE.CODE, or one observation of it, with @PERIOD at the end.",
                [
                    _parameter(
                        "series", "The name of the series.", _TEXT, _series(store, first), where="path"
                    ),
                    *table,
                ],
                (400, 404, 406, 413, 503),
                tables=True,
            ),
            "/api/revisions": _path(
                "What each vintage changed, and what differs from the release before.",
                [
                    _parameter("dataset", "Of this dataset only.", {"type": "string", "enum": names}, first),
                    _parameter(
                        "since", "From this day on.", _DAY, str(min(one.as_of for one in meta.vintages))
                    ),
                ],
                (400, 404),
            ),
            **({"/api/provisions": _path(_PROVISIONS)} if store.package.provisions else {}),
            "/api/search": _path(
                f"Datasets, codes and notes by their words, in {labels.listed(_languages(store))}.",
                [
                    {**_parameter("q", "The words.", _TEXT, example(store)), "required": True},
                    _parameter(
                        "limit", "At most so many.", {"type": "integer", "minimum": 1, "maximum": 100}, 20
                    ),
                ],
                (400,),
            ),
        },
    }


def _languages(store: Store) -> list[str]:
    return [_LANGUAGES[one] for one in store.package.standard.office.languages]


def _series(store: Store, dataset: str) -> str:
    columns = ("freq", *(one.id for one in store.meta(dataset).dimensions))
    first = store.package.datasets[dataset].latest.slice(0, 1).to_pylist()[0]
    return f"{dataset}:{'.'.join(first[name] for name in columns)}"


def _dimensions(store: Store) -> list[dict[str, Any]]:
    """A parameter for each dimension that any dataset has, with the datasets that have it."""
    having: dict[str, list[str]] = {}
    examples: dict[str, str] = {}
    for name, one in store.package.datasets.items():
        for dimension in one.meta.dimensions:
            having.setdefault(dimension.id, []).append(name)
            examples.setdefault(dimension.id, dimension.codes[0].code)
    return [
        _parameter(
            name,
            f"Codes of {store.package.standard.concepts[name].label.lower()}. Datasets that have it: {', '.join(datasets)}.",
            _TEXT,
            examples[name],
        )
        for name, datasets in having.items()
    ]


def _parameter(
    name: str, what: str, schema: dict[str, Any], example: object, where: str = "query"
) -> dict[str, Any]:
    return {
        "name": name,
        "in": where,
        "description": what,
        "required": where == "path",
        "schema": schema,
        "example": example,
    }


def _path(
    summary: str,
    parameters: list[dict[str, Any]] | None = None,
    errors: tuple[int, ...] = (400,),
    *,
    tables: bool = False,
) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": {"type": "object"}}}
    if tables:
        content |= {"text/csv": {"schema": _TEXT}, "application/vnd.apache.parquet": {"schema": {}}}
    problem = {
        "description": "What was wrong and what to do.",
        "content": {
            MEDIA: {
                "schema": {
                    "type": "object",
                    "required": ["title", "status", "detail"],
                    "properties": {"title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
                }
            }
        },
    }
    return {
        "get": {
            "summary": summary,
            "parameters": parameters or [],
            "responses": {
                "200": {"description": "The answer.", "content": content},
                **{str(status): problem for status in sorted({*errors, 400, 414})},
            },
        }
    }
