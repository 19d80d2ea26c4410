"""The table of a metric that is achieved by earning a sum."""

from typing import Any, Final

from marshmallow import post_load

from sib_engine.terms.format.base import Table, between_keys
from sib_engine.terms.format.fields import MAX_WEEKS, Choice, Code, Count, Flag, Number
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import ITSELF, OneOf, Refusals, Values, is_given
from sib_engine.terms.metric import Earnings, Since, Wage, WageOn

HOURS_A_WEEK: Final = 168
_OF_WAGE: Final = ("hours", "weeks", "wage", "wage_on")
_ONE_THRESHOLD: Final = OneOf((("at_least",), _OF_WAGE))


class EarningsTable(Table):
    """``earnings = { at_least }``, or ``{ hours, weeks, wage, wage_on }``."""

    TOGETHER = (_ONE_THRESHOLD,)

    at_least = Number(load_default=None)
    hours = Number(most=HOURS_A_WEEK, load_default=None)
    weeks = Count(least=1, most=MAX_WEEKS, load_default=None)
    wage = Code(load_default=None)
    wage_on = Choice(WageOn, load_default=None)
    since = Choice(Since, load_default=Since.REFERRAL)
    competitive = Flag(load_default=True)
    self_employment = Flag(load_default=True)

    @between_keys
    def _one_threshold(self, data: Values) -> Refusals:
        given = [key for key in _OF_WAGE if is_given(data, key)]
        missing = [key for key in _OF_WAGE if key not in given]
        if _ONE_THRESHOLD.holds(data):
            what = "" if data["at_least"] or data["hours"] else "{key} asks for earnings of nothing"
        elif is_given(data, "at_least"):
            what = f"{{key}} has at_least and {' and '.join(given)}"
        else:
            what = f"{{key}} lacks {', '.join(missing)}" if given else "{key} has no threshold"
        if what:
            accepted = f"at_least above 0, or all of: {', '.join(_OF_WAGE)}"
            yield ITSELF, Problem("earnings-unclear", what, accepted)

    @post_load
    def _earnings(self, data: dict[str, Any], **_: object) -> Earnings:
        hours, weeks, index, on = (data.pop(key) for key in _OF_WAGE)
        return Earnings(wage=None if hours is None else Wage(hours, weeks, index, on), **data)
