"""What no published table tells of single records: invented, and no estimate of anything.

These numbers make synthetic records look plausible to software and to trainees. Nobody may read them as findings on
persons, agencies or outcomes.
"""

from collections.abc import Mapping

LEVELS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0)
"""The shares of records at or below the eight values of each spread below; between them, values are interpolated."""

Spread = tuple[float, float, float, float, float, float, float, float]
Mix = Mapping[str, float]

# Persons.
RETURNING = {("USBP", "T42"): 0.5, ("USBP", "T8"): 0.1, ("OFO", "T8"): 0.02}
"""The chance that an encounter is looked for among those who left before, by component and title; not all are found."""
REMEMBERED = 0.5
"""The share of those who left that are kept as possible returners."""
GAP_HOURS = 12
"""Nobody returns sooner after having left."""
MEMORY_DAYS = 365
"""Nobody returns later after the last encounter."""
AGES: Mapping[str, Spread] = {
    "SA": (18, 19, 22, 28, 36, 45, 63, 88),
    "FMUA": (0, 2, 6, 15, 30, 38, 52, 85),
    "UC": (0, 8, 13, 15, 16, 17, 17, 17),
    "AM": (0, 2, 5, 9, 13, 16, 17, 17),
}
"""Ages in completed years by demographic."""
AGE_LIMITS = {"SA": (18, 120), "UC": (0, 17), "AM": (0, 17)}
"""A person who has outgrown the demographic does not return in it."""

# What is not recorded.
NO_PERSON, NO_AGE, NO_ENTRY, NO_DISTANCE = 0.01, 0.005, 0.12, 0.04
"""Shares of encounters without person, age, entry (Border Patrol) and distance (Border Patrol)."""

# Place and time of the encounter.
ENTRY_HOURS: Spread = (0, 0.3, 1, 2.5, 6, 14, 720, 175_000)
"""Hours from entry to encounter, Border Patrol."""
DISTANCE_MILES: Spread = (0, 0.2, 0.7, 2, 4.4, 15, 150, 2_500)
"""Miles from the land border, Border Patrol; ports of entry lie on it."""

# First dispositions, by component, title and demographic; what is missing to 1 stays pending.
_EXPELLED: Mix = {"EXPULSION": 0.985}
_TO_HHS: Mix = {"TO_HHS": 0.93, "VOLUNTARY_RETURN": 0.04, "NTA_RELEASED": 0.01}
DISPOSITIONS: Mapping[tuple[str, str, str], Mix] = {
    ("USBP", "T8", "SA"): {
        "NTA_RELEASED": 0.27, "EXPEDITED_REMOVAL": 0.21, "CREDIBLE_FEAR": 0.12, "NTA_DETAINED": 0.11,
        "REINSTATEMENT": 0.09, "VOLUNTARY_RETURN": 0.08, "PAROLE": 0.05, "TO_ICE": 0.03, "TO_OTHER": 0.01,
        "OTHER": 0.01,
    },
    ("USBP", "T8", "FMUA"): {
        "NTA_RELEASED": 0.62, "PAROLE": 0.12, "EXPEDITED_REMOVAL": 0.09, "CREDIBLE_FEAR": 0.05,
        "NTA_DETAINED": 0.04, "VOLUNTARY_RETURN": 0.03, "TO_ICE": 0.02, "OTHER": 0.01,
    },
    ("USBP", "T8", "UC"): _TO_HHS,
    ("OFO", "T8", "SA"): {
        "PAROLE": 0.40, "NTA_RELEASED": 0.20, "WITHDRAWAL": 0.20, "EXPEDITED_REMOVAL": 0.06,
        "CREDIBLE_FEAR": 0.04, "NTA_DETAINED": 0.04, "OTHER": 0.04,
    },
    ("OFO", "T8", "FMUA"): {
        "PAROLE": 0.62, "NTA_RELEASED": 0.22, "WITHDRAWAL": 0.07, "CREDIBLE_FEAR": 0.03, "OTHER": 0.04,
    },
    ("OFO", "T8", "UC"): _TO_HHS,
    ("OFO", "T8", "AM"): {"PAROLE": 0.70, "NTA_RELEASED": 0.10, "WITHDRAWAL": 0.10, "OTHER": 0.05},
    **{(component, "T42", group): _EXPELLED for component in ("USBP", "OFO") for group in AGES},
}  # fmt: skip

# Custody.
HELD = {("USBP", "T8"): 0.95, ("USBP", "T42"): 0.6, ("OFO", "T8"): 0.5, ("OFO", "T42"): 0.3}
"""The share of encounters with a spell in a place of CBP."""
CBP_HOURS: Mapping[str, Spread] = {
    "T8": (1, 8, 16, 30, 52, 80, 170, 400),
    "T42": (0.3, 0.7, 1, 2, 5, 14, 48, 96),
}
"""Hours from encounter to first disposition, by title. The book-in is a tenth of the way."""
TO_ICE = {
    "TO_ICE": 1.0, "NTA_DETAINED": 0.95, "REINSTATEMENT": 0.7, "CREDIBLE_FEAR": 0.6, "EXPEDITED_REMOVAL": 0.5,
}  # fmt: skip
"""The share of each first disposition after which ICE holds the person."""
ICE_PLACES = 120
ICE_DAYS: Spread = (0.5, 2, 6, 18, 45, 90, 240, 700)
"""Days in ICE's custody."""
REASONS: Mapping[str, Mix] = {
    "REMOVAL": {"REMOVAL": 1.0},
    "RELEASE": {"ROR": 0.45, "BOND_IJ": 0.25, "PAROLE": 0.2, "OSUP": 0.1},
    "": {"OTHER": 1.0},
}
"""Reasons of ICE's book-outs, by later outcome; without one, the person is held elsewhere."""

# Later outcomes, by first disposition, and when.
LATER: Mapping[str, Mix] = {
    "EXPEDITED_REMOVAL": {"REMOVAL": 0.9},
    "REINSTATEMENT": {"REMOVAL": 0.95},
    "CREDIBLE_FEAR": {"RELEASE": 0.55, "REMOVAL": 0.2},
    "NTA_DETAINED": {"RELEASE": 0.45, "REMOVAL": 0.35},
    "TO_ICE": {"RELEASE": 0.4, "REMOVAL": 0.45},
    "NTA_RELEASED": {"REMOVAL": 0.04},
}
LATER_DAYS: Spread = (1, 3, 10, 60, 180, 330, 700, 1_200)
"""Days from the first disposition to the later outcome of those whom ICE does not hold."""
REPATRIATION = {
    "EXPULSION": "T42_EXPULSION", "VOLUNTARY_RETURN": "VOLUNTARY_RETURN", "EXPEDITED_REMOVAL": "EXPEDITED_REMOVAL",
    "REINSTATEMENT": "REINSTATEMENT",
}  # fmt: skip
"""The type of repatriation by first disposition, when it ends in a departure; of all others, OTHER_REMOVAL."""
DEPARTURES = ("EXPULSION", "VOLUNTARY_RETURN", "REMOVAL")

# Screenings and referrals for prosecution.
SCREENED = {
    "CREDIBLE_FEAR": ("CREDIBLE", 0.96),
    "REINSTATEMENT": ("REASONABLE", 0.08),
    "TO_HHS": ("CHILD", 0.97),
}
"""The kind of screening that follows a first disposition, and how often."""
FEAR_RESULTS: Mix = {"POSITIVE": 0.52, "NEGATIVE": 0.33, "CLOSED": 0.15}
SCREENING_DAYS: Spread = (1, 4, 8, 15, 30, 55, 150, 400)
"""Days from referral to decision; a child is screened before its first disposition, without such a result."""
PROSECUTED = {"SA": 0.05, "FMUA": 0.002}
"""The share of Border Patrol encounters under Title 8 that are referred, by demographic."""
STATUTES: Mix = {"1325": 0.45, "1326": 0.35, "1325_1326": 0.12, "1324": 0.05, "OTHER": 0.03}

# How far the records go.
CUTOFF_DAYS = 92
"""Days after the last month of encounters on which the files are drawn: later events are still to come."""
