from pathlib import Path

import pytest

from tests.cli.command import AMBITION, ENFIELD, REBOOT_WEST, TWO_PAYERS, WEST_LONDON, Sib, counts_file, program_speak

KEYS = {"contract", "currency", "earned", "payable", "assumed", "lines", "payers", "caps"}
"""The keys that other programs rely on; there may be more."""

MARK = "Prices marked * are ASSUMED"


def test_json_has_the_agreed_keys_and_types(sib: Sib) -> None:
    found = sib("price", "mhep/enfield", ENFIELD, "--json").json

    assert set(found) >= KEYS
    assert (found["contract"], found["currency"], found["assumed"]) == ("mhep-enfield", "GBP", True)
    assert found["lines"][0] == {"metric": "engagement", "count": 254, "earned": "144307.56", "payable": "144307.56"}
    assert found["payers"] == [
        {"payer": "enfield-council", "amount": "179917.73"},
        {"payer": "dcms", "amount": "130285.25"},
    ]
    (cap,) = found["caps"]
    assert {key: cap[key] for key in ("cap", "limit", "taken")} == {
        "cap": "contract-maximum",
        "limit": "620689.00",
        "taken": "0.00",
    }


def test_reboot_west_earns_1_617_330_and_nothing_of_it_is_assumed(sib: Sib) -> None:
    found = sib("price", "care-leavers/reboot-west", REBOOT_WEST, "--json").json

    assert (found["earned"], found["payable"], found["assumed"]) == ("1617330.00", "1617330.00", False)
    assert found["payers"] == [{"payer": "dfe", "amount": "1617330.00"}]
    assert len(found["lines"]) == 23


def test_ambition_is_cut_by_its_contract_cap(sib: Sib) -> None:
    found = sib("price", "fair-chance-fund/ambition", AMBITION, "--json").json

    assert (found["earned"], found["payable"], found["assumed"]) == ("3155150.00", "2944525.00", False)
    assert [(cap["cap"], cap["limit"], cap["taken"]) for cap in found["caps"]] == [
        ("contract-total", "2944525.00", "210625.00")
    ]


def test_haringey_and_barnet_beyond_its_caps(sib: Sib, tmp_path: Path) -> None:
    found = sib(
        "price", "mhep/haringey-barnet", counts_file(tmp_path, "metric,count", "engagement,3000"), "--json"
    ).json

    assert found["payers"] == [{"payer": "local", "amount": "842230.00"}, {"payer": "dcms", "amount": "596918.00"}]


def test_a_contract_without_prices_prints_counts_and_nulls(sib: Sib) -> None:
    ran = sib("price", "mhep/west-london", WEST_LONDON, "--json")

    assert ran.code == 0
    assert (ran.json["earned"], ran.json["payable"]) == (None, None)
    assert ran.json["payers"] == []
    assert [(line["count"], line["earned"]) for line in ran.json["lines"]] == [
        (1054, None), (276, None), (130, None), (536, None), (4, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("contract", "counts"),
    [
        ("mhep/enfield", ENFIELD),
        ("mhep/west-london", WEST_LONDON),
        ("care-leavers/reboot-west", REBOOT_WEST),
        ("fair-chance-fund/ambition", AMBITION),
    ],
)
def test_what_a_person_reads_holds_every_amount_and_no_program_speak(sib: Sib, contract: str, counts: Path) -> None:
    ran = sib("price", contract, counts)
    found = sib("price", contract, counts, "--json").json

    assert ran.code == 0
    assert ran.err == ""
    for line in found["lines"]:
        assert f"{line['count']:,}" in ran.out
        assert ("no price" if line["earned"] is None else f"£{float(line['earned']):,.2f}") in ran.out
    assert program_speak(ran.out) == []


def test_assumed_prices_carry_a_banner_and_a_mark_on_each_row(sib: Sib) -> None:
    out = sib("price", "mhep/enfield", ENFIELD).out

    assert out.count(MARK) == 1
    for name in (
        "Engagement *",
        "Job start *",
        "13 weeks in work, under 16 hours *",
        "13 weeks in work, 16 hours or more *",
    ):
        assert out.count(name) == 1


def test_published_prices_carry_neither(sib: Sib) -> None:
    out = sib("price", "care-leavers/reboot-west", REBOOT_WEST).out

    assert MARK not in out
    assert " * " not in out


def test_a_cap_says_what_becomes_of_what_it_cuts(sib: Sib, tmp_path: Path) -> None:
    out = sib("price", "mhep/haringey-barnet", counts_file(tmp_path, "metric,count", "engagement,3000")).out

    lines = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert lines["contract-maximum"].split()[-2:] == ["is", "lost"]
    assert lines["lcf-maximum"].split()[-3:] == ["falls", "to", "local"]


def test_counts_under_a_cap_per_person_are_called_an_upper_bound(sib: Sib, tmp_path: Path) -> None:
    counts = counts_file(tmp_path, "metric,count", "qualification_level_3,2")

    ran = sib("price", "dwp-innovation-fund/advance", counts)

    assert ran.code == 0
    assert "the amount is an upper bound" in ran.out


def test_what_is_not_counted_is_listed_with_its_reason(sib: Sib, tmp_path: Path) -> None:
    counts = counts_file(tmp_path, "metric,count,achieved_on", "engagement,4,2020-05-04", "engagement,1,2021-05-04")

    assert "R26 grant-month" in sib("price", "mhep/enfield", counts).out
    assert sib("price", "mhep/enfield", counts, "--json").json["not_counted"] == [
        {"reason": "R26 grant-month", "count": 4}
    ]


def test_text_of_a_file_is_never_read_as_markup(sib: Sib, tmp_path: Path) -> None:
    text = TWO_PAYERS.read_text(encoding="utf-8").replace('organisation = "A council"', 'organisation = "[red]A[/red]"')
    contract = tmp_path / "two-payers.toml"
    contract.write_text(text, encoding="utf-8")

    out = sib("price", contract, counts_file(tmp_path, "metric,count", "job_start,1")).out

    assert "[red]A[/red]" in out


def test_counts_with_byte_order_mark_semicolons_and_crlf_give_the_same(sib: Sib, tmp_path: Path) -> None:
    plain = sib("price", "mhep/enfield", ENFIELD, "--json").out
    odd = tmp_path / "odd.csv"
    odd.write_bytes(
        b"\xef\xbb\xbf" + ENFIELD.read_bytes().replace(b",", b";").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    )

    assert sib("price", "mhep/enfield", odd, "--json").out == plain


def test_a_contract_without_prices_has_none_where_nothing_counts_either(sib: Sib, tmp_path: Path) -> None:
    counts = counts_file(
        tmp_path, "metric,count,achieved_on,counts,reasons", "engagement,3,2017-01-02,no,R26 grant-month"
    )

    ran = sib("price", "mhep/haringey-2015", counts)
    found = sib("price", "mhep/haringey-2015", counts, "--json").json
    explained = sib("explain", "mhep/haringey-2015", counts).out

    assert "Who pays" not in ran.out
    assert "no price is published for engagement: counts only, no amounts" in ran.out
    assert (found["earned"], found["payable"], found["payers"]) == (None, None, [])
    assert "what is in the file has no price in the contract, so there is no amount to explain" in explained
