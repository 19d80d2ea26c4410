"""Work out an amount again from its explanation alone, as a reader with a pocket calculator would.

Only the tree that ``sib explain --json`` prints is used: kinds, subjects, amounts and the words of the
details. A step that could not be worked out from what is printed fails here.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction
from typing import Any, TypeAlias

Tree: TypeAlias = Mapping[str, Any]
PENNY = Decimal("0.01")
SCHEDULED = ("grant", "fee", "guarantee", "termination")
QUICK = r"(?: within [0-9]+ (?:months?|days?) of the referral)?"
MOVED = r"(?P<moved>, [0-9.]+ x [0-9./ ]+ = [0-9.]+ \(index [^)]*\))?"
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
    if re.fullmatch(r"nothing, since [a-z0-9_, -]+ is paid", how):
        return Fraction(0)
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
    """Return count times price, from the words of an ``earned`` step; what is scheduled or measured by its own."""
    if step["kind"] in SCHEDULED:
        return scheduled_in(step)
    if step["kind"] == "measured":
        return measured_in(step)
    found = re.fullmatch(
        rf"([0-9,]+) x ([0-9.]+) \(price from [0-9-]+{QUICK}{MOVED}(?:([:;]) (.*)rounded (.*))?\)", step["detail"]
    )
    assert found is not None, step
    _check_moved(found["moved"])
    *_, mark, places, mode = found.groups()
    product = Decimal(found[1].replace(",", "")) * Decimal(found[2])
    assert mark == ";" or product == product.quantize(PENNY), step
    assert "each row" not in (places or ""), "rows rounded each for itself are worked out one by one"
    return product.quantize(PENNY, MODES[mode or "half-even"])


def _check_moved(words: str | None) -> None:
    """Check that an indexed price follows from the agreed one and the values of the index beside it."""
    if words is None:
        return
    found = re.fullmatch(
        r", ([0-9.]+) x ([0-9.]+) / ([0-9.]+) = ([0-9.]+) \(index [a-z0-9_-]+(?:, rounded (.*))?\)", words
    )
    assert found is not None, words
    agreed, value, base, price = map(Fraction, found.groups()[:4])
    exact = agreed * value / base
    places = Decimal(1).scaleb(-len(found[4].partition(".")[2]))
    rounded = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(places, MODES[found[5] or "half-even"])
    assert Fraction(rounded) == price
    assert found[5] is not None or exact == price


def changed_in(step: Tree, before: Decimal) -> Decimal:
    """Return what a step of a row changes, worked out from its words where they carry the figures.

    Prices have no part pennies here; what is withheld or cut of an amount is rounded as the words say.
    """
    words = step["detail"]
    if step["kind"] in {"tiers", "bonus"}:
        terms = re.findall(r"([0-9,]+) x ([0-9.]+) \(", words)
        found = sum((Decimal(count.replace(",", "")) * Decimal(price) for count, price in terms), Decimal(0))
        found -= before if step["kind"] == "tiers" else 0
    elif step["kind"] == "withheld":
        pays = re.search(r"; pays ([0-9.]+)% until then(?:, rounded (.*))?$", words)
        assert pays is not None, step
        found = (before * Decimal(pays[1]) / 100).quantize(PENNY, MODES[pays[2] or "half-even"]) - before
    elif step["kind"] == "claw-back":
        taken = re.search(
            r"^the job ended on ([0-9-]+), within ([0-9]+) days of the [a-z]+ of ([0-9-]+): "
            r"([0-9.]+)% is taken back(?:, rounded (.*))?$",
            words,
        )
        assert taken is not None, step
        ended_on, starts_on = date.fromisoformat(taken[1]), date.fromisoformat(taken[3])
        assert (ended_on - starts_on).days <= int(taken[2]), step
        found = -(before * Decimal(taken[4]) / 100).quantize(PENNY, MODES[taken[5] or "half-even"])
    elif step["kind"] == "cut" and " are paid: " in words:
        found = _paid_in_part(words, before) - before
    else:
        return amount_of(step)
    assert found == amount_of(step), step
    return found


def _paid_in_part(words: str, before: Decimal) -> Decimal:
    """Return what is paid of a row whose numbers lie beyond a share of outcomes, wholly or in part."""
    share = re.match(r"([0-9,]+) of [0-9,]+ per [a-z ]+ are paid: ([0-9.]+)% of ([0-9,]+)", words)
    assert share is not None, words
    bound, base = (int(share[place].replace(",", "")) for place in (1, 3))
    assert bound == int(base * Fraction(share[2]) / 100), words
    alone = re.search(r"; this is number ([0-9,]+)$", words)
    if alone is not None:
        assert int(alone[1].replace(",", "")) > bound
        return Decimal(0)
    part = re.search(r"; ([0-9,]+) of these ([0-9,]+), numbers ([0-9,]+) to [0-9,]+, are paid, rounded (.*)$", words)
    assert part is not None, words
    paid, count, first = (int(part[place].replace(",", "")) for place in (1, 2, 3))
    assert paid == max(bound - first + 1, 0)
    return (before * paid / count).quantize(PENNY, MODES[part[4]])


def scheduled_in(step: Tree) -> Decimal:
    """Return a scheduled amount from its words, or the sum of those below; a grant is what it is."""
    if step["steps"]:
        return sum((scheduled_in(each) for each in step["steps"]), Decimal(0))
    words, _, ran = step["detail"].partition("; ")
    mode = MODES[step["detail"].rpartition("rounded ")[2]] if ", rounded half" in step["detail"] else ROUND_HALF_EVEN
    words = words.partition(", rounded ")[0]
    if step["kind"] == "grant":
        return amount_of(step)
    if step["kind"] == "guarantee":
        found = re.fullmatch(r"([0-9,]+) of ([0-9,]+) \S+: ([0-9,]+) short x ([0-9,.]+)", words)
        assert found is not None, step
        counted, minimum, short = (int(number.replace(",", "")) for number in found.groups()[:3])
        assert short == max(minimum - counted, 0)
        return short * _money(found[4])
    if step["kind"] == "termination":
        return _pennies(_sum_in(words.partition(": ")[2]), mode)
    monthly = re.fullmatch(r"months? ([0-9]+)(?: to ([0-9]+))? of [0-9]+, £([0-9,.]+) a month", words)
    if monthly is not None:
        amount = _money(monthly[3]) * (int(monthly[2] or monthly[1]) - int(monthly[1]) + 1)
    else:
        parts = re.fullmatch(r"instalment [0-9]+ of [0-9]+: (.+) to date(?:, less (\S+) before)?", words)
        assert parts is not None, step
        part, _, total = parts[1].partition(" of ")
        amount = _pennies(_fraction(part) * _sum_in(total), mode)
        amount -= _pennies(_fraction(parts[2] or "0%") * _sum_in(total), mode)
    days = re.match(r"([0-9]+) of ([0-9]+) days", ran)
    return amount if days is None else _pennies(Fraction(amount) * Fraction(int(days[1]), int(days[2])), mode)


def _sum_in(words: str) -> Fraction:
    """Return the sum in words such as ``30% of £1,000.00``."""
    product = Fraction(1)
    for part in words.split(" of "):
        product *= Fraction(_money(part[1:])) if part.startswith("£") else _fraction(part)
    return product


def _fraction(words: str) -> Fraction:
    return Fraction(words.removesuffix("%")) / (100 if words.endswith("%") else 1)


def _money(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _pennies(exact: Fraction, mode: str) -> Decimal:
    """Return an exact amount in whole pennies: of a fraction, enough digits that none is lost before it is rounded."""
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(PENNY, mode)


def check_clauses(tree: Tree) -> None:
    """Check that every amount that a clause decides names the clause, how it is known and where it was read."""
    named = {"earned", "measured", "tiers", "upgrade", "bonus", "claw-back", "withheld", "cut", "shared", "moved"}
    if tree["kind"] in named or tree["kind"] in SCHEDULED:
        assert tree["clause"], tree
        assert tree["status"] in {"published", "agreed", "assumed"}
        assert tree["source"]
    for step in tree["steps"]:
        check_clauses(step)


def recompute_row(tree: Tree) -> dict[str, Decimal]:
    """Return what each payer pays for one row, worked out from its tree; every step on the way is checked."""
    check_clauses(tree)
    (first,) = steps(tree, "earned", "measured", *SCHEDULED)
    (payable,) = steps(tree, "payable")
    assert earned_in(first) == amount_of(first)
    left = earned_in(first)
    for step in steps(tree, "tiers", "upgrade", "bonus", "claw-back", "withheld", "cut"):
        left += changed_in(step, left)
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
        left = sum(map(earned_in, steps(payable, "earned", "measured", *SCHEDULED)), Decimal(0))
        changes = steps(payable, "tiers", "upgrade", "bonus", "claw-back", "withheld", "cut")
        left += sum(map(amount_of, changes), Decimal(0))
        assert left == amount_of(payable)
        total += amount_of(shared)
        key = (shared["clause"], shared["detail"])
        by_clause[key] = by_clause.get(key, Fraction(0)) + Fraction(amount_of(shared)) - _part(shared) * Fraction(left)
    assert all(abs(away) < Fraction(1, 100) for away in by_clause.values())
    total += sum(map(amount_of, steps(tree, "moved")), Decimal(0))
    assert total == amount_of(tree)
    return total
