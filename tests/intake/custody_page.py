"""An invented page of CBP's custody and transfer statistics, with the headings, rows and notation of the publisher's.

Published are, for October 2025 to July 2026: the dispositions and their total with its slip of January 2026, all transfers, the average
in custody of all sectors, and all inadmissibles at ports. Everything else is invented: how transfers and averages are split, who claimed fear, the field
offices, the persons at ports, the sums of programs.
"""

MONTHS = (
    "Oct-25", "Nov-25", "Dec-25", "Jan-26", "Feb-26", "Mar-26", "Apr-26", "May-26", "Jun-26", "Jul-26", "Aug-26", "Sep-26",
)  # fmt: skip
REACHED = 10
"""The months that the page has; behind them stands `-`."""

DISPOSITIONS = {
    "Notice to Appear/Own Recognizance (NTA-OR)": [0] * 10,
    "Paroles": [0] * 10,
    "Notice to Report (NTR)": [0] * 10,
    "Expedited Removal (ER)": [4224, 3792, 3269, 3022, 3340, 4318, 4703, 5347, 5284, 5036],
    'Expedited Removal (ER) - per Interim Final Rule "Securing the Border"': [0] * 10,
    "Reinstatement of Prior Order of Removal": [2021, 2029, 1808, 1795, 2012, 2538, 2807, 3093, 3123, 2861],
    "Warrant of Arrest/Notice to Appear - (Detained)": [848, 749, 678, 641, 573, 624, 544, 654, 649, 596],
    "Voluntary Return": [580, 484, 416, 355, 394, 499, 606, 624, 562, 544],
    "MPP": [0] * 10,
    "Other": [315, 299, 305, 264, 280, 290, 304, 289, 237, 258],
}
APPREHENSIONS = [7988, 7353, 6476, 6076, 6599, 8269, 8964, 10007, 9855, 9295]
TRANSFERRED = [7949, 7259, 6375, 5975, 6536, 8148, 8788, 9890, 9605, 8384]
DESTINATIONS = (
    "Provisional Releases",
    "Federal (ERO, ORR, Other)",
    "Federal - Northern Triangle Repatriation Flights (ENV)",
    "Federal - Mexican Repatriation Flights (IRI/IFP)",
    "Transferred Port of Entry (Non-MPP)",
    "Transferred Port of Entry (MPP)",
    "State and Local Law Enforcement Agencies (Other)",
    "Transferred BookOut/TOT-Other",
)
IN_CUSTODY = [562, 617, 580, 476, 612, 887, 1060, 1294, 913, 884]
SECTORS = (
    "Big Bend", "Del Rio", "El Centro", "El Paso", "Laredo", "Rio Grande", "San Diego", "Tucson", "Yuma",
)  # fmt: skip
INADMISSIBLES = [3716, 3607, 3516, 3653, 3014, 3465, 3891, 3531, 3052, 3435]


def split(totals, names):
    """Invented parts of published totals: unlike ones, which add up to them."""
    rows = {name: [total // (len(names) + n) for total in totals] for n, name in enumerate(names)}
    rest = [total - sum(row[m] for row in rows.values()) for m, total in enumerate(totals)]
    first = names[0]
    rows[first] = [part + more for part, more in zip(rows[first], rest, strict=True)]
    return rows


def added(rows):
    return [sum(month) for month in zip(*rows.values(), strict=True)]


FEAR = {
    "Expedited Removal-Credible Fear (ERCF)<sup>1</sup>": [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    "Notice to Appear (NTA)": [0] * 10,
    "NTA-Person Released": [0] * 10,
    "NTA-Person Detained": [2] * 10,
    "VWP- Removal-Limited Review": [1] * 10,
    "VWP- Refusal Limited Review": [0] * 10,
    "Stowaway-Limited Review": [0] * 10,
}
FEAR_DESTINATIONS = split(
    added(FEAR), ("Federal/State/Local Facility", "ICE/ERO", "ICE/HSI", "OFO", "Return to Foreign", "USBP")
)
OFFICES = split(INADMISSIBLES, ("El Paso", "Laredo", "San Diego", "Tucson"))
PROGRAMS = {"MPP": 82228, "ENV": 106493, "PACR": 3081, "HARP": 695, "ACA_GUAT": 1478, "IRI/IFP": 37501}
PERSONS = [57, 47, 40, 31, 29, 36, 52, 48, 33, 30]


def page(**changes):
    """The page; `changes` are texts that stand in it, with what is to stand there instead."""
    tables = [
        _table(
            "OFO Monthly Southwest Border Credible Fear Inadmissibles by Disposition",
            "Disposition",
            FEAR,
            {
                "Total Credible Fear Inadmissibles": added(FEAR),
                "Total Title 8 Inadmissibles": INADMISSIBLES,
            },
        ),
        _table(
            "OFO Monthly Southwest Border Credible Fear Inadmissibles by Program",
            "Program",
            {
                name: [0] * 10
                for name in ("MPP- Initial returns", "ACA - ERCF", "ACA - NTA", "HARP -ERCF", "HARP - NTA")
            },
            {"Total": [0] * 10},
        ),
        _table(
            "OFO Monthly Southwest Border Credible Fear by Transfer Destination",
            "Destination",
            FEAR_DESTINATIONS,
            {"Total": added(FEAR_DESTINATIONS)},
        ),
        _table("Title 8 Inadmissibles", "Field Office", OFFICES, {"Total": INADMISSIBLES}),
        _custody(),
        _table(
            "USBP Monthly Southwest Border Encounters by Processing Disposition<sup>2</sup>",
            "Processing Disposition",
            DISPOSITIONS,
            {"Total Apprehensions": APPREHENSIONS},
        ),
        _table(
            "USBP Monthly Southwest Border Apprehensions by Transfer Destination",
            "Transfer Destination",
            split(TRANSFERRED, DESTINATIONS),
            {"Total Transferred Out of Custody": TRANSFERRED},
        ),
        _table(
            "USBP Average Daily Subjects In Custody by Southwest Border Sector",
            "Sector",
            _averages(),
            {"Total": IN_CUSTODY},
        ),
        "<h3>USBP Southwest Border SPP Program Apprehensions Since Program Inception</h3><table><tr><th>SPP Program</th><th>Total</th></tr>"
        + "".join(f"<tr><td>{name}</td><td>{number:,}</td></tr>" for name, number in PROGRAMS.items())
        + "</table>",
    ]
    text = (
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'><title>Custody and Transfer Statistics FY2026</title></head>"
        "<body><nav><ul><li>Home</li></ul></nav><!-- invented for a test, but for the figures that the test's module names -->"
        f"<h1>Custody and Transfer Statistics FY2026</h1><p>Figures are subject to change.</p>{''.join(tables)}"
        "<p><sup>1</sup> A note.</p><p><sup>2</sup> Another.</p></body></html>\n"
    )
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


def _averages():
    """Parts of the published averages, of which each is rounded by itself: in seven months they miss the total by one or two."""
    rows = split(IN_CUSTODY, SECTORS)
    missed = (1, 0, -1, 2, 0, 1, -2, 0, 1, -1)
    rows["Yuma"] = [part + more for part, more in zip(rows["Yuma"], missed, strict=True)]
    return rows


def _table(heading, corner, rows, totals):
    return (
        f"<h3>{heading}</h3>\n<table>\n<thead><tr><th>{corner}</th>{_cells('th', MONTHS)}</tr></thead>\n<tbody>\n"
        + "".join(f"<tr><td>{name}</td>{_cells('td', _printed(row))}</tr>\n" for name, row in rows.items())
        + "".join(
            f"<tr><td><strong>{name}</strong></td>{_cells('td', map('<strong>{}</strong>'.format, _printed(row)))}</tr>\n"
            for name, row in totals.items()
        )
        + "</tbody></table>\n<p>&nbsp;</p>"
    )


def _custody():
    """The persons in custody at ports: `57 (6.32%)` beside `47(5.21%)`, and the capacity of every month."""
    shares = [
        f"{number}{' ' if m % 2 == 0 else ''}({number / 9.02:.2f}%)" for m, number in enumerate(PERSONS)
    ]
    return (
        f"<h3>Field Operations - Southwest Border in Custody</h3><table><tr><th>Detention Capacity</th>{_cells('th', MONTHS)}</tr>"
        f"<tr><td>In Custody Capacity</td>{_cells('td', ['902'] * 12)}</tr>"
        f"<tr><td>%</td>{_cells('td', [*shares, '-', '-'])}</tr></table>"
    )


def _printed(row):
    return [*(f"&nbsp;{number:,}" for number in row), *["-"] * (len(MONTHS) - len(row))]


def _cells(tag, texts):
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)
