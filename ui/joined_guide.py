"""The guide's pages, 商品导入 and the recovery code at the door, joined."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.catalogue.actions import SAMPLE_CLASSES, load_sample
from app.errors import ShopError
from app.transaction import transaction
from ui.language import error_words, tr
from ui.presenters.desk_work import DeskWork
from ui.presenters.goods_import import GoodsImportPresenter
from ui.presenters.guide import GuidePresenter
from ui.presenters.recovering import RecoverPresenter
from ui.presenters.shell import Shell
from ui.screens.first_run import FirstRunScreen
from ui.screens.goods_import import GoodsImportScreen
from ui.sounds import Sounds
from ui.startup import CATALOGUE
from ui.theme import Theme
from ui.views import MessageView
from ui.window import TillWindow

if TYPE_CHECKING:
    from ui.application import Application


def join(app: "Application") -> None:
    """Add the pages and say where their ends lead."""
    window, shell, work, sounds, theme = app.window, app.shell, app.work, app.sounds, app.theme
    importing = _join_import(window, shell, work, sounds, theme)
    _join_pages(window, shell, work, sounds, theme, importing)
    _join_recovery(window, shell, work, sounds, theme)


def _join_import(
    window: TillWindow, shell: Shell, work: DeskWork, sounds: Sounds, theme: Theme
) -> GoodsImportPresenter:
    screen = GoodsImportScreen(theme)
    window.add_page("goods", screen)
    importing = GoodsImportPresenter(shell.counter, screen, work, sounds)
    window.closing.connect(importing.close)

    def open_room() -> None:
        importing.on_left = shell.leave
        importing.open()

    shell.add_room("goods", open_room)
    return importing


def _join_pages(
    window: TillWindow,
    shell: Shell,
    work: DeskWork,
    sounds: Sounds,
    theme: Theme,
    importing: GoodsImportPresenter,
) -> None:
    screen, till = FirstRunScreen(theme), shell.till
    window.add_page("guide", screen, keys=False)
    guide = GuidePresenter(till, screen, work, sounds)

    def shown() -> None:
        window.show_page("guide")
        shell.show_strip()

    def open_again() -> None:
        desk = shell.counter.desk
        work.do(lambda: desk.allowed("settings"), lambda _by: guide.begin_again(),
                shell.sell_refused)  # fmt: skip

    def back_to_goods() -> None:
        guide.show("goods")

    def import_goods() -> None:
        importing.on_left = back_to_goods
        shell.show("goods", importing.open)

    def load_classes() -> None:
        def fill() -> None:
            with transaction(till.books, staff=till.counter.desk.person) as tx:
                load_sample(tx, CATALOGUE, SAMPLE_CLASSES)

        def refused(error: ShopError) -> None:
            guide.say(MessageView(text=error_words(error), code=error.code))

        said = MessageView(text=tr("品牌和分类有了，接着导入商品或先空着"), tone="ok")
        work.do(fill, lambda _nothing: guide.say(said), refused)

    guide.on_shown, guide.on_import, guide.on_sample = shown, import_goods, load_classes
    shell.on_guide_scan = guide.scanned
    entrance = shell.entrance
    guide.on_done = entrance.come_in
    shell.add_way("guide", open_again)
    entrance.on_ready = _first(guide, entrance.on_ready)
    entrance.on_shift_needed = _first(guide, entrance.on_shift_needed)


def _first(guide: GuidePresenter, then: Callable[[], None]) -> Callable[[], None]:
    """The guide where something is left to ask, else what comes after the door."""

    def come_in() -> None:
        (guide.open if guide.wanted() else then)()

    return come_in


def _join_recovery(
    window: TillWindow, shell: Shell, work: DeskWork, sounds: Sounds, theme: Theme
) -> None:
    screen, entrance = FirstRunScreen(theme), shell.entrance
    window.add_page("recover", screen, keys=False)
    recovering = RecoverPresenter(shell.counter, screen, work, sounds)

    def back_to_the_door() -> None:
        window.show_page("sign_in")

    def done(number: str, pin: str) -> None:
        back_to_the_door()
        entrance.sign_in(number, pin)

    def recover(number: str) -> None:
        recovering.open(number)
        window.show_page("recover")

    recovering.on_left, recovering.on_done = back_to_the_door, done
    entrance.on_recover = recover
