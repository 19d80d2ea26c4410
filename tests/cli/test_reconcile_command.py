import re

import pytest

from tests.cli.command import Sib, program_speak

SITES = ("haringey-barnet", "enfield", "shropshire", "tower-hamlets-mh", "tower-hamlets-ld", "west-london")
ANOMALIES = {
    "haringey-barnet": 7, "enfield": 2, "shropshire": 2, "tower-hamlets-mh": 4, "tower-hamlets-ld": 3, "west-london": 3,
}  # fmt: skip
"""How many disagreements the published figures of each contract hold; each is named in the tests of the services."""


def test_json_gives_one_entry_for_each_contract_in_the_order_asked_for(sib: Sib) -> None:
    ran = sib("reconcile", *(f"mhep/{site}" for site in SITES), "--json")

    assert ran.code == 0
    assert [each["contract"] for each in ran.json] == [f"mhep-{site}" for site in SITES]
    assert {site: len(each["anomalies"]) for site, each in zip(SITES, ran.json, strict=True)} == ANOMALIES
    for each in ran.json:
        assert set(each) == {"contract", "currency", "anomalies", "notes", "tables", "findings"}
        for anomaly in (*each["anomalies"], *each["notes"]):
            assert set(anomaly) == {"code", "kind", "subject", "what", "amount", "currency", "figures"}
            assert anomaly["amount"] is None or re.fullmatch(r"-?[0-9]+\.[0-9]{2}", anomaly["amount"])


def test_a_record_in_which_everything_agrees_is_silent(sib: Sib) -> None:
    (found,) = sib("reconcile", "fair-chance-fund/ambition", "--json").json

    assert (found["anomalies"], found["notes"]) == ([], [])
    assert "no anomaly found" in sib("reconcile", "fair-chance-fund/ambition").out


def test_of_reboot_west_only_the_ten_lines_that_differ_are_named(sib: Sib) -> None:
    (found,) = sib("reconcile", "care-leavers/reboot-west", "--json").json

    times = [anomaly["figures"]["times"] for anomaly in found["anomalies"]]
    assert {anomaly["code"] for anomaly in found["anomalies"]} == {"line-paid-a-whole-multiple"}
    # GO Lab INDIGO, December 2025: paid by metric, divided by its price.
    assert times == [527, 453, 482, 466, 202, 145, 121, 106, 43, 11]


@pytest.mark.parametrize("site", SITES)
def test_what_a_person_reads_names_every_anomaly_and_shows_the_figures(sib: Sib, site: str) -> None:
    ran = sib("reconcile", f"mhep/{site}")
    (found,) = sib("reconcile", f"mhep/{site}", "--json").json

    assert ran.code == 0
    for anomaly in found["anomalies"]:
        assert f"  ! {anomaly['what']} [{anomaly['code']}]" in ran.out
    assert "Plans and actual payments, GBP" in ran.out
    assert f"paid in all: {float(found['tables']['paid']):,.0f}" in ran.out
    assert program_speak(ran.out) == []


def test_tables_can_be_left_out(sib: Sib) -> None:
    out = sib("reconcile", "mhep/enfield", "--no-tables").out

    assert "Plans and actual payments" not in out
    assert "payer-paid-is-its-maximum" in out


def test_a_contract_without_a_published_record_is_refused(sib: Sib) -> None:
    ran = sib("reconcile", "mhep/staffordshire")

    assert (ran.code, ran.out) == (1, "")
    assert "no published record stands beside staffordshire.toml" in ran.err
