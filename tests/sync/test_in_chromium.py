"""Head office's pages and the trace page in a real Chromium: hands at them, and a look at each.

What a page says over HTTP is tested elsewhere; here is what only a browser knows.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from sync.hub import updates
from sync.hub.people import STEP_S
from tests.support.chromium import PHONE, Chromium, a_chromium
from tests.support.hubs import RunningHub
from tests.support.office import PASSWORD, Office
from tests.sync.look_at_pages import TRACED, a_brand_at_work
from tests.ui_plain.test_updating import KEYS, listed_at, made

HOUR_MS = 3_600_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    """One for the file: it takes seconds to start."""
    with a_chromium() as one:
        yield one


@pytest.fixture(scope="module")
def brand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, dict[str, str]]]:
    """A brand with two shops, and its pages."""
    hub = RunningHub(tmp_path_factory.mktemp("brand") / "hub", "")
    office, pages = a_brand_at_work(hub)
    office.hire("bea", "approver", "毕女士")
    yield office, pages
    hub.close()


@pytest.fixture
def desk(browser: Chromium, brand: tuple[Office, dict[str, str]]) -> Iterator[Chromium]:
    """The browser at the brand's address, nobody signed in; its console stays empty."""
    browser.begin(brand[0].hub.address)
    yield browser
    assert browser.errors() == []


@pytest.fixture
def office(brand: tuple[Office, dict[str, str]]) -> Office:
    return brand[0]


def test_without_a_chromium_a_sentence_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FileNotFoundError, match="没有 Chromium"), a_chromium():
        pass


def sign_in(desk: Chromium, office: Office, person: str) -> None:
    """With the keyboard alone, from the first field the page puts the cursor in."""
    office.hub.clock.advance(STEP_S * 1000)
    desk.open("/hq/sign-in")
    desk.enter(person, Keys.TAB, PASSWORD, Keys.TAB, office.code_of(person))
    assert desk.path == "/hq"


def test_a_person_signs_in_with_both_factors_and_out_again(desk: Chromium, office: Office) -> None:
    desk.open("/hq/prices")
    assert desk.path == "/hq/sign-in"
    desk.enter("ann", Keys.TAB, PASSWORD, Keys.TAB, "000000")
    assert "动态码" in desk.said() and desk.path == "/hq/sign-in"
    # The answer to a wrong code is no page like the others, and the console says so.
    assert all("401" in each for each in desk.errors())
    sign_in(desk, office, "ann")
    assert "总览" in desk.text()
    desk.press("ann · 退出")
    assert desk.path == "/hq/sign-in"
    desk.open("/hq")
    assert desk.path == "/hq/sign-in"


def test_a_price_list_is_seen_before_it_is_published_and_taken_back(
    desk: Chromium, office: Office
) -> None:
    sign_in(desk, office, "ann")
    desk.press("价目")
    desk.fill("一行一种", "13006 15.80 12.00\n12006 190.00")
    desk.press("先看影响")
    cards = desk.cards()
    assert (cards["门店"], cards["变价商品"], cards["最大变动"]) == (
        "2",
        "2",
        "\N{MINUS SIGN}6.0 %",
    )
    assert any("16.80 15.80 \N{MINUS SIGN}6.0 %" in each for each in desk.rows("展示馆旗舰店"))
    assert "要另一位核准员" not in desk.text()
    desk.press("发布")
    assert desk.said() == "已发布，收银机下次联网时生效"
    row = desk.rows("KP01 v")[0]
    assert "发布" in row and "\N{MINUS SIGN}6.0 %" in row
    desk.press("撤回", within="\N{MINUS SIGN}6.0 %")
    assert desk.said() == "已撤回，这是一个新版本"
    assert "撤回" in desk.rows("KP01 v")[0]


def test_more_than_thirty_per_cent_goes_out_by_another_persons_hand(
    desk: Chromium, office: Office
) -> None:
    sign_in(desk, office, "ann")
    desk.open("/hq/prices")
    desk.fill("一行一种", "12006 130.00")
    desk.press("先看影响")
    assert "要另一位核准员同意才发布" in desk.text()
    desk.press("提交第二个人核准")
    assert desk.path.startswith("/hq/waiting") and "已交第二个人核准" in desk.said()
    panel = desk.panels("ann ·")
    assert "要另一位核准员同意" in panel[0] and "同意并发布" not in panel[0]
    desk.press("ann · 退出")
    sign_in(desk, office, "bea")
    desk.press("待核准")
    assert "12006 130.00" in desk.text(), "what is agreed to is seen"
    desk.press("同意并发布", within="ann ·")
    assert desk.said() == "已发布，收银机下次联网时生效"
    desk.press("价目")
    assert "ann · 核准 bea" in desk.rows("KP01 v")[0]


def test_an_update_file_is_chosen_on_the_disk_given_and_taken_back(
    desk: Chromium, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "release_keys", lambda: KEYS)
    sign_in(desk, office, "ann")
    desk.press("程序更新")
    desk.press("收下更新文件", stays=True)
    assert desk.path == "/hq/updates", "nothing is sent before a file is chosen"
    send_update(desk, made(tmp_path, "0.3.0"))
    assert desk.said() == "已保存"
    mine = "0.3.0 · linux-x86_64"
    assert "已给" not in desk.panels(mine)[0]
    desk.press("长沙店", within=mine, stays=True)
    desk.press("给这些门店", within=mine)
    assert "长沙店 ● 已给" in desk.panels(mine)[0] and "展示馆旗舰店 还没给" in desk.panels(mine)[0]
    desk.press("收回，不再给", within=mine)
    assert "已给" not in desk.panels(mine)[0]


def test_a_file_that_is_no_update_is_refused_in_words(
    desk: Chromium, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "release_keys", lambda: KEYS)
    sign_in(desk, office, "ann")
    damaged, other = made(tmp_path, "0.4.0"), tmp_path / "holiday.kpupdate"
    listed_at("pos")(damaged)
    other.write_bytes(b"no update")
    for path, why in ((damaged, "对不上，不能用"), (other, "这不是更新文件")):
        desk.open("/hq/updates")
        send_update(desk, path)
        assert why in desk.said()
        assert "什么都没有改" in desk.text()
        (refused,) = desk.errors()
        assert "status of 400" in refused


def send_update(desk: Chromium, path: Path) -> None:
    desk.field("更新文件").send_keys(str(path))
    desk.press("收下更新文件")


def test_a_recall_of_each_level_counts_its_hours_down(desk: Chromium, office: Office) -> None:
    sign_in(desk, office, "ann")
    desk.press("召回")
    for level in ("一级：24 小时", "二级：48 小时", "三级：72 小时"):
        desk.fill("货号", "22001")
        desk.fill("批次", "LH-1 LH-2")
        desk.choose("级别", level)
        desk.press("召回，全部门店停售")
        assert desk.said() == "已发布，收银机下次联网时生效"
    office.hub.clock.advance(30 * HOUR_MS)
    sign_in(desk, office, "ann")
    desk.open("/hq/recalls")
    said = [each.rsplit("▲ ")[-1].rsplit("■ ")[-1] for each in desk.rows("LH-1 LH-2")]
    assert said == ["还有 41 小时", "还有 17 小时", "过期限"]


@pytest.mark.parametrize(
    ("traced", "verdict"),
    [
        ("trace-genuine", "● 正品"),
        ("trace-sold", "▲ 这一件已经售出"),
        ("trace-recalled", "■ 已召回，请勿食用"),
        ("trace-unknown", "? 查不到"),
    ],
)
def test_a_customers_phone_says_first_whether_goods_are_genuine(
    desk: Chromium, traced: str, verdict: str
) -> None:
    desk.size(PHONE)
    desk.open(TRACED[traced])
    said = desk.driver.find_element(By.CSS_SELECTOR, ".verdict b")
    assert said.text == verdict
    # Without a touch of the screen, and whole.
    assert said.rect["y"] + said.rect["height"] < PHONE[1] // 2


def test_the_check_of_a_month_goes_on_in_a_frame_of_its_page(
    desk: Chromium, office: Office
) -> None:
    sign_in(desk, office, "ann")
    desk.open("/hq/reports/product?from=2026-11-01&to=2026-11-30")
    steps = desk.ask("return history.length")
    assert desk.frame_says("与流水账一致") == "与流水账一致"
    # The way back leads to the page before, not through the weeks.
    assert desk.ask("return history.length") == steps
    high = "const page = document.querySelector('iframe').contentDocument.documentElement;"
    assert desk.ask(f"{high} return page.scrollHeight <= page.clientHeight")
