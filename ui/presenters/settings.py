"""设置 joined to the shop's settings."""

from collections.abc import Callable

from app.clock import local
from app.errors import ShopError
from app.languages import CHARACTERS, LANGUAGES
from app.sales.counter import Counter
from app.settings import SETTINGS
from ui.language import error_words, tr
from ui.presenters.desk_work import DeskWork
from ui.room_views import SettingGroupView, SettingsView, SettingView
from ui.screens.settings import SettingsScreen
from ui.sounds import Sounds
from ui.views import ChoiceView, MessageView

CHOICE_WORDS = {
    "flagship": "旗舰店", "chain": "连锁店", "counter": "专柜", "homestay": "民宿前台",
    "none": "不抹零", "jiao": "到角", "yuan": "到元",
    "always": "每单都印", "ask": "顾客要才印", "never": "不印",
    "auto": "跟着屏幕", "100": "标准", "125": "大", "150": "特大", "zh": "中文", "en": "English",
    "hant": "繁體中文", "light": "浅色", "dark": "深色",
}  # fmt: skip
SETTING_CHOICES = {
    "profile": ("flagship", "chain", "counter", "homestay"),
    "rounding": ("none", "jiao", "yuan"),
    "receipt_print": ("always", "ask", "never"),
    "large_type": ("auto", "100", "125", "150"),
    "colours": ("light", "dark"),
    "language": ("zh", "en"),
    "receipt_language": LANGUAGES,
    "customer_language": CHARACTERS,
}
OWN_PAGE = "receipt_template"


class SettingsPresenter:
    """设置: each change is a fact; its error stands beside it."""

    def __init__(
        self, counter: Counter, screen: SettingsScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        self._counter = counter
        self._screen = screen
        self._work = work
        self._sounds = sounds
        self._chosen = SETTINGS[0].group
        self._error: tuple[str, str] = ("", "")
        self.on_changed: Callable[[], None] = lambda: None
        self.on_template: Callable[[], None] = lambda: None
        """The receipt's words have a page of their own, with a picture."""
        screen.changed.connect(self._change)
        screen.group_chosen.connect(self._choose)
        screen.message_closed.connect(self.open)

    def open(self) -> None:
        """Show the settings as they stand."""
        self._screen.show_view(self._view())

    def _choose(self, group: str) -> None:
        self._chosen = group
        self.open()

    def _view(self, message: MessageView | None = None, saved: str = "") -> SettingsView:
        values = self._counter.desk.settings
        groups: dict[str, list[SettingView]] = {}
        for setting in SETTINGS:
            choices = SETTING_CHOICES.get(setting.key, ())
            groups.setdefault(setting.group, []).append(
                SettingView(
                    key=setting.key,
                    word=tr(setting.words),
                    kind="action" if setting.key == OWN_PAGE else "choice" if choices else "text",
                    value=tr("改文字、看样子")
                    if setting.key == OWN_PAGE
                    else "　".join(values[setting.key].splitlines()),
                    choices=tuple(
                        ChoiceView(name=name, word=tr(CHOICE_WORDS[name])) for name in choices
                    ),
                    error=self._error[1] if self._error[0] == setting.key else "",
                )
            )
        return SettingsView(
            groups=tuple(
                SettingGroupView(key=name, word=tr(name), settings=tuple(settings))
                for name, settings in groups.items()
            ),
            chosen=self._chosen,
            message=message,
            saved=saved,
        )

    def _change(self, key: str, value: str) -> None:
        if key == OWN_PAGE:
            self.on_template()
            return
        counter = self._counter
        value = "\n".join(part.strip() for part in value.split("　"))

        def ready(_nothing: None) -> None:
            self._error = ("", "")
            now = local(counter.books.clock.wall_ms()).strftime("%H:%M")
            self._screen.show_view(self._view(saved=tr("{time} 已保存", time=now)))
            self.on_changed()

        def refused(error: ShopError) -> None:
            self._sounds.play("refused")
            if error.code.startswith(("setting_", "scale_format")):
                self._error = (key, error_words(error))
                self.open()
                return
            message = MessageView(text=error_words(error), code=error.code)
            self._screen.show_view(self._view(message=message))

        self._work.do(lambda: counter.desk.change_settings({key: value}), ready, refused)
