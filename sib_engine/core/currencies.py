"""Currencies of ISO 4217 and the decimal places of each: how many of its minor units make up a whole one.

Source: ISO 4217, list one (current currencies and funds), as its maintenance agency published it on 2026-01-01:
https://www.six-group.com/dam/download/financial-information/data-center/iso-currrency/lists/list-one.xml, elements
``Ccy`` and ``CcyMnrUnts``. A change of the standard is a change of these lists.
"""

from collections.abc import Mapping
from typing import Final

_OF_2: Final = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
    COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
    MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
    STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
"""
_OF_0: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_OF_3: Final = "BHD IQD JOD KWD LYD OMR TND"
_OF_4: Final = "CLF UYW"

PLACES: Final[Mapping[str, int]] = {
    code: places for places, codes in ((2, _OF_2), (0, _OF_0), (3, _OF_3), (4, _OF_4)) for code in codes.split()
}
"""Decimal places by code."""

WITHOUT_PLACES: Final = frozenset(
    ["XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"]
)
"""Codes for which the standard defines no minor unit: precious metals, units of account, testing and no currency."""

SYMBOLS: Final[Mapping[str, str]] = {
    "GBP": "£",
    "EUR": "€",
    "USD": "$",
    "AUD": "A$",
    "CAD": "C$",
    "NZD": "NZ$",
    "JPY": "¥",
}
"""Symbols that people read beside amounts; the code stands for every other currency."""
