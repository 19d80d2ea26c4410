"""An estimate as text: what is kept of it when a sample is closed, so that it need not be worked out again."""

import json
from fractions import Fraction
from typing import Any

from sib_engine.payments.sampling.estimate import Estimate, StratumEstimate
from sib_engine.payments.sampling.figures import CountEstimate, MoneyEstimate
from sib_engine.payments.sampling.strata import Cell


def estimate_text(found: Estimate) -> str:
    """Return an estimate as JSON with sorted keys and no spaces; :func:`estimate_from` undoes it exactly."""
    kept = {
        "design": found.design,
        "confidence": str(found.confidence),
        "strata": [_stratum(each) for each in found.strata],
        "total": _stratum(found.total),
        "unrepresented": list(found.unrepresented),
    }
    return json.dumps(kept, sort_keys=True, separators=(",", ":"))


def estimate_from(text: str) -> Estimate:
    """Return the estimate that :func:`estimate_text` wrote."""
    kept: dict[str, Any] = json.loads(text)
    return Estimate(
        design=kept["design"],
        confidence=Fraction(kept["confidence"]),
        strata=tuple(map(_stratum_from, kept["strata"])),
        total=_stratum_from(kept["total"]),
        unrepresented=tuple(kept["unrepresented"]),
    )


def _stratum(found: StratumEstimate) -> dict[str, Any]:
    return {
        "cell": [found.cell.metric, found.cell.site, found.cell.risk],
        "claims": found.n_claims,
        "value": found.value,
        "drawn": found.n_drawn,
        "found_wrong": found.n_wrong,
        "pending": found.n_pending,
        "wrong": None if found.wrong is None else [_text(found.wrong.point), found.wrong.least, found.wrong.most],
        "over": _money(found.over),
        "under": _money(found.under),
    }


def _stratum_from(kept: dict[str, Any]) -> StratumEstimate:
    return StratumEstimate(
        cell=Cell(*kept["cell"]),
        n_claims=kept["claims"],
        value=kept["value"],
        n_drawn=kept["drawn"],
        n_wrong=kept["found_wrong"],
        n_pending=kept["pending"],
        wrong=None if kept["wrong"] is None else _count_from(*kept["wrong"]),
        over=MoneyEstimate(*kept["over"]),
        under=MoneyEstimate(*kept["under"]),
    )


def _money(found: MoneyEstimate) -> list[int | None]:
    return [found.found, found.point, found.least, found.most]


def _text(point: Fraction | None) -> str | None:
    return None if point is None else str(point)


def _count_from(point: str | None, least: int, most: int) -> CountEstimate:
    return CountEstimate(None if point is None else Fraction(point), least, most)
