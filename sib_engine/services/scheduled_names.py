"""What a contract pays that no single outcome earns, in words, for the outputs that leave it out."""

from sib_engine.terms.contract import Contract


def scheduled_names(contract: Contract) -> str:
    """Return the kinds of scheduled money in a contract, as ``grants, fees and guaranteed volumes``; blank for none."""
    names = [
        name
        for name, has_any in (
            ("grants", contract.grants),
            ("fees", contract.fees),
            ("guaranteed volumes", contract.guarantees),
            ("payments on early termination", contract.terminations),
        )
        if has_any
    ]
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), *names[-1:]])
