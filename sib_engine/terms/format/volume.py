"""Tables for volumes: how many outcomes of a metric count at most."""

from typing import Any, Final

from marshmallow import post_load

from sib_engine.terms.format.base import AmendableClause, between_keys, provenance_from
from sib_engine.terms.format.fields import Choice, Code, Count, ListOf
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import Refusals, Values
from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.volume import VOLUME_DIMENSIONS, VolumeMaximum

_NOT_COUNTED_OVER: Final = tuple(one for one in Dimension if one not in VOLUME_DIMENSIONS)


class VolumeTable(AmendableClause):
    """``[[volume]]``."""

    metric = Code(required=True)
    on = ListOf(Choice(Dimension, refused=_NOT_COUNTED_OVER), least=1, required=True)
    maximum = Count(least=1, required=True)

    @between_keys
    def _counted_over(self, data: Values) -> Refusals:
        others = [one.value for one in data.get("on", ()) if one in _NOT_COUNTED_OVER]
        if others:
            accepted = "any of: " + ", ".join(VOLUME_DIMENSIONS) + "; at_most of the metric, for each person"
            yield "on", Problem("volume-over", f"{{key}} names {', '.join(others)}", accepted)

    @post_load
    def _volume(self, data: dict[str, Any], **_: object) -> VolumeMaximum:
        data["on"] = frozenset(data["on"])
        return VolumeMaximum(provenance=provenance_from(data), **data)
