"""The tables of the benchmark as a statistician would write them for one table at a time, in DuckDB's SQL.

Each gives its dimensions (null where added up, `?` where there is no value), a period and a count.
"""

MONTH = "strftime(encounter_time, '%Y-%m')"
FISCAL_YEAR = "year(encounter_time + INTERVAL 3 MONTH)"

ADDITIVE = {
    "encounters-authority": [
        f"""
        SELECT title, encounter_type, component, {MONTH} AS period, count(*) AS n FROM encounter
        GROUP BY GROUPING SETS ((period), (title, period), (title, encounter_type, period),
                                (component, title, encounter_type, period))"""
    ],
    "encounters-citizenship": [
        f"""
        SELECT coalesce(citizenship, '?') AS citizenship, component, {MONTH} AS period, count(*) AS n
        FROM encounter
        GROUP BY GROUPING SETS ((period), (1, period), (component, 1, period))"""
    ],
    "encounters-demographic": [
        f"""
        SELECT component, coalesce(region, '?') AS r, coalesce(demographic, '?') AS d, {MONTH} AS period,
               count(*) AS n
        FROM encounter GROUP BY GROUPING SETS ((period), (d, period), (component, r, d, period))"""
    ],
    "encounters-office": [
        f"""
        SELECT component, coalesce(region, '?') AS r, coalesce(office, '?') AS o, {MONTH} AS period,
               count(*) AS n
        FROM encounter
        GROUP BY GROUPING SETS ((period), (component, period), (component, r, period),
                                (component, r, o, period))"""
    ],
    "encounters-year-office-citizenship": [
        f"""
        SELECT component, coalesce(office, '?') AS o, coalesce(citizenship, '?') AS c,
               {FISCAL_YEAR} AS period, count(*) AS n
        FROM encounter
        GROUP BY GROUPING SETS ((period), (component, o, period), (c, period), (component, o, c, period))"""
    ],
    "encounters-distance": [
        f"""
        SELECT component,
               CASE WHEN distance_miles IS NULL THEN '?' WHEN distance_miles <= 100 THEN 'a' ELSE 'b' END AS d,
               {FISCAL_YEAR} AS period, count(*) AS n
        FROM encounter GROUP BY GROUPING SETS ((d, period), (component, d, period))"""
    ],
    "encounters-time-since-entry": [
        f"""
        SELECT component, CASE WHEN entry_time IS NULL THEN '?'
               WHEN epoch(encounter_time) - epoch(entry_time) <= 14 * 86400 THEN 'a'
               WHEN epoch(encounter_time) - epoch(entry_time) <= 731 * 86400 THEN 'b' ELSE 'c' END AS d,
               {FISCAL_YEAR} AS period, count(*) AS n
        FROM encounter GROUP BY GROUPING SETS ((d, period), (component, d, period))"""
    ],
    "southwest-encounters": [
        f"""
        SELECT component, coalesce(demographic, '?') AS d,
               CASE WHEN citizenship IS NULL THEN '?' WHEN citizenship IN ('MEX', 'GTM', 'HND', 'SLV')
               THEN citizenship ELSE 'O4' END AS c, title, encounter_type, {MONTH} AS period, count(*) AS n
        FROM encounter WHERE region = 'SW' GROUP BY ALL"""
    ],
    "unaccompanied-children": [
        f"""
        SELECT component, coalesce(region, '?') AS r, coalesce(office, '?') AS o,
               coalesce(citizenship, '?') AS c, {MONTH} AS period, count(*) AS n
        FROM encounter WHERE demographic = 'UC'
        GROUP BY GROUPING SETS ((period), (component, r, period), (component, o, period), (c, period))"""
    ],
    "dispositions": [
        """
        SELECT event_outcome, strftime(outcome_time, '%Y-%m') AS period, count(*) AS n FROM outcome
        GROUP BY GROUPING SETS ((period), (event_outcome, period))"""
    ],
    "removals-and-returns": [
        """
        SELECT event_outcome, coalesce(repatriation_type, '?') AS r, strftime(outcome_time, '%Y-%m') AS period,
               count(*) AS n
        FROM outcome WHERE event_outcome IN ('REMOVAL', 'VOLUNTARY_RETURN', 'EXPULSION', 'MPP')
        GROUP BY GROUPING SETS ((period), (event_outcome, period), (event_outcome, r, period))"""
    ],
    "custody-over-72-hours": [
        """
        SELECT holding_agency, coalesce(demographic, '?') AS d,
               CASE WHEN book_out IS NULL THEN '?' WHEN epoch(book_out) - epoch(book_in) <= 72 * 3600 THEN 'a'
               ELSE 'b' END AS c, strftime(book_in, '%Y-%m') AS period, count(*) AS n
        FROM custody
        GROUP BY GROUPING SETS ((period), (c, period), (holding_agency, c, period),
                                (holding_agency, d, c, period))"""
    ],
}

PERSONS = {
    "persons-year": [
        f"SELECT {by}{FISCAL_YEAR} AS period, count(DISTINCT person_key) AS n FROM encounter GROUP BY ALL"
        for by in ("", "component, ", "coalesce(citizenship, '?') AS c, ")
    ],
    "persons-encountered-again": [
        f"""SELECT {by}period, count(*) FILTER (times >= 2) AS n FROM (
              SELECT {by}person_key, {FISCAL_YEAR} AS period, count(*) AS times FROM encounter
              WHERE component = 'USBP' AND person_key IS NOT NULL GROUP BY ALL)
            GROUP BY ALL HAVING n > 0"""
        for by in ("", "citizenship, ", "demographic, ")
    ],
    "encounters-of-persons-seen-before": [
        f"""WITH seen AS (
              SELECT coalesce(citizenship, '?') AS c, title, {MONTH} AS period, epoch(encounter_time)
                     - epoch(lag(encounter_time) OVER (PARTITION BY person_key ORDER BY encounter_time, event_key))
                     <= 365 * 86400 AS soon
              FROM encounter WHERE component = 'USBP' AND person_key IS NOT NULL)
            SELECT c, title, period, count(*) FILTER (soon) AS n FROM seen
            GROUP BY GROUPING SETS ((period), (c, period), (title, period)) HAVING n > 0"""
    ],
}
