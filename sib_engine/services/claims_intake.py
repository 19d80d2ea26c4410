"""Use cases: a template to fill in, a mapping proposed from a tracker's headings, a tracker understood through one."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sib_engine.core.errors import FindingsError, RefusedError
from sib_engine.core.headings import Layout
from sib_engine.core.tabular import headings_in
from sib_engine.core.whole_files import write_together
from sib_engine.outcomes.intake.mapping_file import read_mapping
from sib_engine.outcomes.intake.preview import Preview, understood
from sib_engine.outcomes.intake.proposal import Proposal, proposed
from sib_engine.services.inputs import contract_at

TEXT_SUFFIXES: Final = (".csv", ".txt")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as it was written to a file."""

    proposal: Proposal
    out: Path


def write_template(contract_name: str, out: Path, *, on: date) -> None:
    """Write the template of facts for a contract: an Excel workbook, or text where the name ends in ``.csv``.

    Raises:
        NotFoundError: If the contract is not found.
        FindingsError: If it has errors.
        RefusedError: If the file cannot be written.
    """
    # Loading what writes workbooks takes a third of a second, which the other use cases do not need.
    from sib_engine.outcomes.intake.template import template, template_csv  # noqa: PLC0415 - see above

    contract = contract_at(contract_name).contract
    is_text = out.suffix.casefold() in TEXT_SUFFIXES
    write_together({out: template_csv(contract) if is_text else template(contract, on=on)})


def propose_mapping(contract_name: str, tracker: Path, out: Path, *, sheet: str, heading_row: int) -> Proposed:
    """Write what the columns of a tracker may mean to a mapping file, which is refused until it was looked through.

    Raises:
        NotFoundError: If the contract is not found.
        FindingsError: If it has errors.
        RefusedError: If no headings can be read, or the file cannot be written.
    """
    contract = contract_at(contract_name).contract
    headings = headings_in(tracker, Layout(sheet=sheet, heading_row=heading_row))
    if not any(headings):
        message = f"no headings can be read in row {heading_row} of {tracker}: is it the right file, sheet and row?"
        raise RefusedError(message)
    proposal = proposed(headings, contract, name=contract_name, sheet=sheet, heading_row=heading_row)
    write_together({out: proposal.as_json().encode()})
    return Proposed(proposal, out)


def understand_tracker(mapping_file: Path, tracker: Path, *, contract_name: str = "") -> Preview:
    """Return what a saved mapping makes of a tracker; ``contract_name`` where it is not the one that the mapping names.

    Raises:
        NotFoundError: If the contract is not found.
        FindingsError: If the mapping or the contract has errors.
    """
    mapping, findings = read_mapping(mapping_file)
    if mapping is None:
        raise FindingsError(findings)
    return understood(mapping, tracker, contract_at(contract_name or mapping.contract).contract)
