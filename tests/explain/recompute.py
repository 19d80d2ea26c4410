"""Work out an amount again from its explanation alone, as a reader with a pocket calculator would.

Only the tree that ``sib explain --json`` prints is used: kinds, subjects, amounts and the words of the
details. A step that could not be worked out from what is printed fails here.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction
from typing import Any, TypeAlias

Tree: TypeAlias = Mapping[str, Any]
PENNY = Decimal("0.01")
MODES = {"half-even": ROUND_HALF_EVEN, "half-up": ROUND_HALF_UP, "down": ROUND_DOWN, "up": ROUND_UP}


def amount_of(tree: Tree) -> Decimal:
    """Return the amount that a step states."""
    assert re.fullmatch(r"-?[0-9]+\.[0-9]{2}", tree["amount"]), tree["amount"]
    return Decimal(tree["amount"])


def steps(tree: Tree, *kinds: str) -> list[Tree]:
    """Return the steps right below that are of one of these kinds."""
    return [step for step in tree["steps"] if step["kind"] in kinds]


MEASURED = re.compile(
    r"(?:value (?P<value>-?[0-9.]+)|rate (?P<shown>[0-9.]+)% = (?P<of>[0-9]+/[0-9]+)"
    r"|reduction (?P<fall>-?[0-9.]+)% = 1 - \((?P<own>[0-9]+/[0-9]+)\) / \((?P<theirs>[0-9]+/[0-9]+)\)"
    r"|units avoided (?P<units>-?[0-9.]+) = (?P<rate>[0-9]+/[0-9]+) x (?P<people>[0-9]+) - (?P<cases>[0-9]+)); "
    r"(?P<how>.*?)(?: x (?P<count>[0-9,]+) outcomes)? "
    r"\(scale from [0-9-]+; rounded (?P<mode>[a-z-]+), (?P<place>once|each outcome)\)"
)


def measured_in(step: Tree) -> Decimal:
    """Return what a result pays, from the words of a ``measured`` step."""
    found = MEASURED.fullmatch(step["detail"])
    assert found is not None, step
    if found["value"]:
        result = Fraction(found["value"])
    elif found["of"]:
        result = Fraction(found["of"])
    elif found["own"]:
        result = 1 - Fraction(found["own"]) / Fraction(found["theirs"])
    else:
        result = Fraction(found["rate"]) * int(found["people"]) - int(found["cases"])
    count = int((found["count"] or "1").replace(",", ""))
    exact = _paid_by(found["how"], result)
    if found["place"] == "each outcome":
        return _rounded(exact, found["mode"]) * count
    return _rounded(exact * count, found["mode"])


def _paid_by(how: str, result: Fraction) -> Fraction:
    """Return what a scale pays, once the words about the points are seen to be true of the result."""
    number = r"[0-9./]+%?"
    if each := re.fullmatch(r"x ([0-9.]+)", how):
        assert result > 0
        return result * Fraction(each[1])
    if re.fullmatch(r"none avoided, so nothing of [0-9.]+ each", how):
        assert result <= 0
        return Fraction(0)
    if short := re.fullmatch(rf"(below|not above) ({number}): nothing", how):
        assert result < _part_of(short[2]) if short[1] == "below" else result <= _part_of(short[2])
        return Fraction(0)
    if step := re.fullmatch(rf"(above|at least) ({number}): ({number})(?: of ([0-9.]+))?", how):
        assert result > _part_of(step[2]) if step[1] == "above" else result >= _part_of(step[2])
        return _part_of(step[3]) * Fraction(step[4] or 1)
    line = re.fullmatch(
        rf"between ({number}) \(({number})\) and ({number}) \(({number})\), ({number}) of the way: ({number})"
        r"(?: of ([0-9.]+))?",
        how,
    )
    assert line is not None, how
    low, pays_low, high, pays_high, way, pays = (_part_of(line[place]) for place in range(1, 7))
    assert way == (result - low) / (high - low)
    assert pays == pays_low + (pays_high - pays_low) * way
    return pays * Fraction(line[7] or 1)


def _part_of(words: str) -> Fraction:
    return Fraction(words.removesuffix("%")) / (100 if words.endswith("%") else 1)


def _rounded(exact: Fraction, mode: str) -> Decimal:
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(PENNY, MODES[mode])


def earned_in(step: Tree) -> Decimal:
    """Return count times price, from the words of an ``earned`` step; a grant is what it is."""
    if step["kind"] == "grant":
        return amount_of(step)
    if step["kind"] == "measured":
        return measured_in(step)
    found = re.fullmatch(r"([0-9,]+) x ([0-9.]+) \(price from [0-9-]+(?:([:;]) (.*)rounded (.*))?\)", step["detail"])
    assert found is not None, step
    product = Decimal(found[1].replace(",", "")) * Decimal(found[2])
    assert found[3] == ";" or product == product.quantize(PENNY), step
    assert "each row" not in (found[4] or ""), "rows rounded each for itself are worked out one by one"
    return product.quantize(PENNY, MODES[found[5] or "half-even"])


def check_clauses(tree: Tree) -> None:
    """Check that every amount that a clause decides names the clause, how it is known and where it was read."""
    if tree["kind"] in {"earned", "measured", "upgrade", "cut", "shared", "moved"}:
        assert tree["clause"], tree
        assert tree["status"] in {"published", "agreed", "assumed"}
        assert tree["source"]
    for step in tree["steps"]:
        check_clauses(step)


def recompute_row(tree: Tree) -> dict[str, Decimal]:
    """Return what each payer pays for one row, worked out from its tree; every step on the way is checked."""
    check_clauses(tree)
    (first,) = steps(tree, "earned", "grant", "measured")
    (payable,) = steps(tree, "payable")
    assert earned_in(first) == amount_of(first)
    left = earned_in(first) + sum(map(amount_of, steps(tree, "upgrade", "cut")), Decimal(0))
    assert left == amount_of(payable)
    pays = {step["subject"]: amount_of(step) for step in steps(payable, "shared")}
    assert sum(pays.values()) == left
    _check_shares(steps(payable, "shared"), left)
    lost = Decimal(0)
    for move in steps(tree, "moved"):
        assert amount_of(move) < 0
        pays[move["subject"]] += amount_of(move)
        to = re.fullmatch(r"above the payer's own cap: paid by (\S+) instead", move["detail"])
        if to is None:
            lost -= amount_of(move)
        else:
            pays[to[1]] = pays.get(to[1], Decimal(0)) - amount_of(move)
    assert lost == sum(map(amount_of, steps(tree, "lost", "deferred")), Decimal(0))
    stated = {step["subject"]: amount_of(step) for step in steps(tree, "pays")}
    assert {payer: stated[payer] for payer in pays} == pays
    assert not any(amount for payer, amount in stated.items() if payer not in pays)
    assert sum(stated.values()) == amount_of(tree) == left - lost
    return stated


def _check_shares(shared: Sequence[Tree], total: Decimal) -> None:
    """Check that each part is within a penny or two of the share written beside it.

    A row's part is the difference of two running splits, each within a penny of the exact share.
    """
    for step in shared:
        assert abs(Fraction(amount_of(step)) - _part(step) * Fraction(total)) < Fraction(2, 100)


def _part(step: Tree) -> Fraction:
    """Return the share that a step's words state."""
    words = step["detail"].removeprefix("share ")
    return Fraction(words.removesuffix("%")) / (100 if words.endswith("%") else 1)


def recompute_payer(tree: Tree) -> Decimal:
    """Return what a payer pays in all, worked out from its tree; every step on the way is checked.

    Under each share clause it pays its share of what is payable, to within a penny.
    """
    check_clauses(tree)
    total = Decimal(0)
    by_clause: dict[tuple[str, str], Fraction] = {}
    for shared in steps(tree, "shared"):
        (payable,) = steps(shared, "payable")
        left = sum(map(earned_in, steps(payable, "earned", "grant", "measured")), Decimal(0))
        left += sum(map(amount_of, steps(payable, "upgrade", "cut")), Decimal(0))
        assert left == amount_of(payable)
        total += amount_of(shared)
        key = (shared["clause"], shared["detail"])
        by_clause[key] = by_clause.get(key, Fraction(0)) + Fraction(amount_of(shared)) - _part(shared) * Fraction(left)
    assert all(abs(away) < Fraction(1, 100) for away in by_clause.values())
    total += sum(map(amount_of, steps(tree, "moved")), Decimal(0))
    assert total == amount_of(tree)
    return total
