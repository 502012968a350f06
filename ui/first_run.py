"""The first run: which shop this is and who works there, then the till opens.

One question a page; nothing is written before the last answer, so a guide that is closed or killed
leaves an empty folder and simply begins again.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop

from app.clock import Clock
from app.errors import ShopError
from app.ids import Ids
from app.opening import NewTill, open_folder
from app.shop.actions import change_settings
from app.staff.actions import set_person
from app.transaction import transaction
from ui.keys import key_map, read_actions
from ui.language import error_words, tr
from ui.room_views import CardView, FieldView, GuideView
from ui.screens.first_run import FirstRunScreen
from ui.startup import open_demo
from ui.theme import Theme
from ui.views import MessageView, StripView
from ui.window import TillWindow

KEY_FILE_CODES = ("keystore_missing",)


class Guide:
    """Remembers the answers until they are enough to make a till."""

    def __init__(self, data: Path, clock: Clock, ids: Ids) -> None:
        self._data, self._clock, self._ids = data, clock, ids
        theme = Theme()
        self.window = TillWindow(theme, key_map(read_actions()), clock)
        self.window.key_bar.hide()
        self.window.show_strip(StripView(shop="开平优品", till=""))
        self.screen = FirstRunScreen(theme)
        self.window.add_page("guide", self.screen)
        self.window.show_page("guide")
        self._page = "which"
        self._shop: dict[str, str] = {}
        self._keystore = "keyring"
        self.done = False
        self._loop = QEventLoop()
        self.screen.card_chosen.connect(self.choose)
        self.screen.answered.connect(self.answered)
        self.screen.back.connect(lambda: self.show("which"))
        self.screen.message_closed.connect(lambda: self.show(self._page))
        self.screen.message_action.connect(lambda _name: self._use_key_file())
        self.window.closing.connect(self._loop.quit)
        self.show("which")

    def run(self) -> bool:
        """Ask until the till stands (True) or the window is closed (False)."""
        self.window.resize(1366, 768)
        self.window.show()
        self._loop.exec()
        return self.done

    def show(self, page: str, message: MessageView | None = None) -> None:
        """Show one page."""
        self._page = page
        steps = (tr("这是哪个店"), tr("店铺"), tr("第一个人"))
        number = {"which": 0, "shop": 1, "person": 2}[page]
        fields = {"which": (), "shop": _shop_fields(), "person": _person_fields()}[page]
        cards = (
            CardView(name="demo", word=tr("先看看"), icon="play",
                     description=tr("演示店：107 种商品，随便卖，不进真账")),
            CardView(name="alone", word=tr("开自己的店"), icon="store",
                     description=tr("填店名和第一个人，就可以开班")),
        )  # fmt: skip
        self.screen.show_view(
            GuideView(
                step=number,
                steps=steps,
                title=steps[number],
                cards=cards if page == "which" else (),
                fields=fields,
                can_go_back=page != "which",
                can_skip=False,
                next_enabled=page != "which",
                next_word=tr("开店") if page == "person" else "",
                message=message,
            )
        )

    def choose(self, name: str) -> None:
        """A card of the first page."""
        if name == "demo":
            self._try(self._make_demo)
        else:
            self.show("shop")

    def answered(self, values: dict[str, str]) -> None:
        """Enter on a page of fields."""
        if self._page == "shop":
            self._shop = values
            self.show("person")
        elif self._page == "person":
            self._shop |= values
            self._try(self._make_shop)

    def _make_demo(self) -> None:
        open_demo(self._data, till="1", stock=True, clock=self._clock, ids=self._ids).close()

    def _make_shop(self) -> None:
        shop = self._shop
        new = NewTill(
            shop=shop["code"].upper() or "KP01",
            till=shop["till"] or "1",
            keystore=self._keystore,
        )
        opened = open_folder(self._data, clock=self._clock, ids=self._ids, new=new)
        try:
            with transaction(opened.books) as tx:
                set_person(
                    tx, number=shop["number"], name=shop["name"], role="manager", pin=shop["pin"]
                )
                change_settings(
                    tx, {"shop_name": shop["shop_name"], "seller_name": shop["seller_name"]}
                )
        except ShopError:
            opened.close()
            for left in self._data.glob("till.db*"):
                left.unlink()
            raise
        opened.close()

    def _try(self, make: Callable[[], None]) -> None:
        try:
            make()
        except ShopError as error:
            words = error_words(error)
            choice = error.code in KEY_FILE_CODES
            self.show(
                self._page,
                MessageView(
                    text=words,
                    code=error.code,
                    action="file" if choice else "",
                    action_word=tr("钥匙存成只有我能读的文件") if choice else "",
                ),
            )
            return
        self.done = True
        self.window.close()

    def _use_key_file(self) -> None:
        """The owner chose a key file, with the warning in front of them."""
        self._keystore = "file"
        self._try(self._make_shop)


def _shop_fields() -> tuple[FieldView, ...]:
    return (
        FieldView(name="shop_name", word=tr("店名"), hint=tr("印在小票抬头")),
        FieldView(name="seller_name", word=tr("销售方"), hint=tr("营业执照上的名称")),
        FieldView(name="code", word=tr("店号"), value="KP01", kind="code"),
        FieldView(name="till", word=tr("机号"), value="1", kind="code"),
    )


def _person_fields() -> tuple[FieldView, ...]:
    return (
        FieldView(name="number", word=tr("工号"), hint=tr("2 到 8 位数字"), kind="code"),
        FieldView(name="name", word=tr("姓名")),
        FieldView(name="pin", word=tr("PIN（至少六位）"), kind="secret"),
    )


def run_guide(data: Path, clock: Clock, ids: Ids) -> bool:
    """Ask the first questions; whether a till stands in the folder now."""
    return Guide(data, clock, ids).run()
