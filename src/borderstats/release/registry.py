"""Which function a gate of the standard is checked by."""

from collections.abc import Callable, Mapping
from typing import Any

from borderstats.release import agreement, finality, newness, properties, revision_rules, rules
from borderstats.release.evidence import Evidence, Result
from borderstats.standard import rules as declared

RULES: Mapping[type[declared.Gate], Callable[[Evidence, str, Any], Result]] = {
    declared.Additive: rules.additive,
    declared.PartsWithinWhole: rules.parts_within_whole,
    declared.MonthsMakeYear: rules.months_make_year,
    declared.Determined: rules.determined,
    declared.OnlyWithin: rules.only_within,
    declared.OnlyWith: rules.only_with,
    declared.AgreesWith: agreement.agrees_with,
    declared.YearBetweenMonths: rules.year_between_months,
    declared.ClosedYears: revision_rules.closed_years,
    declared.RevisionsWithin: revision_rules.revisions_within,
    declared.Final: finality.final,
    declared.CheckValues: rules.check_values,
    declared.CodesValid: rules.codes_valid,
    declared.RevisionsRecorded: revision_rules.revisions_recorded,
    declared.Newness: newness.newness,
    declared.Properties: properties.properties,
}

OF_VINTAGES = (declared.ClosedYears, declared.RevisionsWithin, declared.Final, declared.Newness)
"""Gates that have nothing to compare until there is a second vintage."""

OF_HISTORIES = (*OF_VINTAGES, declared.RevisionsRecorded, declared.CheckValues, declared.Properties)
"""Gates whose rules look at a history as a whole; all others look at each moment by itself."""

OF_CELLS = (declared.Determined, declared.OnlyWithin, declared.OnlyWith, declared.CodesValid)
"""Gates whose rules look at each cell by itself: of an edition at those that it says anew or otherwise."""

OF_YEARS = (declared.MonthsMakeYear, declared.YearBetweenMonths)
"""Gates whose rules compare whole years."""
