"""Verification samples: planned, designed, drawn, reviewed, closed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from sib_engine.api.known import KnownQuery, place_of
from sib_engine.api.operation import Gives, Takes, reading, writing
from sib_engine.api.problems import Code
from sib_engine.api.schemas.samples import (
    DesignSchema,
    DrawSchema,
    FrameQuery,
    FrameSchema,
    ReviewSchema,
    SampleListSchema,
    SampleSchema,
)
from sib_engine.api.serving import Ask
from sib_engine.services.access.roles import Action
from sib_engine.services.accounts.tokens import Scope
from sib_engine.services.samples.close import close_sample
from sib_engine.services.samples.design import record_design
from sib_engine.services.samples.draw import draw_sample
from sib_engine.services.samples.frame import plan_frame
from sib_engine.services.samples.review import record_reviews, review_of
from sib_engine.services.samples.show import list_samples, show_sample

blueprint = Blueprint("samples", __name__, description="Samples of what was paid, reviewed in full.")

_REFUSALS = (Code.NOT_FOUND, Code.REFUSED)


@blueprint.route("/contracts/<code>/samples")
class Samples(MethodView):
    """The samples of a contract."""

    @reading(
        blueprint,
        "listSamples",
        Gives(SampleListSchema),
        action=Action.SEE_AMOUNTS,
        takes=Takes(query=KnownQuery),
        problems=_REFUSALS,
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask, code: str) -> dict[str, Any]:
        """List the samples and how far each has come, without the claims drawn."""
        found = list_samples(ask.session, code, seq=place_of(ask, code, asked).seq, by=ask.by)
        return {"items": [each.as_dict() for each in found]}


@blueprint.route("/contracts/<code>/statements/<int:number>/sample-frame")
class SampleFrame(MethodView):
    """What a sample would stand for."""

    @reading(
        blueprint,
        "planSample",
        Gives(FrameSchema),
        action=Action.SAMPLE,
        takes=Takes(query=FrameQuery),
        problems=_REFUSALS,
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask, code: str, number: int) -> dict[str, Any]:
        """Say which claims a sample of a statement would stand for, by stratum, and how many would be drawn."""
        return plan_frame(ask.session, code, number, checks=asked["checks"], by=ask.by, at=ask.at).as_dict()


@blueprint.route("/contracts/<code>/statements/<int:number>/sample")
class Sample(MethodView):
    """The sample of a statement."""

    @reading(
        blueprint,
        "readSample",
        Gives(SampleSchema),
        action=Action.SEE_AMOUNTS,
        takes=Takes(query=KnownQuery),
        problems=_REFUSALS,
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask, code: str, number: int) -> dict[str, Any]:
        """Read a sample: its seed, the claims drawn, the verdicts and what they say of the rest."""
        seq = place_of(ask, code, asked).seq
        return show_sample(ask.session, code, number, seq=seq, by=ask.by).as_dict()

    @writing(
        blueprint,
        "designSample",
        Gives(SampleSchema, status=201),
        scope=Scope.DECIDE,
        action=Action.SAMPLE,
        takes=Takes(body=DesignSchema, example={"checks": 20}),
        problems=_REFUSALS,
    )
    def post(self, asked: Mapping[str, Any], *, ask: Ask, code: str, number: int) -> dict[str, Any]:
        """Record the design of a sample, once, before anything is drawn; nobody can choose what it will draw."""
        record_design(
            ask.session,
            code,
            number,
            checks=asked["checks"],
            seed_source=asked["seed_from"],
            seed_on=None if asked["seed_on"] is None else date.fromisoformat(asked["seed_on"]),
            by=ask.by,
            at=ask.at,
        )
        return show_sample(ask.session, code, number, by=ask.by).as_dict()


@blueprint.route("/contracts/<code>/statements/<int:number>/sample/draw")
class SampleDraw(MethodView):
    """The draw."""

    @writing(
        blueprint,
        "drawSample",
        Gives(SampleSchema, status=201),
        scope=Scope.DECIDE,
        action=Action.SAMPLE,
        takes=Takes(body=DrawSchema, example={"published": ""}),
        problems=_REFUSALS,
    )
    def post(self, asked: Mapping[str, Any], *, ask: Ask, code: str, number: int) -> dict[str, Any]:
        """Draw the claims that the recorded design takes: the same ones on any machine."""
        draw_sample(ask.session, code, number, published=asked["published"], by=ask.by, at=ask.at)
        return show_sample(ask.session, code, number, by=ask.by).as_dict()


@blueprint.route("/contracts/<code>/statements/<int:number>/sample/verdicts")
class Verdicts(MethodView):
    """What review found."""

    @writing(
        blueprint,
        "recordVerdict",
        Gives(SampleSchema, status=201),
        scope=Scope.DECIDE,
        action=Action.SAMPLE,
        takes=Takes(body=ReviewSchema, example={"claim": "P1/engagement", "found": "right"}),
        problems=_REFUSALS,
    )
    def post(self, asked: Mapping[str, Any], *, ask: Ask, code: str, number: int) -> dict[str, Any]:
        """Record what full review found of one claim drawn; a later verdict on it takes the place of this one."""
        verdict = review_of(
            ask.session,
            code,
            asked["claim"],
            asked["found"],
            asked["right_value"],
            code=asked["code"],
            note=asked["note"],
        )
        record_reviews(ask.session, code, number, verdict, by=ask.by, at=ask.at)
        return show_sample(ask.session, code, number, by=ask.by).as_dict()


@blueprint.route("/contracts/<code>/statements/<int:number>/sample/closing")
class Closing(MethodView):
    """The end of a sample."""

    @writing(
        blueprint,
        "closeSample",
        Gives(SampleSchema, status=201),
        scope=Scope.DECIDE,
        action=Action.SAMPLE,
        problems=_REFUSALS,
    )
    def post(self, *, ask: Ask, code: str, number: int) -> dict[str, Any]:
        """Keep what the sample says; wrong claims are rejected, and the next statement takes back by the rule."""
        close_sample(ask.session, code, number, by=ask.by, at=ask.at)
        return show_sample(ask.session, code, number, by=ask.by).as_dict()
