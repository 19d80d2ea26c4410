from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.findings import has_errors
from sib_engine.terms.diff import Change, ClauseChange, TermChange, diff
from sib_engine.terms.load import contract_from
from tests.terms.edited import CHANGES, clause, contract, document
from tests.terms.mutations import mutated

OLD = contract()
CHANGED = contract(add=CHANGES)


def test_a_contract_does_not_differ_from_itself() -> None:
    assert diff(OLD, OLD) == ()


def test_each_changed_term_is_shown_before_and_after() -> None:
    new = contract(
        ("price = 400.00", "price = 420.00"),
        ("limit = 60000.00\nstatus", 'limit = 65000.00\nassumed = { limit = "a guess" }\nstatus'),
        ("claims_close = 2024-07-31", "claims_close = 2024-09-30"),
    )

    assert diff(OLD, new) == (
        ClauseChange(
            "contract", "", Change.CHANGED, (TermChange("claims_close", "31 July 2024", "30 September 2024"),)
        ),
        ClauseChange("tariff", "engagement-1", Change.CHANGED, (TermChange("price", "£400.00", "£420.00"),)),
        ClauseChange(
            "cap",
            "weeks-at-a-site",
            Change.CHANGED,
            (
                TermChange("limit", "£60,000.00", "£65,000.00"),
                TermChange("assumed.limit", None, "a guess"),
            ),
        ),
    )


def test_clauses_added_and_removed_list_what_they_say() -> None:
    new = contract(add=clause("commitment", 'id = "more"\nparty = "lender"\namount = 1000.00'))
    terms = (("party", "lender"), ("amount", "£1,000.00"), ("status", "agreed"), ("source", "made up"))

    assert diff(OLD, new) == (
        ClauseChange("commitment", "more", Change.ADDED, tuple(TermChange(key, None, text) for key, text in terms)),
    )
    assert diff(new, OLD) == (
        ClauseChange("commitment", "more", Change.REMOVED, tuple(TermChange(key, text, None) for key, text in terms)),
    )


def test_an_order_that_decides_who_meets_a_cap_first_is_a_difference() -> None:
    north, south = '[site.north]\nname = "North"\n', '[site.south]\nname = "South"\n'
    new = contract((f"{north}\n{south}", f"{south}\n{north}"))

    assert diff(OLD, new) == (
        ClauseChange("site", "", Change.MOVED, (TermChange("order", "north, south", "south, north"),)),
    )


def test_the_order_of_payers_decides_the_odd_penny_and_is_a_difference() -> None:
    new = contract(('council = "58%", fund = "42%"', 'fund = "42%", council = "58%"'))

    (change,) = diff(OLD, new)

    assert change.as_dict() == {
        "clause": "share[split]",
        "change": "changed",
        "terms": [{"term": "payers", "before": "council 58%, fund 42%", "after": "fund 42%, council 58%"}],
    }


@given(st.data())
def test_contracts_differ_where_and_only_where_their_terms_do(data: st.DataObject) -> None:
    new, findings = contract_from(mutated(document(add=CHANGES), data))
    if new is None or has_errors(findings):
        return

    assert (diff(CHANGED, new) == ()) == (terms_of(new) == terms_of(CHANGED))


def terms_of(one: object) -> dict[str, object]:
    """Return every field of a contract but its digest."""
    return {name: getattr(one, name) for name in OLD.__dataclass_fields__ if name != "digest"}
