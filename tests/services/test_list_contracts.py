from sib_engine.services.list_contracts import list_contracts

LIBRARY = {
    "care-leavers/reboot-west": ("published", True),
    "dwp-innovation-fund/3sc-capitalise": ("published", False),
    "dwp-innovation-fund/advance": ("published", False),
    "dwp-innovation-fund/energise": ("published", False),
    "dwp-innovation-fund/links-for-life": ("published", False),
    "dwp-innovation-fund/living-balance": ("published", False),
    "dwp-innovation-fund/new-horizons": ("published", True),
    "dwp-innovation-fund/prevista": ("published", False),
    "dwp-innovation-fund/teens-and-toddlers": ("published", False),
    "dwp-innovation-fund/think-forward": ("published", False),
    "dwp-work-health-programme/area": ("assumed", False),
    "fair-chance-fund/ambition": ("published", True),
    "fair-chance-fund/aspire": ("published", True),
    "fair-chance-fund/depaul": ("published", True),
    "fair-chance-fund/st-basils": ("published", True),
    "mhep/enfield": ("assumed", True),
    "mhep/haringey-2015": ("unpriced", False),
    "mhep/haringey-barnet": ("assumed", True),
    "mhep/shropshire": ("assumed", True),
    "mhep/staffordshire": ("unpriced", False),
    "mhep/tower-hamlets-2016": ("unpriced", False),
    "mhep/tower-hamlets-ld": ("assumed", True),
    "mhep/tower-hamlets-mh": ("assumed", True),
    "mhep/west-london": ("unpriced", True),
    "rough-sleepers/pan-london": ("published, assumed, unpriced", False),
    "skill-mill/skill-mill": ("published", True),
}
"""Each contract that comes with the engine: how its prices are known, and whether results are published."""


def test_every_contract_of_the_library_is_listed_with_how_its_prices_are_known() -> None:
    assert {each.name: (each.prices, each.has_record) for each in list_contracts()} == LIBRARY


def test_the_list_is_in_order_and_gives_every_contract_a_title() -> None:
    listed = list_contracts()

    assert [each.name for each in listed] == sorted(LIBRARY)
    assert all(each.title and each.title != each.name for each in listed)
    assert listed[0].as_dict() == {
        "name": "care-leavers/reboot-west",
        "title": "Care Leavers Social Impact Bond, Reboot West",
        "prices": "published",
        "published_record": True,
    }
