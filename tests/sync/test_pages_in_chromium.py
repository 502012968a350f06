"""Every page of head office in a real Chromium: what holds on all of them, seen in one walk.

Measured in the page as it is painted; the fields and their names are what a screen reader hears.
"""

from collections.abc import Iterator
from pathlib import Path

from selenium.webdriver.common.keys import Keys

from tests.support.chromium import PHONE, Chromium, a_chromium
from tests.support.hubs import RunningHub
from tests.support.office import Browser
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
PAINTED = """
return [...document.querySelectorAll("button, input, select, textarea")]
  .filter(each => each.checkVisibility() && each.type !== "hidden").length;
"""
"""Fields and buttons."""
WATCH = """
window.stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter(each => each.checkVisibility() && !each.disabled && each.type !== "hidden")
  .filter(each => arguments[0] || each.closest("main"));
if (!arguments[0]) document.querySelector("header button").focus();
window.main = window.stops.map(each => each.matches("button.first"));
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
TYPED = FIELDS - {"button"}
SENDING = ("sign-in", "overview-still", "prices", "promotions", "waiting", "recalls", "good",
           "updates", "people", "staff", "festivals", "preview", "import")  # fmt: skip
"""Pages with a main button."""


def test_every_page_is_whole_in_a_real_browser(tmp_path: Path) -> None:
    hub = RunningHub(tmp_path / "hub", "")
    office, pages = a_brand_at_work(hub)
    ann = office.browser("ann")
    with a_chromium() as desk:
        desk.begin(hub.address)
        wrong = dict(walked(desk, ann, pages, answers(ann)))
    hub.close()
    assert {name: found for name, found in wrong.items() if found} == {}
    assert len(wrong) > 50


def walked(
    desk: Chromium, ann: Browser, pages: dict[str, str], kept: dict[str, str]
) -> Iterator[tuple[str, list[str]]]:
    """Every page as a person sees it who may do everything: its name, what is wrong with it."""
    desk.open("/hq/sign-in")
    yield "sign-in", wrong_at_the_desk(desk, "sign-in")
    desk.goes_on_for(ann)
    for name, path in pages.items():
        desk.open(path)
        yield name, wrong_at_the_desk(desk, name)
    for path, page in kept.items():
        name = path.strip("/")
        desk.open("/hq/acts")
        desk.shows(page)
        yield name, wrong_at_the_desk(desk, name)
    desk.size(PHONE)
    for name, path in {**pages, **TRACED}.items():
        desk.open(path)
        # On a phone a table of head office scrolls in its own box, the page never.
        boxes = () if name in TRACED else ("DIV .scroll", "DIV .panel scroll")
        wide = [each for each in desk.ask(TOO_WIDE) if not each.startswith(boxes)]
        yield f"{name}, phone", [*console(desk, name), *wide, *desk.ask(PALE)]


def wrong_at_the_desk(desk: Chromium, name: str) -> list[str]:
    """What is wrong with the page that is open."""
    return [
        *console(desk, name), *desk.ask(TOO_WIDE), *desk.ask(PALE), *wrong_fields(desk),
        *wrong_keyboard(desk, name),
    ]  # fmt: skip


def console(desk: Chromium, name: str) -> list[str]:
    """What the browser complains of; that a page is not there is no complaint where it is asked
    for."""
    found = desk.errors()
    return [each for each in found if name != "nothing" or "404" not in each]


def wrong_fields(desk: Chromium) -> list[str]:
    """Fields without a label as a screen reader hears them, or with no time to fill them in."""
    again = desk.ask("return document.querySelector('meta[http-equiv=refresh]') !== null")
    heard = [each for each in desk.heard() if each["role"]["value"] in FIELDS]
    found = [] if len(heard) >= desk.ask(PAINTED) else ["a field or button is not heard"]
    for role, name in ((each["role"]["value"], each["name"]) for each in heard):
        used = next((each["type"] for each in name["sources"] if "value" in each), "")
        if not name["value"] or used in NO_LABEL:
            found.append(f"{role} {name['value']} has no label")
        if again and role in TYPED:
            found.append(f"{name['value']} is lost when the page loads itself again")
    return found


def wrong_keyboard(desk: Chromium, name: str) -> list[str]:
    """Where Tab leads: everywhere in the order of reading, a ring around where one is. The bar on
    top is the same on all pages, so one is enough."""
    desk.keys(*[Keys.TAB] * desk.ask(WATCH, name in ("sign-in", "overview")))
    reached, main = desk.ask("return [window.reached, window.main]")
    order = list(dict.fromkeys(at for at, _ring in reached))
    found = [] if order == list(range(len(main))) else [f"Tab goes {order} of {len(main)}"]
    if any(ring < 3 for _at, ring in reached):
        found.append("no ring around what has the focus")
    if name in SENDING and not any(main[at] for at in order):
        found.append("Tab reaches no main button")
    return found
