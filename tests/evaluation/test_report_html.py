import re
from html.parser import HTMLParser

from evaluation.report.html import html_of
from tests.evaluation.reports import report

HOSTILE = '</title><script>alert("1")</script><img src=x onerror=alert(1)>&amp;'
VOID = {"meta", "img", "br", "!doctype"}


class Tags(HTMLParser):
    """Every tag of a page in order, with its attributes; fails on one that is closed without being open."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag, and that it is open."""
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Hold a closing tag against the one that is open."""
        assert self.open.pop() == tag

    def named(self, name: str) -> list[dict[str, str | None]]:
        """Return the attributes of every tag of one name."""
        return [attributes for tag, attributes in self.found if tag == name]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours written ``#rrggbb`` (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_a_page_is_well_formed_has_a_language_a_title_and_headings_in_order() -> None:
    page = Tags(html_of(report()))

    assert page.open == []
    assert page.named("html") == [{"lang": "en-GB"}]
    assert [tag for tag, _ in page.found if re.fullmatch(r"h[1-6]", tag)] == ["h1", "h2", "h2", "h2"]


def test_every_heading_of_a_table_says_what_it_heads_and_every_table_has_a_caption() -> None:
    page = Tags(html_of(report()))

    assert len(page.named("caption")) == len(page.named("table")) == 1
    assert {each.get("scope") for each in page.named("th")} == {"col", "row"}
    assert all(each.get("alt") for each in page.named("img"))


def test_no_text_becomes_markup() -> None:
    page = Tags(html_of(report(text=HOSTILE, title=HOSTILE)))

    assert page.named("script") == []
    assert [each["src"] for each in page.named("img") if not (each["src"] or "").startswith("data:image/svg+xml")] == []
    assert all(not name.startswith("on") for _, attributes in page.found for name in attributes)


def test_a_page_fetches_nothing_and_allows_its_own_style_only() -> None:
    text = html_of(report())

    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    assert "default-src 'none'; style-src 'sha256-" in text
    assert Tags(text).named("link") == []


def test_the_same_report_gives_the_same_page() -> None:
    assert html_of(report()) == html_of(report())


def test_an_assumed_row_says_so_to_those_who_hear_it() -> None:
    text = html_of(report())

    assert '<span class="hidden"> (assumed)</span>' in text
    assert "* rests on assumed terms" in text


def test_a_number_links_to_its_source() -> None:
    page = Tags(html_of(report()))

    assert {each["href"] for each in page.named("a")} == {"#source-1"}
    assert "source-1" in {each.get("id") for each in page.named("li")}


def test_every_colour_of_a_text_has_the_contrast_that_wcag_aa_asks_for() -> None:
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", html_of(report())))
    texts = [colours[name] for name in ("ink", "quiet", "accent", "warning", "assumed")]

    assert all(contrast(text, ground) >= 4.5 for text in texts for ground in ("#ffffff", colours["tint"]))
