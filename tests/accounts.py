"""Hand-made provisions, reconciliations, joined series, reporting and cited figures of the small release."""

EVENTS = {
    "code": "EVENTS",
    "counts": "events",
    "label_en": "Events",
    "label_es": "",
    "note": "One person can be counted more than once.",
}
USD = {"code": "USD", "label_en": "U.S. dollars", "label_es": "", "note": "Current dollars.", "currency": "$"}
AGREEMENTS = {"code": "AGREEMENTS", "label_en": "Agreements", "label_es": "", "note": "Counts agreements."}


def day(as_of, basis="stated"):
    return {
        "day": as_of, "basis": basis, "note": "as the file says.", "known": "2024-02-01", "known_basis": "published",
    }  # fmt: skip


def figure(period, value, *, provisional=False, as_of=None, parts=None):
    made = {"period": period, "value": value, "provisional": provisional}
    if as_of:
        made["as_of"] = day(as_of)
    if parts:
        made["numerator"], made["denominator"] = parts
    return made


def indicator(name, title, dataset, series, latest, **other):
    return {
        "id": name, "title": {"en": title}, "dataset": dataset, "where": {}, "share_of": None, "denominator": "",
        "unit": EVENTS, "measure": "flow", "rounding": 1, "decimals": 0, "trap": "Mind <this>.",
        "years": 1, "context": False, "baseline": None, "latest": latest, "to_date": None, "change": None, "target": None, "target_note": "",
        "progress": None, "series": series, **other,
    }  # fmt: skip


YEARS = [figure(f"FY{2015 + n}", 100.0 + 10 * n) for n in range(8)]
ENCOUNTERS = indicator(
    "encounters", "Encounters in a year", "monthly", YEARS, {**YEARS[-1], "as_of": day("2023-12-31")},
    baseline=YEARS[1], change=60,
    to_date={
        "first": "2023-10", "last": "2024-01", "value": 484, "provisional": True, "as_of": day("2024-01-31", "inferred"),
        "before": {"first": "2022-10", "last": "2023-01", "value": 446, "provisional": False},
    },
)  # fmt: skip

SHARES = [figure("FY2021", 0.25, parts=(40, 160)), figure("FY2023", 0.5, parts=(85, 170))]
SHARE = indicator(
    "share", "Share in the north", "monthly", SHARES, {**SHARES[-1], "as_of": day("2023-12-31")},
    share_of={"region": "_T"}, denominator="all encounters", baseline=SHARES[0], change=0.25,
)  # fmt: skip

DAYS = [figure(day, value) for day, value in (("2023-01-10", 20), ("2023-01-31", 15), ("2023-12-31", 13))]
AGREED = indicator(
    "agreements", "Agreements in force", "listed", DAYS, {**DAYS[-1], "as_of": day("2023-12-31")},
    unit=AGREEMENTS, measure="stock", baseline=DAYS[0], change=-7, target=10, target_note="Ten more.", progress=-0.7,
)  # fmt: skip

SPENT = indicator(
    "spent", "Obligations", "money", [figure("2023-01", 4_412_173_694.22)],
    figure("2023-01", 4_412_173_694.22, as_of="2023-12-31"), unit=USD, decimals=2,
)  # fmt: skip

SUMS = indicator(
    "sums", "Encounters in five years", "monthly", YEARS[4:], {**YEARS[-1], "as_of": day("2023-12-31")}, years=5,
    baseline={**figure("five years to February 2017", 90), "cited": "A report"}, change=80,
)  # fmt: skip

HELD = indicator(
    "held", "Persons held", "listed", DAYS, {**DAYS[-1], "as_of": day("2023-12-31")}, unit=AGREEMENTS, measure="stock",
    context=True, trap="",
)  # fmt: skip

RULES = [
    {
        "id": "wide", "provision": 1, "name": "Scope of a rule", "value": "wide & far", "start": "2010-01-01",
        "end": "2019-07-22", "citation": "a notice", "note": "Awaits a source.",
    },
    {
        "id": "narrow", "provision": 1, "name": "Scope of a rule", "value": "narrow", "start": "2019-07-23",
        "end": None, "citation": "another notice", "note": "",
    },
    {
        "id": "old", "provision": 1, "name": "An old rule", "value": "in force", "start": "1990-01-01",
        "end": "1999-12-31", "citation": "a law", "note": "",
    },
]  # fmt: skip

MILESTONES = [
    {
        "id": "plan", "provision": 1, "what": "A plan within 60 days", "set_by": "an order", "status": "not delivered",
        "evidence": "The Inspector <found> none.", "source": "a report", "due": "2017-03-26", "delivered": None, "public": "no",
        "as_of": "2020-07-14",
    },
    {
        "id": "paper", "provision": 1, "what": "A paper", "set_by": "fact sheet", "status": "delivered", "evidence": "It is there.",
        "source": "a page", "due": None, "delivered": "2018-12-01", "public": "yes",
    },
]  # fmt: skip


SEARCHED = [
    {
        "id": "lists", "provision": 1, "what": "Lists <of all>", "periods": ["FY2021", "FY2022"], "result": "none found",
        "where": "an archive",
    },
    {
        "id": "lists-2020", "provision": 1, "what": "Lists <of all>", "periods": ["FY2020"], "result": "not at hand",
        "where": "a page",
    },
    {
        "id": "minutes", "provision": 1, "what": "Minutes", "periods": ["FY2022"], "result": "not public", "where": "a page",
    },
]  # fmt: skip

DOCUMENT = {
    "title": "Fact Sheet: More & Better", "publisher": "An Office", "date": "2017-02-21", "reference": "Doc. No. 1",
    "name": "fact sheet", "introduction": "In 2017 an office said what it would do", "reporting": [16, 17],
}  # fmt: skip


def provision(number, name, title, **other):
    return {
        "number": number, "id": name, "title": {"en": title, "es": ""}, "text": f"{title} will be & more.", "document": DOCUMENT,
        "datasets": [], "empty": [], "indicators": [], "unknown": [], "milestones": [], "searched": [], "parameters": [],
        **other,
    }  # fmt: skip


PROVISIONS = [
    provision(
        1, "law", "Enforcing <the law>", datasets=["monthly", "listed"], indicators=[ENCOUNTERS, SHARE],
        unknown=["Who was not met."], milestones=MILESTONES, searched=SEARCHED, parameters=RULES,
    ),
    provision(2, "wall", "A wall", datasets=["money"], indicators=[SPENT, SUMS]),
    provision(3, "agreements", "Agreements", datasets=["listed"], indicators=[AGREED]),
    provision(
        4, "hours", "Hours in custody",
        empty=[{"id": "custody", "title": "Hours", "reason": "Nobody publishes them."}], unknown=["Nothing else."],
        indicators=[HELD],
    ),
    provision(16, "reporting", "Public reporting", unknown=["What was never published."]),
]  # fmt: skip

RECONCILIATIONS = [
    {
        "id": "same", "title": "Encounters, two ways", "explained": "no", "explanation": "Unexplained: 16 fewer.",
        "sides": [
            {"label": "One office", "dataset": "monthly"},
            {"label": "A yearbook", "dataset": ""},
            {"label": "Another", "dataset": "annual"},
        ],
        "rows": [
            {"period": "FY2022", "values": [1000, 1000, None], "difference": 0, "to_date": [False] * 3},
            {"period": "FY2023", "values": [1386, 1370, 1000000], "difference": 998630, "to_date": [False] * 3},
            {"period": "FY2024", "values": [484, 450, None], "difference": None, "to_date": [True, False, False]},
        ],
    },
    {
        "id": "part", "title": "An average", "explained": "partly", "explanation": "Rounded by one of them.",
        "sides": [{"label": "One office", "dataset": "monthly"}, {"label": "A yearbook", "dataset": ""}],
        "rows": [{"period": "FY2023", "values": [34376.5, 34376], "difference": 0.5, "to_date": [False, False]}],
    },
    {
        "id": "none", "title": "Nothing in common", "explained": "yes", "explanation": "Different years.",
        "sides": [{"label": "One office", "dataset": "monthly"}, {"label": "A yearbook", "dataset": ""}], "rows": [],
    },
]  # fmt: skip


def reported(name, state, **other):
    return {
        "source": name, "title": f"Table of {name}", "publisher": "An <agency>", "page": "agency.example/table",
        "datasets": ["monthly"], "files": 2, "last_period_ends": "2024-01-31", "newest_as_of": "2024-01-31", "newest_as_of_basis": "inferred",
        "days_to_publication": None, "days_since_last_period": 1, "every": 0, "state": state, "ended": "",
        "readable": "machine-readable list", "revisions": {"cells": 0, "gross": 0}, "breaks": 1, "known_errors": 1,
        **other,
    }  # fmt: skip


JOINED = [
    {
        "id": "met", "title": {"en": "Encounters & more, joined"}, "explanation": "The <same> events.",
        "by": "region", "codes": ["SW"],
        "pieces": [
            {"dataset": "annual", "first": "2022-10", "last": "2022-11", "rounding": 10},
            {"dataset": "monthly", "first": "2022-12", "last": "2023-01", "rounding": 1, "compared": 1, "apart": 1,
             "largest": 3, "gates": ["monthly/annual"]},
        ],
    }
]  # fmt: skip

JOINED_FIGURES = [
    {"series": "met", "code": code, "period": period, "value": value, "provisional": period == "2023-01",
     "dataset": "annual" if period < "2022-12" else "monthly",
     **({"other": 97, "other_dataset": "annual"} if period == "2022-12" else {})}
    for code, values in (("_T", (80, 90, 100, 110)), ("SW", (40, 45, 50)))
    for period, value in zip(("2022-10", "2022-11", "2022-12", "2023-01"), values, strict=False)
]  # fmt: skip

REPORTING = [
    reported("old", "discontinued", ended="Paused, as the press says.", last_period_ends="2020-01-31", files=1),
    reported("new", "current in this archive", every=31, days_to_publication=12, revisions={"cells": 7, "gross": 9}),
    reported("once", "published once", readable="document for people", datasets=["gone"], page="https://other.example"),
]  # fmt: skip


def cited(name, provisions, measure, what, period, value, unit, grade="A", source="A page", **against):
    return {
        "id": name, "provisions": provisions, "measure": measure, "what": what, "period": period, "value": value,
        "unit": unit, "grade": grade, "source": source, **against,
    }  # fmt: skip


CITED = [
    cited("C1", "4|1", "Enrolments", "southwest <border>", "2020-01", 1974, "events"),
    cited("C2", "4", "Stays", "", "2025-11 to 2026-01", 1202, "persons_a_day", "A2/C", "A paper"),
    cited("C3", "", "Miles", "built", "FY2019", 1.5, "miles"),
    cited("C4", "4|1", "Enrolments", "", "before 2019", 12, "events"),
    cited("CV3", "99", "", "a count", "contract", 12, "usd"),
    cited(
        "CV2",
        "",
        "Arrests",
        "nation",
        "2023-10",
        121,
        "events",
        state="contradicted",
        dataset="monthly",
        here=122,
        as_of="2023-12-31",
        file="encounters/1.csv",
        reason="A digit is wrong.",
    ),
    *(cited(f"M{n}", "2", "Hires", "", f"FY{1990 + n}", n, "hires") for n in range(26)),
]


OFFICE = {
    "version": "1.0.0",
    "languages": ["en", "es"],
    "title": "US border encounters",
    "subtitle": "how many, where, who",
    "subject": "statistics on border security",
    "lede": "Official counts, read from the agencies\N{RIGHT SINGLE QUOTATION MARK} own files. Each figure passed every check before its release, and each later change to it is kept and shown. Everything here counts events, not people, unless it says otherwise.",
    "counted": [
        "Most figures here count events: each time an agency recorded an encounter, an apprehension or an expulsion. Someone encountered twice in a month makes two events. Such figures are not a number of people, and cannot be turned into one.",
        "They do not count crossings that nobody recorded, and they do not say what became of anyone later.",
    ],
    "about": "borderstats reads what the agencies publish, checks it and keeps every version. It counts, and holds no data about any person.",
    "publisher": {
        "id": "BORDERSTATS",
        "name": "borderstats",
        "address": "https://borderstats.example/",
        "contact": "The publishers of borderstats",
        "email": "statistics@borderstats.example",
        "description": "Statistics on border security.",
        "licence": "Public domain",
        "licence_address": "https://www.usa.gov/government-works",
        "licence_id": "us-pd",
        "keywords": ["border security"],
    },
}
