"""What is printed fits the terminal, and loses nothing in a narrow one."""

import re

import pytest

from tests.cli.command import AMBITION, ENFIELD, REBOOT_WEST, Sib
from tests.synthetic.sites import example

COMMANDS = {
    "price": ("price", "mhep/enfield", str(ENFIELD)),
    "price, 23 lines": ("price", "care-leavers/reboot-west", str(REBOOT_WEST)),
    "price, a cap": ("price", "fair-chance-fund/ambition", str(AMBITION)),
    "contract list": ("contract", "list"),
    "contract check": ("contract", "check", "mhep/enfield"),
    "contract show": ("contract", "show", "mhep/haringey-barnet"),
    "contract diff": ("contract", "diff", "mhep/enfield", "mhep/shropshire"),
    "reconcile": ("reconcile", "mhep/tower-hamlets-mh", "mhep/west-london"),
}
AMOUNT = re.compile(r"[0-9][0-9,.]*[0-9]")


def commands(name: str) -> tuple[str, ...]:
    rows = str(example("mhep/haringey-barnet").rows)
    of_people = {
        "outcomes": ("outcomes", "mhep/haringey-barnet", str(example("mhep/haringey-barnet").facts)),
        "statement": ("statement", "mhep/haringey-barnet", rows, "--period", "2021-Q1"),
        "explain": ("explain", "mhep/haringey-barnet", rows, "--grants"),
    }
    return (COMMANDS | of_people)[name]


EVERY = (*COMMANDS, "outcomes", "statement", "explain")


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("columns", [80, 100])
def test_no_line_is_wider_than_the_terminal_but_digests_and_paths(sib: Sib, name: str, columns: int) -> None:
    ran = sib(*commands(name), columns=columns)

    wide = [line for line in ran.out.splitlines() if len(line) > columns]
    assert ran.code == 0
    assert [line for line in wide if "sib1:" not in line and not line.startswith("warning  ")] == []


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("columns", [40, 80])
def test_every_figure_of_a_wide_terminal_is_in_a_narrow_one(sib: Sib, name: str, columns: int) -> None:
    narrow, wide = (set(AMOUNT.findall(sib(*commands(name), columns=width).out)) for width in (columns, 400))

    assert wide - narrow == set()


@pytest.mark.parametrize("columns", ["", "0", "-1", "wide", "1", "100000"])
def test_a_width_that_is_none_stops_nothing(sib: Sib, columns: str) -> None:
    ran = sib("price", "mhep/enfield", ENFIELD, columns=columns)

    assert (ran.code, ran.err) == (0, "")
    assert "£310,202.98" in ran.out
