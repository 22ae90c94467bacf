"""Every contradiction that a source can have, each made by one edit of a real one; and what a source may say."""

from pathlib import Path

import pytest

from borderstats.standard import decode, sources_check
from borderstats.standard.sources import AnySource

REAL = Path(__file__).parents[2] / "standard"
DATASETS = ", ".join(sorted(path.stem for path in REAL.glob("datasets/*.toml")))
SOUTHWEST, BARRIER, WORKBOOK, NATION = (
    "cbp-southwest",
    "usbp-barrier",
    "yearbook-convictions-1998",
    "usbp-annual-nation",
)
FIGURE = 'name = "total_apprehensions"\nrole = "figure"\n'
DASHBOARD = "cbp-southwest-dashboard"
COUNT = 'name = "Encounter Count"\nrole = "figure"\n'
REASON = 'reason = "FYTD or Remaining: moves with every file and says nothing about the event"'
TABLE = '\n[[tables]]\nkind = "list"\ncolumns = ["fiscal_year", "total_apprehensions"]\n'
WHO = '\n[[columns]]\nname = "who"\nrole = "ignored"\nreason = "names"\n'
COUNTED = '\n[[columns]]\nname = "who"\nrole = "ignored"\nreason = "names"\n\n[[tables]]\nkind = "list"\ncolumns = ["fiscal_year", "who"]\n'


def found(standard, text):
    """What is wrong with a source, without the name of its file in front."""
    try:
        source = decode.toml(text.encode(), AnySource)
    except decode.DecodeError as error:
        return [str(error)]
    lines = list(sources_check.contradictions(standard, source))
    assert all(line.startswith(f"sources/{source.id}.toml: ") for line in lines)
    return [line.removeprefix(f"sources/{source.id}.toml: ") for line in lines]


def edited(source, old, new):
    """The text of a real source with `new` in the place of the first `old`, or at its end if that is empty."""
    text = (REAL / f"sources/{source}.toml").read_text("utf-8")
    assert old in text, f"{source} no longer holds {old!r}"
    return text.replace(old, new, 1) if old else text + new


# for each contradiction the source, the text that makes way for another, and what is found
ONE = {
    # roles and their fields
    "a column without a role": (
        SOUTHWEST, COUNT, 'name = "Encounter Count"\n',
        "$.columns[8]: the field 'role' is missing; it is one of dimension, figure, fiscal_year, year, quarter, month, calendar_year, calendar_month, week, day, half_month, last_day, not_before, ignored",
    ),
    "a role that there is not": (
        SOUTHWEST, 'role = "month"', 'role = "lunation"',
        "$.columns[2].role: no role 'lunation'; known are dimension, figure, fiscal_year, year, quarter, month, calendar_year, calendar_month, week, day, half_month, last_day, not_before, ignored",
    ),
    "a dimension without a concept": (
        SOUTHWEST, 'concept = "component"\n', "",
        "$.columns[3]: the field 'concept' is missing with role 'dimension'",
    ),
    "a concept of a column of figures": (
        SOUTHWEST, COUNT, COUNT + 'concept = "region"\n',
        "$.columns[8]: no field 'concept' with role 'figure'; known are role, name, left_out, optional, key, missing, zero, rounded, with_share, thousands, decimal",
    ),
    "footnotes of figures": (
        SOUTHWEST, COUNT, COUNT + "footnotes = true\n",
        "$.columns[8]: no field 'footnotes' with role 'figure'; known are role, name, left_out, optional, key, missing, zero, rounded, with_share, thousands, decimal",
    ),
    "a key of labels": (
        SOUTHWEST, 'concept = "component"', 'concept = "component"\nkey = { region = "SW" }',
        "$.columns[3]: no field 'key' with role 'dimension'; known are role, name, left_out, optional, fill, footnotes, concept, labels, keys, totals, contains, parent_to, groups, below",
    ),
    "missing figures in a column of labels": (
        SOUTHWEST, 'role = "month"', 'role = "month"\nmissing = { NA = "M" }',
        "$.columns[2]: no field 'missing' with role 'month'; known are role, name, left_out, optional, fill, footnotes, whole_year",
    ),
    "a mark of years in a column of months": (
        SOUTHWEST, 'role = "month"', 'role = "month"\nprovisional_mark = "*"',
        "$.columns[2]: no field 'provisional_mark' with role 'month'; known are role, name, left_out, optional, fill, footnotes, whole_year",
    ),
    "labels of an ignored column": (
        SOUTHWEST, 'role = "ignored"', 'role = "ignored"\nlabels = { a = "b" }',
        "$.columns[1]: no field 'labels' with role 'ignored'; known are role, name, left_out, optional, fill, footnotes, reason, allowed",
    ),
    "groups of years": (
        WORKBOOK, "footnotes = true", 'groups = ["1990s"]',
        "$.columns[1]: no field 'groups' with role 'fiscal_year'; known are role, name, left_out, optional, fill, footnotes, dates, years_from, provisional_mark, final_mark",
    ),
    "a column that is ignored without a reason": (
        SOUTHWEST, REASON + "\n", "",
        "$.columns[1]: the field 'reason' is missing with role 'ignored'",
    ),
    "a reason that says nothing": (
        SOUTHWEST, REASON, 'reason = ""',
        "$.columns[1].reason: expected `str` of length >= 1",
    ),
    "a slip of the publisher's that means no date": (
        "ice-287g", "= 2025-05-08", '= "8 May"',
        "$.columns[5].labels.05/082025: expected `date`, got `str`",
    ),
    # formats, kinds of tables and their fields
    "a delimiter of a workbook": (
        WORKBOOK, 'format = "workbook"', 'format = "workbook"\ndelimiter = "|"',
        "$: no field 'delimiter' with format 'workbook'; known are format, id, title, publisher, licence, columns, dataset, page, caveat, every, editions, ended, absent, absent_reason, whole_decimals, thousands, decimal, dates, years_from, last_year_provisional, provisional_days, provisional_reason, future_zeros, constants, determined, tables, known_errors, stated, other_sheets",
    ),
    "other sheets of a text file": (
        SOUTHWEST, 'format = "csv"', 'format = "csv"\nother_sheets = { Notes = "words" }',
        "$: no field 'other_sheets' with format 'csv'; known are format, id, title, publisher, licence, columns, dataset, page, caveat, every, editions, ended, absent, absent_reason, whole_decimals, thousands, decimal, dates, years_from, last_year_provisional, provisional_days, provisional_reason, future_zeros, constants, determined, tables, known_errors, delimiter, encoding, open_end",
    ),
    "a day that a text file states": (
        SOUTHWEST, 'format = "csv"', 'format = "csv"\nstated = "as of"',
        "$: no field 'stated' with format 'csv'; known are format, id, title, publisher, licence, columns, dataset, page, caveat, every, editions, ended, absent, absent_reason, whole_decimals, thousands, decimal, dates, years_from, last_year_provisional, provisional_days, provisional_reason, future_zeros, constants, determined, tables, known_errors, delimiter, encoding, open_end",
    ),
    "a block in Parquet": (
        "ice-facility-days", 'kind = "list"', 'kind = "block"',
        "$.tables[0].kind: no kind 'block'; known are list",
    ),
    "a list in a PDF": (
        BARRIER, 'kind = "block"', 'kind = "list"',
        "$.tables[0].kind: no kind 'list'; known are block, ignored_block",
    ),
    "a title of a list": (
        "usaspending-contracts", 'kind = "list"', 'kind = "list"\ntitle = "Contracts"',
        "$.tables[0]: no field 'title' with kind 'list'; known are kind, columns, sheet, optional, dataset, values, constants, combine, identity, within, day, repeats",
    ),
    "every block without a title": (
        "ice-detention-statistics", 'combine = "sum"', 'combine = "sum"\nevery = true',
        "$.tables[29].every: without title nothing tells where each one is",
    ),
    "codes below groups": (
        "ice-detention-statistics", 'below = "criminality"', 'below = "sector"',
        "$.columns[12].below: no dimension 'sector'; known are aor, arresting_agency, atd_status, contract_type, criminality, demographic, disposition, facility_class, inspection, inspection_rating, parole_status, population_group, release_reason, segregation_reason, technology",
        "nothing gives the dimension criminality of ice-statistics-adp; add a column or a constant",
        "nothing gives the dimension criminality of ice-statistics-stay; add a column or a constant",
    ),
    "things of a block that are told apart": (
        WORKBOOK, 'kind = "block"', 'kind = "block"\nidentity = ["Country"]',
        "$.tables[0]: no field 'identity' with kind 'block'; known are kind, columns, sheet, optional, title, every, corner, gaps, headers, across, figures, title_as, dataset, constants, day, combine, zero_years, stated",
    ),
    "a block that is not used and feeds a dataset": (
        "ice-detention-statistics", 'kind = "ignored_block"', 'kind = "ignored_block"\ndataset = "ice-statistics-adp"',
        "$.tables[22]: no field 'dataset' with kind 'ignored_block'; known are kind, columns, sheet, optional, title, every, corner, gaps, headers, reason",
    ),
    "a block without figures": (
        WORKBOOK, 'figures = "convictions"\n', "",
        "$.tables[0]: the field 'figures' is missing with kind 'block'",
    ),
    "a block without header rows": (
        WORKBOOK, 'across = ["Fiscal year"]', "across = []",
        "$.tables[0].across: expected `array` of length >= 1",
    ),
    "an encoding that there is not": (
        SOUTHWEST, 'format = "csv"', 'format = "csv"\nencoding = "klingon"',
        "$.encoding: no encoding is called 'klingon'; utf-8 is the usual one",
    ),
    "a delimiter of two characters": (
        "usbp-monthly-sector", 'delimiter = "|"', 'delimiter = "||"',
        "$.delimiter: '||'; known are commas, pipes, semicolons, tabs",
    ),
    "days that are fewer than none": (
        SOUTHWEST, "every = 31", "every = -1",
        "$.every: expected `int` >= 0",
    ),
    "a sheet of a text file": (
        "usaspending-contracts", 'kind = "list"', 'kind = "list"\nsheet = "Data"',
        "$.tables[0].sheet: only a workbook has sheets",
    ),
    "a sheet without a name among others": (
        "ohss-usbp-workbook", 'sheet = "Annual Count"\n', "",
        "$.tables[0].sheet: name the sheet of every table, or of none",
    ),
    "a list among blocks": (
        WORKBOOK, "[[tables]]", '[[tables]]\nkind = "list"\nsheet = "Table 73"\ncolumns = ["Violations", "Fiscal year", "convictions"]\n\n[[tables]]',
        "$.tables[0]: a source has lists or blocks, not both",
    ),
    # datasets and what rows mean
    "a source that feeds nothing": (
        SOUTHWEST, 'dataset = "cbp-encounters-southwest"', 'dataset = "cbp-encounters-west"',
        f"$.dataset: no dataset 'cbp-encounters-west'; known are {DATASETS}",
    ),
    "a table of a dataset that does not exist": (
        "ice-287g", 'dataset = "ice-287g-agencies"', 'dataset = "ice-287g-agency"',
        f"$.tables[1].dataset: no dataset 'ice-287g-agency'; known are {DATASETS}",
    ),
    "a dataset that no table leaves to its source": (
        "ice-287g", 'format = "workbook"', 'format = "workbook"\ndataset = "ice-287g-agencies"',
        "$.dataset: every table names a dataset of its own; leave this one out",
    ),
    "an absent row that counts as zero without a reason": (
        SOUTHWEST, 'absent = "unknown"', 'absent = "zero"',
        "$.absent: an absent row counts as zero only where the source says so; give absent_reason",
    ),
    "a reason of zeros that are none": (
        SOUTHWEST, 'absent = "unknown"', 'absent = "unknown"\nabsent_reason = "so they say"',
        '$.absent_reason: it is the reason of absent = "zero" only',
    ),
    "a last year where there are no years": (
        "usaspending-contracts", 'absent = "zero"', 'absent = "zero"\nlast_year_provisional = true',
        '$.last_year_provisional: no column has role = "fiscal_year" or "year"',
    ),
    # columns
    "a column that is described twice": (
        "ice-287g", 'name = "ADDENDUM"', 'name = "Type"',
        "$.columns: 'type' is described twice; a column has one meaning",
        "$.columns[7] (Type): no table has this column; add it to one, or leave it out",
        "$.tables[0].columns: no column 'ADDENDUM'; known are COUNTY, LAW ENFORCEMENT AGENCY, MOA, SIGNED, STATE, SUPPORT TYPE, TYPE, Type",
        "$.tables[1].columns: no column 'ADDENDUM'; known are COUNTY, LAW ENFORCEMENT AGENCY, MOA, SIGNED, STATE, SUPPORT TYPE, TYPE, Type",
    ),
    "a recode to a code that does not exist": (
        SOUTHWEST, 'Other = "O4"', 'Other = "O5"',
        "$.columns[5].labels: 'Other': no code 'O5' in codelists/citizenship.csv",
    ),
    "a text that stands for a code that does not exist": (
        "usaspending-contracts", '"BORDER WALL" = "WALL"', '"BORDER WALL" = "WALLS"',
        "$.columns[8].contains: 'BORDER WALL': no code 'WALLS' in codelists/wall_text.csv",
    ),
    "a text that contains an earlier one": (
        "usaspending-contracts", '"BORDER WALL" = "WALL"\n', '"BORDER" = "BARRIER"\n"BORDER WALL" = "WALL"\n',
        "$.columns[8].contains: 'BORDER WALL' is never reached, for it contains 'BORDER', which stands before it",
        "$.columns[8].contains: 'BORDER BARRIER' is never reached, for it contains 'BORDER', which stands before it",
    ),
    "a concept that the dataset lacks": (
        SOUTHWEST, 'concept = "demographic"', 'concept = "office"',
        "$.columns[4].concept: no dimension of sources/cbp-southwest.toml 'office'; known are citizenship, component, demographic, encounter_type, region, title",
        "$.columns: nothing gives the dimension demographic of cbp-encounters-southwest; add a column or a constant",
    ),
    "a parent that is no dimension": (
        "usbp-staffing", 'parent_to = "region"', 'parent_to = "state"',
        "$.columns[0].parent_to: no dimension 'state'; known are component, office, region",
    ),
    "a parent of another concept": (
        "usbp-staffing", 'parent_to = "region"', 'parent_to = "component"',
        "$.columns[0].parent_to: the parents of office are codes of region, as concepts.toml says, not of component",
        "$.constants.component: every table gives component itself; leave it out",
    ),
    "a label of several codes without that of its own column": (
        "ice-detention-statistics", '"Removals with a FAMU Identifier" = { facility_class = "_T", ', '"Removals with a FAMU Identifier" = { ',
        "$.columns[11].keys.Removals with a FAMU Identifier: the code of facility_class itself is missing",
    ),
    "a label of several codes of which one does not exist": (
        "ice-detention-statistics", '"Total" = { facility_class = "_T", demographic = "_T" }', '"Total" = { facility_class = "_T", demographic = "ALL" }',
        "$.columns[11].keys.Total.demographic: no code 'ALL' in codelists/demographic.csv",
    ),
    "a label that means a code and no data": (
        SOUTHWEST, 'labels = { Other = "O4" }', 'labels = { Other = "O4" }\nleft_out = { OTHER = "unknown" }',
        "$.columns[5].labels: 'Other' stands in left_out too; a label means one thing",
    ),
    "a mark that means a zero and no figure": (
        WORKBOOK, 'zero = ["-"]', 'zero = ["-", "na"]',
        "$.columns[2].zero: 'na' stands in missing too; a label means one thing",
    ),
    "a label that means a whole year and no data": (
        SOUTHWEST, 'role = "month"', 'role = "month"\nwhole_year = "Total"\nleft_out = { total = "a sum" }',
        "$.columns[2].whole_year: 'Total' stands in left_out too; a label means one thing",
    ),
    "a label that is allowed and no data": (
        SOUTHWEST, 'allowed = ["FYTD", "Remaining"]', 'allowed = ["FYTD", "Remaining"]\nleft_out = { fytd = "no data" }',
        "$.columns[1].allowed: 'FYTD' stands in left_out too; a label means one thing",
    ),
    "a slip of a date in a row that is no data": (
        "ice-287g", 'role = "not_before"', 'left_out = { "7/72025" = "a slip" }\nrole = "not_before"',
        "$.columns[5].labels: '7/72025' stands in left_out too; a label means one thing",
    ),
    "a label that means one code and several": (
        "yearbook-returns-citizenship", 'labels = { Total = "_T",', 'labels = { Total = "_T", AFRICA = "_U",',
        "$.columns[0].labels: 'AFRICA' stands in keys too; a label means one thing",
    ),
    "a wide column with a code that does not exist": (
        "usbp-monthly-sector", 'office = "LVM"', 'office = "LVMX"',
        "$.columns[3].key.office: no code 'LVMX' in codelists/office.csv",
    ),
    "a status of missing figures that does not exist": (
        WORKBOOK, 'X = "M"', 'X = "Z"',
        "$.columns[2].missing: no status 'Z'; known are A, B, D, E, L, M, O, P, Q, R",
    ),
    "a column that no table has": (
        WORKBOOK, "[[tables]]", WHO + "\n[[tables]]",
        "$.columns[3] (who): no table has this column; add it to one, or leave it out",
    ),
    "a column of years that some editions lack": (
        SOUTHWEST, 'role = "fiscal_year"', 'role = "fiscal_year"\noptional = true',
        '$.columns[0].optional: every figure needs its period; no file can lack a column with role = "fiscal_year"',
    ),
    "a column of months that some editions lack": (
        SOUTHWEST, 'role = "month"', 'role = "month"\noptional = true',
        '$.columns[2].optional: every figure needs its period; no file can lack a column with role = "month"',
    ),
    "a column of figures that some editions lack, and no other": (
        SOUTHWEST, COUNT, COUNT + "optional = true\n",
        "$.columns: every column of figures is optional; a file that has none could not be read",
    ),
    "a column that some editions of a block lack": (
        WORKBOOK, "footnotes = true", "footnotes = true\noptional = true",
        "$.columns[1].optional: a block has all its columns; only a list can lack one",
    ),
    # columns of a table
    "a table with a column that is not described": (
        NATION, "", '\n[[tables]]\nkind = "list"\ncolumns = ["fiscal_year", "total_apprehensions", "sector"]\n',
        "$.tables[0].columns: no column 'sector'; known are fiscal_year, total_apprehensions",
    ),
    "a sheet with a column that is not described": (
        "ohss-usbp-workbook", '["Fiscal Year", "Month", "Region", "Quantity"]', '["Fiscal Year", "Month", "Border", "Quantity"]',
        "$.tables[5].columns: no column 'Border'; known are Citizenship, Family Status, Fiscal Year, Month, Quantity, Region, Sector",
    ),
    "a block across a column that is not described": (
        NATION, "", '\n[[tables]]\nkind = "block"\ncolumns = ["fiscal_year"]\nacross = ["sector"]\nfigures = "total_apprehensions"\n',
        "$.tables[0].across: no column 'sector'; known are fiscal_year, total_apprehensions",
    ),
    "a block of figures that are not described": (
        WORKBOOK, 'figures = "convictions"', 'figures = "verdicts"',
        "$.columns[2] (convictions): no table has this column; add it to one, or leave it out",
        "$.tables[0].figures: no column 'verdicts'; known are Fiscal year, Violations, convictions",
    ),
    "a title whose rest is not described": (
        BARRIER, 'kind = "block"', 'kind = "block"\ntitle_as = "year"',
        "$.tables[0].title_as: no column 'year'; known are barrier, miles, state",
    ),
    "values of a column that is not described": (
        NATION, "", TABLE + 'values = ["deaths"]\n',
        "$.tables[0].values: no column 'deaths'; known are fiscal_year, total_apprehensions",
    ),
    "an identity of a column that is not described": (
        NATION, "", COUNTED + 'combine = "distinct"\nidentity = ["name"]\n',
        "$.columns[1] (total_apprehensions): no table has this column; add it to one, or leave it out",
        "$.tables[0].identity: no column 'name'; known are fiscal_year, total_apprehensions, who",
    ),
    "a column in two places": (
        NATION, "", '\n[[tables]]\nkind = "block"\ncolumns = ["fiscal_year"]\nacross = ["fiscal_year"]\nfigures = "total_apprehensions"\n',
        "$.tables[0]: column 'fiscal_year' stands in it twice; a column has one place",
    ),
    "an identity of a column that the table lacks": (
        NATION, "", TABLE + 'identity = ["who"]\n' + WHO,
        "$.columns[2] (who): no table has this column; add it to one, or leave it out",
        "$.tables[0].identity: column 'who' is not one of the table",
    ),
    "values of a column without figures": (
        NATION, "", TABLE + 'values = ["fiscal_year"]\n',
        '$.tables[0].values: column \'fiscal_year\' has no figures; give it role = "figure"',
    ),
    "values of a column that the table lacks": (
        NATION, "", COUNTED + 'values = ["total_apprehensions"]\n' + TABLE,
        "$.tables[0].values: column 'total_apprehensions' is not one of the table",
        '$.tables[0]: no column has role = "figure"; one must hold the figures',
    ),
    "no column of figures": (
        SOUTHWEST, 'role = "figure"', 'role = "ignored"\nreason = "not wanted"',
        '$.columns: no column has role = "figure"; one must hold the figures',
    ),
    "a block whose figures are none": (
        WORKBOOK, 'name = "convictions"\nrole = "figure"\nmissing = { NA = "O", D = "Q", X = "M" }\nzero = ["-"]\n', 'name = "convictions"\nrole = "ignored"\nreason = "not wanted"\n',
        '$.tables[0].figures: column \'convictions\' has no figures; give it role = "figure"',
    ),
    "cells that are counted and figures": (
        WORKBOOK, 'figures = "convictions"\n', 'figures = "convictions"\ncombine = "rows"\n',
        '$.tables[0].figures: cells are counted by their labels; give column \'convictions\' role = "dimension"',
    ),
    "rows that are counted beside figures": (
        NATION, "", TABLE + 'combine = "rows"\n',
        "$.tables[0]: rows are counted, so no column can hold figures",
    ),
    "different things that nothing tells apart": (
        NATION, "", COUNTED + 'combine = "distinct"\n',
        "$.columns[1] (total_apprehensions): no table has this column; add it to one, or leave it out",
        "$.tables[0].identity: name the columns that together tell one thing from another",
    ),
    "days within months that are not put together": (
        "usaspending-contracts", 'combine = "sum"\n', "",
        "$.tables[0].within: say with combine how the days of a month are put together",
    ),
    "years within months": (
        NATION, "", TABLE + 'combine = "sum"\nwithin = "month"\n',
        '$.tables[0].within: no column has role = "day"',
    ),
    "the rest of no title": (
        WORKBOOK, "[[tables]]\n", WHO + '\n[[tables]]\ntitle_as = "who"\n',
        "$.tables[0].title_as: without title there is no rest of it",
    ),
    "more header rows than names can be given to": (
        "uscis-fear", 'across = ["begin", "end"]', 'across = ["begin", "end"]\nheaders = 3',
        "$.tables[0].headers: 3 header rows cannot give 2 names of across; join them into one, or name each",
    ),
    "fewer header rows than names": (
        "uscis-fear", 'across = ["begin", "end"]', 'across = ["begin", "end"]\nheaders = 1',
        "$.tables[0].headers: 1 header rows cannot give 2 names of across; join them into one, or name each",
    ),
    # times of a table
    "figures without a period": (
        SOUTHWEST, 'role = "fiscal_year"\nprovisional_mark = "(FYTD)"', 'role = "ignored"\nreason = "not wanted"',
        '$.columns: no column has role = "fiscal_year", "year", "quarter", "calendar_month", "week", "day" or "half_month"; every figure needs its period',
        '$.columns: column \'Month (abbv)\' with role = "month" needs one with role = "fiscal_year" or "year" beside it',
    ),
    "figures of a day and of a year": (
        NATION, "", TABLE + 'day = "as_of"\n',
        "$.tables[0].day: column 'fiscal_year' says for which period a figure is; leave one of the two out",
    ),
    "a note beside a list": (
        NATION, "", TABLE + 'day = "Data as of"\n',
        "$.tables[0].day: 'Data as of' is none of as_of",
    ),
    "figures beside those of a block": (
        WORKBOOK, "[[tables]]\n", '\n[[columns]]\nname = "who"\nrole = "figure"\n\n[[tables]]\ntitle = "Convictions"\ntitle_as = "who"\n',
        "$.tables[0]: column 'who' has figures; those of a block are in 'convictions' alone",
    ),
    "figures of a year and of a day": (
        NATION, "", '\n[[columns]]\nname = "when"\nrole = "day"\n',
        "$.columns: columns 'fiscal_year', 'when' each say for which period a figure is; a table has one such column",
    ),
    "two columns of months": (
        SOUTHWEST, 'role = "ignored"\n' + REASON + '\nallowed = ["FYTD", "Remaining"]', 'role = "month"',
        '$.columns: 2 columns have role = "month"; a table has one such column',
    ),
    "a month of no year": (
        "ice-adp-month", 'role = "calendar_month"', 'role = "month"',
        '$.columns: no column has role = "fiscal_year", "year", "quarter", "calendar_month", "week", "day" or "half_month"; every figure needs its period',
        '$.columns: column \'Date\' with role = "month" needs one with role = "fiscal_year" or "year" beside it',
    ),
    "a calendar year beside no month": (
        NATION, "", '\n[[columns]]\nname = "cy"\nrole = "calendar_year"\n',
        '$.columns: column \'cy\' with role = "calendar_year" needs one with role = "month" beside it',
    ),
    "a last day beside no half-month": (
        NATION, "", '\n[[columns]]\nname = "end"\nrole = "last_day"\n',
        '$.columns: column \'end\' with role = "last_day" needs one with role = "half_month" or "week" beside it',
    ),
    # dimensions of a table
    "a constant that is no code": (
        SOUTHWEST, 'region = "SW"', 'region = "WEST"',
        "$.constants.region: no code 'WEST' in codelists/region.csv",
    ),
    "a constant of a table that is no dimension": (
        NATION, "", TABLE + 'constants = { region = "SW" }\n',
        "$.tables[0].constants.region: no dimension of usbp-apprehensions-nation 'region'; known are component",
    ),
    "a constant of a table that is no code": (
        NATION, "", TABLE + 'constants = { component = "USB" }\n',
        "$.tables[0].constants.component: no code 'USB' in codelists/component.csv",
        "$.constants.component: every table gives component itself; leave it out",
    ),
    "a dimension that nothing gives": (
        SOUTHWEST, 'constants = { region = "SW" }\n', "",
        "$.columns: nothing gives the dimension region of cbp-encounters-southwest; add a column or a constant",
    ),
    "a dimension that some editions lack": (
        SOUTHWEST, 'concept = "component"', 'concept = "component"\noptional = true',
        "$.columns: nothing gives the dimension component of cbp-encounters-southwest; add a column or a constant",
    ),
    "a published total beside which no code is given": (
        BARRIER, 'role = "dimension"\nconcept = "barrier_class"', 'role = "ignored"\nreason = "no"',
        "nothing gives the dimension barrier_class of usbp-barrier-miles; add a column or a constant",
    ),
    "a dimension that two columns give": (
        SOUTHWEST, 'concept = "demographic"', 'concept = "citizenship"',
        "$.columns: column 'Demographic' and column 'Citizenship Grouping' give the dimension citizenship; one of them would not be used",
        "$.columns: nothing gives the dimension demographic of cbp-encounters-southwest; add a column or a constant",
    ),
    "a dimension that labels and figures give": (
        "foreign-assistance", 'key = { price_basis = "CONSTANT" }', 'key = { price_basis = "CONSTANT", recipient = "_T" }',
        "$.tables[0]: column 'Country Name' and column 'constant_amount' give the dimension recipient; one of them would not be used",
    ),
    "a dimension that two columns give, one by parents": (
        "usbp-staffing", '[[columns]]\nname = "sector"', '[[columns]]\nname = "border"\nrole = "dimension"\nconcept = "region"\n\n[[columns]]\nname = "sector"',
        "$.columns: column 'border' and column 'sector' give the dimension region; one of them would not be used",
    ),
    "a constant that every table gives itself": (
        SOUTHWEST, 'constants = { region = "SW" }', 'constants = { region = "SW", title = "T8" }',
        "$.constants.title: every table gives title itself; leave it out",
    ),
    "a dimension that a column and a constant of the table give": (
        "foreign-assistance", 'combine = "sum"', 'combine = "sum"\nconstants = { recipient = "_T" }',
        "$.tables[0]: column 'Country Name' and constants give the dimension recipient; one of them would not be used",
    ),
    # notation
    "one sign for thousands and decimals": (
        NATION, 'format = "csv"', 'format = "csv"\nthousands = ","\ndecimal = ","',
        "$.thousands: ',' stands before decimals; a sign means one thing",
    ),
    "one sign for thousands of a source and decimals of a column": (
        NATION, FIGURE, FIGURE + 'thousands = "."\n',
        "$.columns[1].thousands: '.' stands before decimals; a sign means one thing",
    ),
    "a sign that separates no thousands": (
        NATION, 'format = "csv"', 'format = "csv"\nthousands = "_"',
        "$.thousands: '_' is none of ,, .,  , '",
    ),
    "a form that writes no period": (
        NATION, 'format = "csv"', 'format = "csv"\ndates = ["%d.%m."]',
        "$.dates[0]: '%d.%m.' writes no day, month, quarter, week or fiscal year; those have %d, %m and %Y, %m and %Y, %q and %Y, %G and %V, or %Y and %y, with %B for the name of a month and %y for two digits of a year",
    ),
    "a year of two digits of an unknown hundred": (
        NATION, 'format = "csv"', 'format = "csv"\ndates = ["%B %Y", "%d-%b-%y"]',
        "$.years_from: '%d-%b-%y' has a year of two digits; say with which year the hundred begin that it means",
    ),
    "a decimal comma of one column of a workbook": (
        WORKBOOK, 'role = "figure"\n', 'role = "figure"\ndecimal = ","\n',
        "$.columns[2].decimal: cells that hold numbers are written as the source says; say it there",
    ),
    "a total that the dataset publishes": (
        "usbp-sector-profile", 'concept = "office"\n', 'concept = "office"\ntotals = ["all"]\n',
        "$.columns: column 'sector' has totals, and usbp-accepted-prosecutions-sector publishes them; give them the code _T with labels",
    ),
    "a total of rows that are counted": (
        "ice-287g", 'concept = "state"\n', 'concept = "state"\ntotals = ["all"]\n',
        "$.tables[0]: column 'STATE' has totals, which cannot be held to other rows: rows are counted",
        "$.tables[1]: column 'STATE' has totals, which cannot be held to other rows: rows are counted",
    ),
    "a total that the dataset adds up itself, as a code": (
        DASHBOARD, 'labels = { Other = "O4" }\ntotals = ["all"]', 'labels = { Other = "O4", all = "_T" }',
        "$.columns: column 'Citizenship Grouping' makes 'all' the total of citizenship, and cbp-encounters-southwest adds up itself; name it with totals",
    ),
    "a dimension that follows from no others": (
        DASHBOARD, '"encounter_type"', '"encounter_type", "citizenship"',
        "$.columns: column 'Citizenship Grouping' and determined give the dimension citizenship; one of them would not be used",
        "$.determined: no gate of cbp-encounters-southwest with rule 'determined' says what citizenship follows from",
    ),
    "a dimension that follows from others and is given": (
        DASHBOARD, 'constants = { region = "SW" }', 'constants = { region = "SW", encounter_type = "APP" }',
        "$.determined: constants give encounter_type too; leave one of the two out",
    ),
    "a dimension without a name that follows from others": (
        DASHBOARD, '"encounter_type"', '"type"',
        "$.columns: nothing gives the dimension encounter_type of cbp-encounters-southwest; add a column or a constant",
        "$.determined: no dimension of sources/cbp-southwest-dashboard.toml 'type'; known are citizenship, component, demographic, encounter_type, region, title",
    ),
    "a label of a total and of a code": (
        DASHBOARD, 'labels = { Other = "O4" }', 'labels = { Other = "O4", All = "O4" }',
        "$.columns[6].totals: 'all' stands in labels too; a label means one thing",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ONE)
def test_each_contradiction_is_one_line(standard, what):
    source, old, new, *lines = ONE[what]
    assert found(standard, edited(source, old, new)) == lines


@pytest.mark.parametrize(
    "added",
    [
        f'{TABLE}combine = "sum"\n',
        f'{TABLE}values = ["total_apprehensions"]\nidentity = ["fiscal_year"]\n',
        f'{COUNTED}combine = "distinct"\nidentity = ["who"]\n{TABLE}',
        f'{COUNTED}combine = "rows"\nrepeats = "drop"\n{TABLE}',
        (
            '\n[[columns]]\nname = "cy"\nrole = "calendar_year"\noptional = true\n'
            '\n[[columns]]\nname = "month"\nrole = "month"\nwhole_year = "Total"\n'
        ),
        '\n[[columns]]\nname = "signed"\nrole = "not_before"\noptional = true\n',
        '\n[[columns]]\nname = "deaths"\nrole = "figure"\noptional = true\n',
    ],
)
def test_what_a_source_may_say(standard, added):
    assert found(standard, edited(NATION, "", added)) == []


def test_a_form_that_a_column_cannot_have(standard):
    signed = '\n[[columns]]\nname = "signed"\nrole = "not_before"\noptional = true\ndates = ["%B %Y", "%d %B %Y"]\n'
    assert found(standard, edited(NATION, "", signed)) == [
        "$.columns[2].dates[0]: '%B %Y' writes a month, which a column with role = \"not_before\" has not"
    ]


def test_a_parquet_file_has_numbers_and_no_decimal_comma(standard):
    text = edited("ice-facility-days", 'format = "parquet"', 'format = "parquet"\ndecimal = ","')
    assert found(standard, text) == ["$.decimal: the figures of a Parquet file are numbers; leave it out"]


def test_figures_of_which_only_some_have_a_code_of_a_dimension_that_has_no_total_of_its_own(standard):
    wide = edited(NATION, "", '\n[[columns]]\nname = "deaths"\nrole = "figure"\n')
    without = wide.replace('constants = { component = "USBP" }\n', "")
    one = without.replace('role = "figure"', 'role = "figure"\nkey = { component = "USBP" }', 1)
    lacking = "$.columns: nothing gives the dimension component of usbp-apprehensions-nation; add a column or a constant"
    assert found(standard, one) == [lacking]
    assert (
        found(
            standard,
            one.replace(
                '"deaths"\nrole = "figure"', '"deaths"\nrole = "figure"\nkey = { component = "OFO" }'
            ),
        )
        == []
    )


def test_a_source_of_which_every_table_is_ignored(standard):
    text = edited(WORKBOOK, 'kind = "block"', 'kind = "ignored_block"\nreason = "not wanted"')
    text = text.replace('across = ["Fiscal year"]\nfigures = "convictions"\n', "")
    assert "$.columns[0] (Violations): no table has this column; add it to one, or leave it out" in found(
        standard, text
    )


def test_the_file_and_the_path_of_a_field_that_a_role_has_not(copy):
    copy.replace("sources/cbp-southwest.toml", COUNT, f"{COUNT}fill = true\n")
    assert copy.findings == [
        (
            "sources/cbp-southwest.toml: $.columns[8]: no field 'fill' with role 'figure'; "
            "known are role, name, left_out, optional, key, missing, zero, rounded, with_share, thousands, decimal"
        )
    ]


def test_the_file_and_the_path_of_a_contradiction(copy):
    copy.replace("sources/cbp-southwest.toml", 'region = "SW"', 'region = "WEST"')
    assert copy.findings == [
        "sources/cbp-southwest.toml: $.constants.region: no code 'WEST' in codelists/region.csv"
    ]
