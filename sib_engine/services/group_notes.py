"""What is said of published counts that do not say their group, where prices or bonuses are for groups."""

from sib_engine.core.findings import Finding, warning
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract


def group_notes(contract: Contract, rows: OutcomeRows) -> list[Finding]:
    """Return the warnings on counts without a group: their amounts are guesses, or lower bounds.

    Where other rows of the metric have a group, one without is of people of no group.
    """
    is_bare = (rows.person == NONE) & (rows.measure == NONE) & (rows.group == NONE)
    counted: dict[str, int] = {}
    for place, code in enumerate(contract.metric_codes):
        own = rows.metric == place
        number = int(rows.count[own & is_bare].sum())
        if number and not (own & (rows.group != NONE)).any():
            counted[code] = number
    return [*_priced_as_of_no_group(contract, counted), *_without_bonus(contract, counted)]


def _priced_as_of_no_group(contract: Contract, counted: dict[str, int]) -> list[Finding]:
    found = []
    for code, number in counted.items():
        groups = sorted({group for each in contract.tariffs if each.metric == code for group in each.groups})
        if groups:
            what = (
                f"{number:,} of {code} do not say their group, and are priced as people of no group, although"
                f" {', '.join(groups)} have prices of their own: the amount is a guess"
            )
            found.append(warning("group-missing", what, "a line for each group, with its name in the group column"))
    return found


def _without_bonus(contract: Contract, counted: dict[str, int]) -> list[Finding]:
    found = []
    for bonus in contract.bonuses:
        number = sum(counted.get(code, 0) for code in bonus.metrics or contract.metric_codes)
        if bonus.groups and number:
            what = (
                f"{number:,} outcomes do not say their group, so none of them counts towards bonus {bonus.id!r} for"
                f" {', '.join(bonus.groups)}: the amount is a lower bound"
            )
            found.append(warning("group-missing", what, "a line for each group, with its name in the group column"))
    return found
