"""How `sib contract simulate` prints what one more outcome is worth."""

from sib_engine.cli.printing import console, print_findings, print_text
from sib_engine.cli.tables import print_table
from sib_engine.core.money import shown
from sib_engine.services.scheduled_names import scheduled_names
from sib_engine.services.simulated import OneMore, SimulatedContract


def print_simulation(found: SimulatedContract) -> None:
    """Print the position, the worth of one more outcome of each metric, why, and when it changes."""
    out, currency = console(), found.contract.currency

    def money(amount: int) -> str:
        return shown(amount, currency)

    out.print(f"{found.contract.name}  ({found.contract.code}, terms {found.contract.digest[:17]})", style="bold")
    day = "without a date" if found.on is None else f"on {found.on}"
    position = found.position
    names = scheduled_names(found.contract)
    dated = f"{money(position.scheduled)} scheduled up to {found.scheduled_to} ({names}), " if names else ""
    print_text(
        out, f"So far {money(position.earned)} earned, {dated}{money(position.payable)} payable. One more, {day}:"
    )
    out.print()
    rows = [
        (_named(line), line.site or "", f"{line.count:,}", *map(money, (worth.earned, worth.payable, *worth.payers)))
        for line in found.lines
        if (worth := line.worth) is not None
    ]
    headings = ("metric", "site", ">so far", ">earns", ">pays", *(f">{payer}" for payer in found.payers))
    if rows:
        print_table(out, "", headings, rows, n_keys=2, drop_blank=True)
    for line in found.lines:
        print_text(out, _titled(line), style="bold")
        if line.worth is None:
            print_text(out, f"no worth can be given: {line.refused}", mark="    ")
            continue
        for cause in line.causes:
            print_text(out, cause.said(currency), mark="    ")
        if line.later is None:
            if line.searched:
                print_text(out, f"the same for {line.searched:,} {_more(line, line.searched)}", mark="    ")
        else:
            worth, n_before = line.later.worth, line.later.number - 1
            said = f"one earns {money(worth.earned)} and pays {money(worth.payable)}:"
            print_text(out, f"after {n_before:,} {_more(line, n_before)}, {said}", mark="    ")
            for cause in line.other_causes:
                print_text(out, cause.said(currency), mark="        ")
        if line.curve:
            points = [(f"{more:,}", money(total.earned), money(total.payable)) for more, total in line.curve]
            print_table(out, "", (">more", ">earned in all", ">payable in all"), points)
    out.print()
    print_findings(found.findings)


def _titled(line: OneMore) -> str:
    return _named(line) if line.site is None else f"{_named(line)}, {line.site}"


def _named(line: OneMore) -> str:
    """Return the metric's name; of a measured one also which result, and what is changed of it."""
    of = f" ({line.row})" if line.row else ""
    return f"{line.name}{of}: {line.change}" if line.change else line.name


def _more(line: OneMore, number: int) -> str:
    return ("such change" if number == 1 else "such changes") if line.change else "more"
