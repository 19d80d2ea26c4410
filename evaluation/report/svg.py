"""Pictures from elsewhere: an SVG is taken only if it runs nothing and fetches nothing."""

import re
from typing import Final
from xml.etree import ElementTree as ET

MAX_CHARACTERS: Final = 5_000_000
"""A picture of a report that is larger was not drawn for one."""

_SVG: Final = "{http://www.w3.org/2000/svg}"
_REFUSED_TAGS: Final = frozenset({"script", "foreignObject", "iframe", "animate", "set", "handler", "audio", "video"})
_INSIDE: Final = re.compile(r"\s*(?:#|data:image/(?:png|jpeg);base64,)")
_URL: Final = re.compile(r"url\(\s*['\"]?(?!#)|@import|expression\(", re.IGNORECASE)


def refusal_of(svg: str) -> str:
    """Return why an SVG is not taken; blank where it is."""
    if len(svg) > MAX_CHARACTERS:
        return f"the SVG is longer than {MAX_CHARACTERS:,} characters"
    if "<!ENTITY" in svg or "[" in svg.partition("<!DOCTYPE")[2].partition(">")[0]:
        return "the SVG declares entities"
    try:
        root = ET.fromstring(svg)  # noqa: S314 - no entity is declared, as the line above made sure
    except ET.ParseError as problem:
        return f"the SVG is not well formed: {problem}"
    if root.tag != f"{_SVG}svg":
        return "the text is no SVG"
    for element in root.iter():
        refusal = _refusal_of_element(element)
        if refusal:
            return refusal
    return ""


def _refusal_of_element(element: ET.Element) -> str:
    name = str(element.tag).rpartition("}")[2]
    if name in _REFUSED_TAGS:
        return f"the SVG holds <{name}>"
    if name == "style" and _URL.search(element.text or "") is not None:
        return "a style of the SVG reaches outside it"
    for key, value in element.attrib.items():
        attribute = key.rpartition("}")[2].lower()
        if attribute.startswith("on"):
            return f"the SVG runs something ({attribute})"
        if attribute in {"href", "src"} and _INSIDE.match(value) is None:
            return f"the SVG reaches outside it ({attribute})"
        if _URL.search(value) is not None:
            return f"the SVG reaches outside it ({attribute})"
    return ""
