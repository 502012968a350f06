"""A real Chromium without a window, and hands at the page it shows.

Driven over WebDriver by Debian's own driver, which always fits its Chromium; nothing is fetched.
"""

import base64
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from tests.support.office import Browser

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
DRIVERS = ("chromedriver", "chromium.chromedriver")
PATIENCE_S = 30
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    # It speaks with nobody but the page's hub.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-proxy-server",
)
FIELD = "*[self::input or self::select or self::textarea]"
PRESSED = "*[self::button or self::a or self::summary or self::label]"
PLACE = "*[self::tr or self::div[@class='panel']]"
DESK, PHONE = (1366, 768), (390, 844)


def found(names: tuple[str, ...]) -> str:
    """The first of these programs on the path; one has to be there."""
    for name in names:
        if path := shutil.which(name):
            return path
    raise FileNotFoundError(
        f"没有 Chromium，不能看网页：./pos test 在 Debian 上会自己装；别的系统请装好 "
        f"{' 或 '.join(names)} (pages cannot be looked at: one of these programs is needed)"
    )


def _is_gone(page: WebElement) -> bool:
    """Whether a page has made way for another one."""
    try:
        page.is_enabled()
    except StaleElementReferenceException:
        return True
    except WebDriverException as error:
        # What its driver says in the moment between the two.
        if "does not belong to the document" not in (error.msg or ""):
            raise
        return True
    return False


class Chromium:
    """One browser: what it shows, and hands at it."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver
        self.address = ""

    def begin(self, address: str) -> None:
        """Nobody is signed in; paths are below this address from now on."""
        self.address = address
        self.driver.get("about:blank")
        self._tell("Network.clearBrowserCookies")
        self.errors()
        self.size(DESK)

    def size(self, wide_and_high: tuple[int, int]) -> None:
        """A desk's window, or a phone's screen where it is as narrow as one."""
        wide, high = wide_and_high
        self._tell(
            "Emulation.setDeviceMetricsOverride", width=wide, height=high, deviceScaleFactor=1,
            mobile=wide <= PHONE[0],
        )  # fmt: skip

    def open(self, path: str) -> None:
        self.driver.get(self.address + path)

    def goes_on_for(self, person: Browser) -> None:
        """The session of somebody who signed in elsewhere."""
        self._keep("hq", person.session.cookies["hq"])

    def speaks(self, language: str) -> None:
        """What pages are asked for in: head office's by their own choice, others by the phone's."""
        self._keep("hq_language", language)
        agent = self.ask("return navigator.userAgent")
        self._tell("Network.setUserAgentOverride", userAgent=agent, acceptLanguage=language)

    def _keep(self, name: str, value: str) -> None:
        self._tell("Network.setCookie", name=name, value=value, url=self.address + "/hq")

    def shows(self, page: str) -> None:
        """The answer to a form, in the place of the page that is open."""
        frame = self._tell("Page.getFrameTree")["frameTree"]["frame"]["id"]
        self._tell("Page.setDocumentContent", frameId=frame, html=page)

    def _tell(self, command: str, **fields: Any) -> Any:
        return self.driver.execute_cdp_cmd(command, fields)

    # --- what is seen ------------------------------------------------------------------------

    @property
    def path(self) -> str:
        return self.driver.current_url.removeprefix(self.address)

    def text(self) -> str:
        """Every word that is painted."""
        return self.driver.find_element(By.TAG_NAME, "body").text

    def said(self) -> str:
        """What the page answers: that it is done, or why not."""
        return self.driver.find_element(By.CSS_SELECTOR, "[role=status], [role=alert]").text

    def rows(self, words: str) -> list[str]:
        """The rows of tables in which this is painted."""
        rows = self.driver.find_elements(By.TAG_NAME, "tr")
        return [text for each in rows if words in (text := each.text)]

    def panels(self, words: str) -> list[str]:
        """The panels in which this is painted."""
        panels = self.driver.find_elements(By.CSS_SELECTOR, "div.panel")
        return [text for each in panels if words in (text := each.text)]

    def cards(self) -> dict[str, str]:
        """The large figures by what stands over them."""
        lines = [
            each.text.splitlines() for each in self.driver.find_elements(By.CSS_SELECTOR, ".card")
        ]
        return {words[0]: words[1] for words in lines}

    def frame_says(self, words: str) -> str:
        """What the page's frame says as soon as these words stand in it, however often it loads."""
        says = "return document.querySelector('iframe').contentDocument?.body?.innerText ?? ''"
        waiting = WebDriverWait(self.driver, PATIENCE_S, 0.05)
        found: str = waiting.until(
            lambda _driver: text if words in (text := self.ask(says)) else ""
        )
        return found.strip()

    def errors(self) -> list[str]:
        """What stands in the browser's console since the last look: refused, missing, broken."""
        return [each["message"] for each in self.driver.get_log("browser")]

    def heard(self) -> list[dict[str, Any]]:
        """The page as the browser tells it to a screen reader, node by node."""
        nodes = self._tell("Accessibility.getFullAXTree")["nodes"]
        return [each for each in nodes if not each["ignored"]]

    def ask(self, script: str, *arguments: Any) -> Any:
        """What a script that looks at the page finds."""
        return self.driver.execute_script(script, *arguments)

    def picture(self, to: Path) -> None:
        """The whole page as it is painted."""
        wide = self.ask("return window.innerWidth")
        self.size((wide, self.ask("return document.documentElement.scrollHeight")))
        self.driver.save_screenshot(str(to))

    def print_to(self, to: Path) -> None:
        """The page as paper, in the size it asks for itself."""
        printed = self._tell("Page.printToPDF", preferCSSPageSize=True)["data"]
        to.write_bytes(base64.b64decode(printed))

    # --- hands -------------------------------------------------------------------------------

    def keys(self, *keys: str) -> None:
        """Typed where the cursor is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def enter(self, *keys: str) -> None:
        """Typed where the cursor is, and sent by Enter."""
        with self._another_page():
            self.keys(*keys, Keys.ENTER)

    def field(self, label: str) -> WebElement:
        """The one field whose label begins with these words."""
        return self._one(f'//label[starts-with(normalize-space(), "{label}")]//{FIELD}')

    def fill(self, label: str, text: str) -> None:
        """Click on a field and type."""
        field = self.field(label)
        field.click()
        field.send_keys(text)

    def press(self, words: str, within: str = "", *, stays: bool = False) -> None:
        """Click on the one button or link that says this, in the one row or panel with `within`,
        and wait for the page it leads to, unless one `stays` where one is."""
        place = f'//{PLACE}[contains(normalize-space(), "{within}")]' if within else ""
        one = self._one(f'{place}//{PRESSED}[normalize-space()="{words}"]')
        with nullcontext() if stays else self._another_page():
            one.click()

    def _one(self, xpath: str) -> WebElement:
        """The one that is painted."""
        found = self.driver.find_elements(By.XPATH, xpath)
        (one,) = [each for each in found if each.is_displayed()]
        return one

    @contextmanager
    def _another_page(self) -> Iterator[None]:
        """Until it has come, nothing is read: it would be the old one's."""
        page = self.driver.find_element(By.TAG_NAME, "html")
        yield
        waiting = WebDriverWait(self.driver, PATIENCE_S, 0.02)
        waiting.until(lambda _driver: _is_gone(page))
        waiting.until(lambda _driver: self.ask("return document.readyState") == "complete")

    def choose(self, label: str, words: str) -> None:
        """Take an entry of a list."""
        Select(self.field(label)).select_by_visible_text(words)


@contextmanager
def a_chromium() -> Iterator[Chromium]:
    """A browser with a profile of its own, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="chromium-") as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = found(PROGRAMS)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        options.add_experimental_option("prefs", {"intl.accept_languages": "zh-CN"})
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options, webdriver.ChromeService(found(DRIVERS)))
        try:
            driver.set_page_load_timeout(PATIENCE_S)
            yield Chromium(driver)
        finally:
            driver.quit()
