"""One mistake a file: each is named by its severity, its key and its rule, and nothing else is said."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from sib_engine.core.findings import Severity
from sib_engine.terms.load import load

FOLDER = Path(__file__).parents[1] / "bad" / "contracts"
ERROR, WARNING = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True)
class Bad:
    """A file of the folder and the one finding about it."""

    name: str
    severity: Severity
    key: str
    rule: str


EXPECTED = (
    Bad("amendment-outside-contract", WARNING, "amendment[a1].effective_from", "amendment-outside-contract"),
    Bad("amendment-reaches-back", WARNING, "amendment[a1].signed_on", "amendment-reaches-back"),
    Bad("anchor-after-start", WARNING, "contract.period.anchor", "anchor-after-start"),
    Bad("any-period-within-weeks", ERROR, "metric.job_start.employment", "hours-over-unclear"),
    Bad("band-across-caps", WARNING, "band[hours].metrics", "band-across-caps"),
    Bad("band-gap", WARNING, "band[hours]", "band-gap"),
    Bad("band-order", ERROR, "band[hours]", "band-order"),
    Bad("band-overlap", WARNING, "band[hours]", "band-overlap"),
    Bad("bonus-above-nothing", ERROR, "bonus[extra].above", "missing-key"),
    Bad("bonus-below-zero", ERROR, "bonus[extra].above", "not-a-count"),
    Bad("bonus-never-paid", ERROR, "bonus[extra].up_to", "bonus-never-paid"),
    Bad("bonus-of-unknown", ERROR, "bonus[extra].metrics", "unknown-metric"),
    Bad("bonus-on-payer", ERROR, "bonus[extra].on", "bonus-on-payer"),
    Bad("bonus-without-price", ERROR, "bonus[extra].price", "missing-key"),
    Bad("cap-of-zero", WARNING, "cap[none].limit", "cap-of-zero"),
    Bad("cap-without-limit", ERROR, "cap[most].limit", "cap-unclear"),
    Bad("capitals-in-id", ERROR, "cap[1].id", "not-a-code"),
    Bad("claims-close-early", ERROR, "contract.claims_close", "claims-close-too-early"),
    Bad("claims-close-far", WARNING, "contract.claims_close", "claims-close-far"),
    Bad("clause-without-id", ERROR, "tariff[1].id", "missing-key"),
    Bad("control-characters", ERROR, "contract.name", "not-text"),
    Bad("crossing-caps", WARNING, "cap[metric-caps].on", "crossing-caps"),
    Bad("date-in-quotes", ERROR, "contract.start", "not-a-date"),
    Bad("date-with-time", ERROR, "contract.end", "not-a-date"),
    Bad("deep-key", ERROR, "", "not-toml"),
    Bad("deeply-nested", ERROR, "", "not-toml"),
    Bad("duplicate-id", ERROR, "cap[t1]", "duplicate-id"),
    Bad("eligibility-not-there-to-drop", ERROR, "eligibility_terms[e1].drops", "nothing-to-drop"),
    Bad("eligibility-twice-on-a-day", ERROR, "eligibility_terms[e2]", "two-versions"),
    Bad("employer-change-at-a-job-start", WARNING, "metric.job_start.employment.employer_change", "no-effect"),
    Bad("empty", ERROR, "", "empty-file"),
    Bad("empty-window", ERROR, "metric.job_start.within", "empty-window"),
    Bad("end-before-start", ERROR, "contract.end", "ends-before-start"),
    Bad("extension-closes-before-end", ERROR, "amendment[a1].contract", "claims-close-too-early"),
    Bad("extension-ends-before-amendment", ERROR, "amendment[a1].contract.end", "ends-before-amendment"),
    Bad("extension-of-nothing", ERROR, "amendment[a1].contract", "changes-nothing"),
    Bad("extension-shortened", WARNING, "amendment[a1].contract.end", "term-shortened"),
    Bad("extension-to-the-same-day", WARNING, "amendment[a1].contract", "changes-nothing"),
    Bad("extension-too-late", ERROR, "amendment[a1].contract.end", "extended-too-late"),
    Bad("file-and-code", WARNING, "contract.code", "code-and-file-differ"),
    Bad("gap-at-a-job-start", WARNING, "metric.job_start.employment.gap_days", "no-effect"),
    Bad("gap-within-weeks", WARNING, "metric.job_start.employment.gap_days", "no-effect"),
    Bad("grant-of-half-a-month", ERROR, "grant[g1].months", "not-whole-months"),
    Bad("grant-outside-contract", WARNING, "grant[g1].months", "grant-outside-contract"),
    Bad("grant-without-share", ERROR, "grant[g1]", "grant-without-share"),
    Bad("grants-overlap", ERROR, "grant[g2].months", "grants-overlap"),
    Bad("hours-above-a-week", ERROR, "metric.job_start.employment.hours_from", "not-a-number"),
    Bad("hours-without-a-band", WARNING, "metric.job_start.employment.hours", "no-effect"),
    Bad("huge-price", ERROR, "tariff[t1].price", "not-a-number"),
    Bad("key-given-twice", ERROR, "", "not-toml"),
    Bad("limit-in-fractions-of-a-penny", ERROR, "cap[contract-cap].limit", "not-an-amount"),
    Bad("metric-without-tariff", ERROR, "metric.training", "metric-without-tariff"),
    Bad("minimum-by-person", ERROR, "minimum[least].on", "not-counted-over"),
    Bad("minimum-number-of-others", ERROR, "minimum[least].of", "of-without-share"),
    Bad("minimum-of-both", ERROR, "minimum[least].at_least_share", "minimum-unclear"),
    Bad("minimum-of-itself", WARNING, "minimum[least].at_least_share", "idle-minimum"),
    Bad("minimum-of-nothing", ERROR, "minimum[least].at_least", "minimum-unclear"),
    Bad("minimum-of-unknown", ERROR, "minimum[least].metrics", "unknown-metric"),
    Bad("minimum-of-zero", ERROR, "minimum[least].at_least", "not-a-count"),
    Bad("minimum-pays-all", WARNING, "minimum[least].pays_below", "idle-minimum"),
    Bad("minimum-share-of-nothing", ERROR, "minimum[least].of", "minimum-unclear"),
    Bad("missing-source", ERROR, "tariff[t1].source", "missing-key"),
    Bad("negative-price", ERROR, "tariff[t1].price", "not-a-number"),
    Bad("no-such-day", ERROR, "", "not-toml"),
    Bad("not-utf-8", ERROR, "", "not-utf-8"),
    Bad("number-for-text", ERROR, "contract.name", "not-text"),
    Bad("of-beside-limit", ERROR, "cap[most].of", "of-without-share"),
    Bad("only-spaces", ERROR, "", "empty-file"),
    Bad("overflow-cycle", ERROR, "cap[council-cap].overflow", "overflow-cycle"),
    Bad("overflow-of-no-period", ERROR, "cap[fund-cap].overflow", "overflow-of-no-period"),
    Bad("overflow-to-itself", ERROR, "cap[fund-cap].overflow", "overflow-to-itself"),
    Bad("overflow-to-unknown", ERROR, "cap[fund-cap].overflow", "unknown-payer"),
    Bad("payer-cap-without-payer", ERROR, "cap[fund-cap].payer", "payer-cap-unclear"),
    Bad("payer-without-share", WARNING, "party[fund].role", "payer-without-share"),
    Bad("personal-data", WARNING, "party[charity].organisation", "personal-data"),
    Bad("plan-month-without-quotes", ERROR, "plan[plan1].in_force.from", "not-a-month"),
    Bad("plan-without-amounts", ERROR, "plan[plan1].amounts", "list-too-short"),
    Bad("plans-overlap", WARNING, "plan[plan2].in_force", "plans-overlap"),
    Bad("prerequisite-cycle", ERROR, "metric.engagement.requires", "prerequisite-cycle"),
    Bad("price-exponent", ERROR, "tariff[t1].price", "not-a-number"),
    Bad("price-gap", ERROR, "metric.job_start", "price-gap"),
    Bad("price-gap-at-a-site", ERROR, "metric.job_start", "price-gap"),
    Bad("price-in-words", ERROR, "tariff[t1].price", "not-a-number"),
    Bad("price-nan", ERROR, "tariff[t1].price", "not-a-number"),
    Bad("priced-without-price", ERROR, "tariff[t1].price", "missing-price"),
    Bad("replaced-by-nothing", WARNING, "amendment[a1].replaces", "replaced-by-nothing"),
    Bad("replaced-in-part", WARNING, "amendment[a1].replaces", "replaced-in-part"),
    Bad("replaces-a-party", ERROR, "amendment[a1].replaces", "cannot-be-replaced"),
    Bad("requires-itself", ERROR, "metric.engagement.requires", "requires-itself"),
    Bad("requires-listed-twice", ERROR, "metric.job_start.requires", "listed-twice"),
    Bad("reserved-id", ERROR, "party[unfunded]", "reserved-id"),
    Bad("share-cap-as-number", ERROR, "cap[most].share", "not-a-share"),
    Bad("share-cap-beside-limit", ERROR, "cap[most].share", "cap-unclear"),
    Bad("share-cap-by-person", ERROR, "cap[most].on", "not-counted-over"),
    Bad("share-cap-of-a-payer", ERROR, "cap[most].payer", "cap-unclear"),
    Bad("share-cap-of-all", WARNING, "cap[most].share", "unreachable-cap"),
    Bad("share-cap-of-none", WARNING, "cap[most].share", "cap-of-zero"),
    Bad("share-cap-of-unknown", ERROR, "cap[most].of", "unknown-metric"),
    Bad("share-cap-over-two-prices", WARNING, "cap[most].share", "paid-outcomes-differ"),
    Bad("share-caps-cross", WARNING, "cap[most].on", "crossing-caps"),
    Bad("share-cycle", ERROR, "share[split].payers", "share-cycle-too-long"),
    Bad("share-gap", ERROR, "share", "share-gap"),
    Bad("share-of-20-decimals", ERROR, "share[split].payers.fund", "not-a-share"),
    Bad("share-of-a-provider", ERROR, "share[split].payers.charity", "not-a-payer"),
    Bad("shares-of-99-percent", ERROR, "share[split].payers", "shares-not-whole"),
    Bad("single-brackets", ERROR, "grant", "not-a-list"),
    Bad("starts-before-amendment", ERROR, "tariff[t3].from", "starts-before-amendment"),
    Bad("syntax-error", ERROR, "", "not-toml"),
    Bad("target-above-cap", WARNING, "cap[contract-cap].limit", "target-above-cap"),
    Bad("target-at-unknown-site", ERROR, "target[high].site", "unknown-site"),
    Bad("tariff-after-the-end", WARNING, "tariff[t3].from", "never-in-force"),
    Bad("tariff-before-the-start", WARNING, "tariff[t2].from", "dated-before-start"),
    Bad("terms-after-the-end", WARNING, "metric_terms[m1].from", "never-in-force"),
    Bad("terms-as-they-were", WARNING, "metric_terms[m1]", "changes-nothing"),
    Bad("terms-before-amendment", ERROR, "metric_terms[m1].from", "starts-before-amendment"),
    Bad("terms-before-the-start", WARNING, "metric_terms[m1].from", "dated-before-start"),
    Bad("terms-given-and-dropped", ERROR, "metric_terms[m1].drops", "given-and-dropped"),
    Bad("terms-in-a-circle", ERROR, "metric_terms[m1].requires", "prerequisite-cycle"),
    Bad("terms-not-there-to-drop", ERROR, "metric_terms[m1].drops", "nothing-to-drop"),
    Bad("terms-of-another-kind", ERROR, "metric_terms[m1].employment", "other-kind-of-rule"),
    Bad("terms-of-no-change", ERROR, "metric_terms[m1]", "changes-nothing"),
    Bad("terms-of-unknown-metric", ERROR, "metric_terms[m1].metric", "unknown-metric"),
    Bad("terms-replaced", ERROR, "amendment[a1].replaces", "cannot-be-replaced"),
    Bad("terms-that-cannot-be-dropped", ERROR, "metric_terms[m1].drops", "cannot-be-dropped"),
    Bad("terms-too-long-for-window", ERROR, "metric_terms[m1].employment", "window-too-short"),
    Bad("terms-twice-on-a-day", ERROR, "metric_terms[m2]", "two-versions"),
    Bad("terms-window-not-required", WARNING, "metric_terms[m1].within.after", "window-not-required"),
    Bad("terms-with-a-length", ERROR, "metric_terms[m1].employment", "other-kind-of-rule"),
    Bad("tier-alone", ERROR, "tariff[t2].tiers", "list-too-short"),
    Bad("tier-from-zero", ERROR, "tariff[t2].tiers[1].up_to", "not-a-count"),
    Bad("tier-without-price", ERROR, "tariff[t2].tiers[1].price", "missing-key"),
    Bad("tiers-backwards", ERROR, "tariff[t2].tiers", "tiers-out-of-order"),
    Bad("tiers-beside-price", ERROR, "tariff[t2].price", "price-beside-tiers"),
    Bad("tiers-open-in-the-middle", ERROR, "tariff[t2].tiers", "tiers-out-of-order"),
    Bad("tiers-over-person", ERROR, "tariff[t2].count_over", "not-a-choice"),
    Bad("tiers-overlap", ERROR, "tariff[t2].tiers", "tiers-out-of-order"),
    Bad("tiers-unpriced", ERROR, "tariff[t2].tiers", "price-on-unpriced"),
    Bad("tiers-with-an-end", ERROR, "tariff[t2].tiers", "tiers-out-of-order"),
    Bad("tiers-without-count-over", ERROR, "tariff[t2].count_over", "tiers-unclear"),
    Bad("tiers-without-volume", ERROR, "tariff[t2].volume", "tiers-unclear"),
    Bad("two-lengths", ERROR, "metric.job_start.employment", "two-lengths"),
    Bad("two-metrics-one-indigo", ERROR, "metric.job_start.indigo", "two-metrics-one-indigo"),
    Bad("two-payer-caps", WARNING, "cap[fund-cap-2]", "two-payer-caps"),
    Bad("two-shares", ERROR, "share[other]", "two-shares"),
    Bad("two-targets", WARNING, "target[high-again]", "two-targets"),
    Bad("two-tariffs", ERROR, "tariff[t3]", "two-tariffs"),
    Bad("two-tests", ERROR, "metric.job_start", "two-tests"),
    Bad("unknown-amendment", ERROR, "cap[contract-cap].amendment", "unknown-amendment"),
    Bad("unknown-assumed-term", ERROR, "metric.job_start.assumed", "unknown-assumed-term"),
    Bad("unknown-clause", ERROR, "amendment[a1].replaces", "unknown-clause"),
    Bad("unknown-currency", ERROR, "contract.currency", "unknown-currency"),
    Bad("unknown-investor", ERROR, "commitment[investment].party", "unknown-party"),
    Bad("unknown-key", ERROR, "tariff[t1].colour", "unknown-key"),
    Bad("unknown-metric", ERROR, "tariff[t2].metric", "unknown-metric"),
    Bad("unknown-payer", ERROR, "share[split].payers.found", "unknown-payer"),
    Bad("unknown-period", ERROR, "target[high].period", "unknown-period"),
    Bad("unknown-site", ERROR, "tariff[t2].sites", "unknown-site"),
    Bad("unknown-status", ERROR, "tariff[t1].status", "not-a-choice"),
    Bad("unknown-table", ERROR, "tarif", "unknown-key"),
    Bad("unknown-timezone", ERROR, "contract.timezone", "unknown-timezone"),
    Bad("unpriced-cap", ERROR, "cap[contract-cap].status", "unpriced-elsewhere"),
    Bad("unpriced-with-price", ERROR, "tariff[t1].price", "price-on-unpriced"),
    Bad("unreachable-contract-cap", WARNING, "cap[contract-cap].limit", "unreachable-cap"),
    Bad("unreachable-metric-cap", WARNING, "cap[engagements].limit", "unreachable-cap"),
    Bad("unreachable-person-cap", WARNING, "cap[person-cap].limit", "unreachable-cap"),
    Bad("utf-16", ERROR, "", "not-utf-8"),
    Bad("volume-without-tiers", ERROR, "tariff[t2].volume", "tiers-unclear"),
    Bad("window-after-unknown", ERROR, "metric.job_start.within.after", "unknown-metric"),
    Bad("window-never-opens", ERROR, "metric.job_start.within.not_before", "window-never-opens"),
    Bad("window-not-before-nothing", ERROR, "metric.job_start.within.not_before", "empty-window"),
    Bad("window-not-required", WARNING, "metric.job_start.within.after", "window-not-required"),
    Bad("work-status-without-referral", ERROR, "eligibility.referral", "referral-not-required"),
    Bad("year-9999", ERROR, "contract.claims_close", "not-a-date"),
    Bad("earnings-every-time", ERROR, "metric.job_start.counts", "earnings-every-time"),
    Bad("earnings-of-nothing", ERROR, "metric.job_start.earnings", "earnings-unclear"),
    Bad("earnings-two-thresholds", ERROR, "metric.job_start.earnings", "earnings-unclear"),
    Bad("earnings-unknown-wage", ERROR, "metric.job_start.earnings.wage", "unknown-index"),
    Bad("earnings-wage-too-late", ERROR, "metric.job_start.earnings.wage", "index-starts-too-late"),
    Bad("earnings-without-weeks", ERROR, "metric.job_start.earnings", "earnings-unclear"),
    Bad("index-base-after-start", ERROR, "tariff[t2].index_base", "index-base-after-start"),
    Bad("index-out-of-order", ERROR, "index[cpi].values", "index-out-of-order"),
    Bad("index-starts-too-late", ERROR, "tariff[t2].index_base", "index-starts-too-late"),
    Bad("index-terms-without-index", ERROR, "tariff[t2].index_every", "index-unclear"),
    Bad("index-unknown", ERROR, "tariff[t2].index", "unknown-index"),
    Bad("index-unused", WARNING, "index[cpi]", "index-unused"),
    Bad("index-value-of-zero", ERROR, "index[cpi].values[2].value", "index-value-zero"),
    Bad("index-without-price", ERROR, "tariff[t2].index", "index-unclear"),
    Bad("indexed-price-too-large", ERROR, "tariff[t2].price", "indexed-price-too-large"),
    Bad("quick-after-a-metric", ERROR, "tariff[t3].quick.after", "not-a-choice"),
    Bad("quick-alone", ERROR, "metric.job_start", "price-gap"),
    Bad("quick-before-narrower", WARNING, "tariff[t3].quick", "quick-before-narrower"),
    Bad("quick-in-months-and-days", ERROR, "tariff[t4].quick", "quick-units-differ"),
    Bad("quick-twice", ERROR, "tariff[t4]", "two-tariffs"),
    Bad("quick-without-length", ERROR, "tariff[t3].quick", "quick-unclear"),
)


@pytest.mark.parametrize("bad", EXPECTED, ids=lambda bad: bad.name)
def test_a_mistake_is_named_by_file_key_and_rule(bad: Bad) -> None:
    path = FOLDER / f"{bad.name}.toml"
    loaded = load(path)

    found = [(finding.severity, finding.at.file, finding.at.key, finding.rule) for finding in loaded.findings]
    assert found == [(bad.severity, str(path), bad.key, bad.rule)]
    assert (loaded.contract is None) == (bad.severity is ERROR)


@pytest.mark.parametrize("bad", EXPECTED, ids=lambda bad: bad.name)
def test_every_finding_says_what_would_be_accepted(bad: Bad) -> None:
    (finding,) = load(FOLDER / f"{bad.name}.toml").findings

    assert finding.what
    assert finding.accepted
    assert str(finding).isprintable()


def test_every_bad_file_has_its_line_in_the_table() -> None:
    assert sorted(bad.name for bad in EXPECTED) == sorted(path.stem for path in FOLDER.glob("*.toml"))
