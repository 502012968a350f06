"""Every page of head office in a real Chromium: what holds on all of them, seen in one walk.

Measured in the page as it is painted; the fields and their names are what a screen reader hears.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from tests.support.chromium import PHONE, Chromium, a_chromium
from tests.support.hubs import RunningHub
from tests.sync.look_at_pages import TRACED, a_brand_at_work, answers

FIELDS = {"textbox", "searchbox", "combobox", "checkbox", "spinbutton", "Date", "button"}
NO_LABEL = {"", "placeholder", "title"}
TOO_WIDE = """
const page = document.documentElement;
const boxes = [...document.querySelectorAll("body, body *")].filter(
  each => each.scrollWidth > each.clientWidth && getComputedStyle(each).overflowX !== "visible");
return [page, ...boxes].filter(each => each.scrollWidth > each.clientWidth)
  .map(each => `${each.tagName} .${each.className} ${each.scrollWidth} > ${each.clientWidth}`)
  .concat([...document.querySelectorAll(".scroll")]
    .filter(each => each.scrollHeight > each.clientHeight).map(each => "a box scrolls down"));
"""
"""The page, or a box in it, that shows a bar to scroll to the side, or a box with one downwards."""
PALE = """
const numbers = text => text.match(/[0-9.]+/g).map(Number);
const light = ([red, green, blue]) => [red, green, blue]
  .map(each => each / 255)
  .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
  .reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
const ground = each => {
  for (; each; each = each.parentElement) {
    const [red, green, blue, whole = 1] = numbers(getComputedStyle(each).backgroundColor);
    if (whole === 1) return [red, green, blue];
  }
  return [255, 255, 255];
};
const found = new Set();
const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (words.nextNode()) {
  const each = words.currentNode.parentElement;
  if (!words.currentNode.data.trim() || !each.checkVisibility() || each.closest("svg")) continue;
  const style = getComputedStyle(each), size = parseFloat(style.fontSize);
  const [more, less] = [light(numbers(style.color)), light(ground(each))].sort((a, b) => b - a);
  const contrast = (more + 0.05) / (less + 0.05);
  if (contrast < (size < 24 ? 4.5 : 3) || size < 14)
    found.add(`${words.currentNode.data.trim()} ${size}px ${contrast.toFixed(1)}`);
}
return [...found];
"""
"""Words that are hard to read: pale upon their ground, or small."""
WATCH = """
window.stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter(each => each.checkVisibility() && !each.disabled && each.type !== "hidden")
  .filter(each => arguments[0] || each.closest("main"));
if (!arguments[0]) document.querySelector("header button").focus();
window.reached = [];
const reach = each => {
  const style = getComputedStyle(each);
  const ring = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  if (window.stops.includes(each)) window.reached.push([window.stops.indexOf(each), ring]);
};
reach(document.activeElement);
document.addEventListener("focusin", event => reach(event.target));
return window.stops.map(each => each.type === "date" ? 4 : 1).reduce((a, b) => a + b, 0);
"""
"""Notes whatever the keyboard reaches, from the top of the page or from the end of its bar on; how
many times Tab has to be pressed for all of it."""
MAIN = "return window.stops.map((each, at) => each.matches('button.first') ? at : -1)"


@dataclass
class Seen:
    """What one page showed."""

    errors: list[str]
    too_wide: list[str]
    pale: list[str]
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    """(role, name, what gave the name)."""
    refreshes: bool = False
    stops: int = 0
    reached: list[list[int]] = field(default_factory=list)
    main: list[int] = field(default_factory=list)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """Every page by its name, as a person sees it who may do everything."""
    hub = RunningHub(tmp_path_factory.mktemp("brand") / "hub", "")
    office, pages = a_brand_at_work(hub)
    ann = office.browser("ann")
    kept = answers(ann)
    found = {}
    with a_chromium() as desk:
        desk.begin(hub.address)
        desk.open("/hq/sign-in")
        found["sign-in"] = looked_at(desk, bar=True)
        desk.goes_on_for(ann)
        for name, path in pages.items():
            desk.open(path)
            found[name] = looked_at(desk, bar=name == "overview")
        for path, page in kept.items():
            desk.open("/hq/acts")
            desk.shows(page)
            found[path.strip("/")] = looked_at(desk)
        desk.size(PHONE)
        for name, path in {**pages, **TRACED}.items():
            desk.open(path)
            found[f"{name}, phone"] = Seen(desk.errors(), desk.ask(TOO_WIDE), desk.ask(PALE))
    hub.close()
    return found


def looked_at(desk: Chromium, *, bar: bool = False) -> Seen:
    """The page that is open, and where Tab leads in it; the bar is the same on all of them."""
    seen = Seen(desk.errors(), desk.ask(TOO_WIDE), desk.ask(PALE), fields_of(desk))
    seen.refreshes = bool(desk.ask("return document.querySelector('meta[http-equiv=refresh]')"))
    desk.keys(*[Keys.TAB] * desk.ask(WATCH, bar))
    seen.reached, seen.main = desk.ask("return window.reached"), desk.ask(MAIN)
    seen.stops = len(seen.main)
    return seen


def fields_of(desk: Chromium) -> list[tuple[str, str, str]]:
    """What can be filled in or pressed, as the browser tells a screen reader."""
    found = []
    for node in desk.heard():
        if (role := node["role"]["value"]) in FIELDS:
            name = node["name"]
            used = next((each["type"] for each in name["sources"] if "value" in each), "")
            found.append((role, name["value"], used))
    return found


def found_on(seen: dict[str, Seen], what: str) -> dict[str, Any]:
    """The pages on which something of this kind was found."""
    return {name: value for name, each in seen.items() if (value := getattr(each, what))}


def test_no_page_logs_an_error_to_the_browsers_console(seen: dict[str, Seen]) -> None:
    wrong = found_on(seen, "errors")
    for name in ("nothing", "nothing, phone"):
        (itself,) = wrong.pop(name)
        assert "404" in itself
    assert wrong == {}


def test_nothing_has_to_be_scrolled_to_the_side(seen: dict[str, Seen]) -> None:
    wrong = found_on(seen, "too_wide")
    # On a phone a table scrolls in its own box, the page never.
    boxes = ("DIV .scroll", "DIV .panel scroll")
    for name in [each for each in wrong if each.endswith(", phone")]:
        if all(each.startswith(boxes) for each in wrong[name]) and not name.startswith("trace"):
            del wrong[name]
    assert wrong == {}


def test_every_word_can_be_read(seen: dict[str, Seen]) -> None:
    assert found_on(seen, "pale") == {}


def test_every_field_has_a_label_and_every_button_words(seen: dict[str, Seen]) -> None:
    wrong = {
        (page, role, name)
        for page, each in seen.items()
        for role, name, used in each.fields
        if not name or used in NO_LABEL
    }
    assert wrong == set()
    assert sum(len(each.fields) for each in seen.values()) > 200


def test_tab_reaches_everything_in_the_order_of_reading_and_says_where_one_is(
    seen: dict[str, Seen],
) -> None:
    for name, each in seen.items():
        order = list(dict.fromkeys(at for at, _ring in each.reached))
        assert order == list(range(each.stops)), name
        assert min((ring for _at, ring in each.reached), default=3) >= 3, name


def test_a_page_with_something_to_send_has_a_main_button_that_tab_reaches(
    seen: dict[str, Seen],
) -> None:
    for name in ("sign-in", "overview-still", "prices", "promotions", "waiting", "recalls", "good",
                 "updates", "people", "staff", "festivals", "preview", "import"):  # fmt: skip
        mains = [at for at in seen[name].main if at >= 0]
        assert mains, name
        assert set(mains) <= {at for at, _ring in seen[name].reached}, name


def test_a_page_that_loads_itself_again_has_nothing_to_type_in(seen: dict[str, Seen]) -> None:
    typed = {"textbox", "searchbox", "combobox", "checkbox", "spinbutton", "Date"}
    again = {name: each for name, each in seen.items() if each.refreshes}
    assert "overview" in again
    for name, each in again.items():
        assert [one for one in each.fields if one[0] in typed] == [], name
