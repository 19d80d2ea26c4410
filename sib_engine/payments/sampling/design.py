"""The design of a sample: all that decides what is drawn, recorded before anything is."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from sib_engine.core.errors import RefusedError
from sib_engine.payments.sampling.frame import Frame
from sib_engine.payments.sampling.strata import Cell, given_sizes, strata_of
from sib_engine.terms.verification import Recover, SampleMethod, StratifiedBy

DESIGN_FORMAT: Final = "sib-sample-1"
"""Names the form of the record and the generator of :mod:`sib_engine.payments.sampling.draw`; neither ever changes
under this name."""

LEAST_SEED: Final = 16
MAX_SEED: Final = 500
_CONFIDENCE: Final = re.compile(r"[1-9][0-9]{0,11}/[1-9][0-9]{0,11}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StratumDesign:
    """One stratum: how many claims it holds, what they are worth in minor units, how many are drawn."""

    cell: Cell
    n_claims: int
    value: int
    size: int


@dataclass(frozen=True, slots=True)
class SampleDesign:
    """What decides the draw, and what will be done with its result.

    ``terms`` is the digest of the contract, ``frame`` that of the claims. ``confidence`` is that of each bound by
    itself.
    """

    terms: str
    frame: str
    seed: str
    method: SampleMethod
    strata_by: tuple[StratifiedBy, ...]
    strata: tuple[StratumDesign, ...]
    confidence: Fraction
    recover: Recover

    @property
    def canonical(self) -> str:
        """The record: JSON with sorted keys, no spaces and nothing but ASCII."""
        return json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """The format and the SHA-256 of the record."""
        return f"{DESIGN_FORMAT}:{hashlib.sha256(self.canonical.encode()).hexdigest()}"

    def as_dict(self) -> dict[str, object]:
        """Return the record as plain values."""
        return {
            "format": DESIGN_FORMAT,
            "terms": self.terms,
            "frame": self.frame,
            "seed": self.seed,
            "method": self.method.value,
            "strata_by": [each.value for each in self.strata_by],
            "strata": [
                {
                    "metric": each.cell.metric,
                    "site": each.cell.site,
                    "risk": each.cell.risk,
                    "claims": each.n_claims,
                    "value": each.value,
                    "size": each.size,
                }
                for each in self.strata
            ],
            "confidence": f"{self.confidence.numerator}/{self.confidence.denominator}",
            "recover": self.recover.value,
        }


def design_of(
    frame: Frame,
    sizes: Mapping[Cell, int],
    *,
    seed: str,
    terms: str,
    method: SampleMethod,
    strata_by: Collection[StratifiedBy],
    confidence: Fraction,
    recover: Recover,
) -> SampleDesign:
    """Return the design of a sample of the claims of ``frame``.

    Args:
        frame: The claims that the sample stands for.
        sizes: Claims to draw from each stratum; more than it holds takes all of it, none leaves it unrepresented.
        seed: Text that nobody could choose with the outcome in mind: at least 16 characters.
        terms: Digest of the contract.
        method: How claims are drawn within a stratum.
        strata_by: What claims are told apart by.
        confidence: Of each bound by itself, above one half and below 1.
        recover: What the contract lets be taken back.

    Raises:
        RefusedError: If nothing would be drawn, a size is for no stratum of the frame, or seed or confidence are
            not accepted.
    """
    _refuse_seed(seed)
    _refuse_confidence(confidence)
    order = tuple(each for each in StratifiedBy if each in strata_by)
    strata = strata_of(frame, order)
    drawn = given_sizes({cell: len(claims) for cell, claims in strata.items()}, sizes)
    if not any(drawn.values()):
        message = "no stratum has a size above 0, so nothing would be drawn; accepted: a size for at least one stratum"
        raise RefusedError(message)
    return SampleDesign(
        terms=terms,
        frame=frame.digest,
        seed=seed,
        method=method,
        strata_by=order,
        strata=tuple(
            StratumDesign(cell, len(claims), sum(each.value for each in claims), drawn[cell])
            for cell, claims in strata.items()
        ),
        confidence=confidence,
        recover=recover,
    )


def design_from(text: str) -> SampleDesign:
    """Return the design in a record, as :attr:`SampleDesign.canonical` wrote it.

    Raises:
        RefusedError: If the text is not such a record, to the letter: any other text has another digest.
    """
    try:
        design = _read(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as bad:
        message = (
            f"this is no recorded design of a sample ({type(bad).__name__}: {bad}); accepted: the record as it was made"
        )
        raise RefusedError(message) from None
    if design.canonical != text:
        message = "the record of the design was changed or written anew; accepted: the record as it was made"
        raise RefusedError(message)
    return design


def _read(found: dict[str, Any]) -> SampleDesign:
    if found["format"] != DESIGN_FORMAT:
        message = f"its format is {found['format']!r}, not {DESIGN_FORMAT!r}"
        raise ValueError(message)
    if _CONFIDENCE.fullmatch(found["confidence"]) is None:
        message = f"its confidence is {found['confidence']!r}"
        raise ValueError(message)
    confidence = Fraction(found["confidence"])
    _refuse_seed(_text(found["seed"]))
    _refuse_confidence(confidence)
    return SampleDesign(
        terms=_text(found["terms"]),
        frame=_text(found["frame"]),
        seed=found["seed"],
        method=SampleMethod(found["method"]),
        strata_by=tuple(StratifiedBy(each) for each in found["strata_by"]),
        strata=tuple(_stratum(each) for each in found["strata"]),
        confidence=confidence,
        recover=Recover(found["recover"]),
    )


def _stratum(found: dict[str, Any]) -> StratumDesign:
    cell = Cell(_text(found["metric"]), _text(found["site"]), _text(found["risk"]))
    n_claims, value, size = (_whole(found[key]) for key in ("claims", "value", "size"))
    if not 0 <= size <= n_claims:
        message = f"stratum {cell.name!r} draws {size} of {n_claims}"
        raise ValueError(message)
    return StratumDesign(cell, n_claims, value, size)


def _text(value: object) -> str:
    if not isinstance(value, str):
        message = f"{value!r} is no text"
        raise TypeError(message)
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        message = f"{value!r} is no count"
        raise TypeError(message)
    return value


def _refuse_seed(seed: str) -> None:
    if not LEAST_SEED <= len(seed) <= MAX_SEED:
        message = (
            f"the seed has {len(seed)} characters; accepted: {LEAST_SEED} to {MAX_SEED} that nobody could choose with"
            " the outcome in mind, such as a number drawn in public and a word from each side"
        )
        raise RefusedError(message)


def _refuse_confidence(confidence: Fraction) -> None:
    if not Fraction(1, 2) < confidence < 1:
        message = f"the confidence is {confidence}; accepted: above 1/2 and below 1, such as 19/20"
        raise RefusedError(message)
