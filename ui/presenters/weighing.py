"""The scale on the counter at the window: what it says while a weight is asked, and taking it."""

import msgspec
from PySide6.QtCore import QTimer

from app.errors import Refusal, ShopError
from app.quantity import shown
from printers.devices.scale import Weight
from ui.background import Background
from ui.language import error_words, tr
from ui.presenters.desk_work import DeskWork
from ui.presenters.selling import SellingPresenter
from ui.startup import Till
from ui.views import SCALE

LOOK_MS = 300
"""How often the scale is looked at while its weight is asked for."""


def net_of(till: Till) -> int:
    """Grams that stand still on the counter's scale, without the tare.

    Raises Refusal: no_scale, scale_unstable, bad_quantity; Trouble("scale_unreachable").
    """
    if till.devices.scale is None:
        raise Refusal("no_scale")
    weight = till.devices.scale.weight()
    if not weight.stable:
        raise Refusal("scale_unstable")
    if weight.net <= 0:
        raise Refusal("bad_quantity", text=kilograms(weight.net))
    return weight.net


def kilograms(grams: int) -> str:
    """ "4.320", with its sign below nothing."""
    sign = "\N{MINUS SIGN}" if grams < 0 else ""
    return sign + shown(abs(grams), weighed=True)


def said(weight: Weight) -> str:
    """What the scale says, in words."""
    words = tr("秤上 {net} kg", net=kilograms(weight.net))
    if weight.tare:
        words += tr("（已去皮 {tare} kg）", tare=kilograms(weight.tare))
    return words if weight.stable else words + " · " + tr("还没稳")


class Weighing:
    """Shows what the scale says over the question for a weight, and hands it over on Enter."""

    def __init__(self, till: Till, selling: SellingPresenter) -> None:
        self._till, self._selling = till, selling
        self._beside: DeskWork | None = None
        self._timer = QTimer(selling.screen)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._background: Background | None = None
        selling.has_scale = lambda: till.devices.scale is not None
        selling.weighed = lambda: kilograms(net_of(till))
        selling.on_weight = self._begin

    def close(self) -> None:
        """Let the thread go."""
        self._timer.stop()
        if self._background is not None:
            self._background.close()

    def _begin(self) -> None:
        """A weight is asked for. A scale at a port answers slowly: the counter does not wait."""
        if self._beside is None:
            self._background = Background()
            self._beside = DeskWork(self._background, lambda _error: None)
        self._timer.start()
        self._look()

    def _asked(self) -> bool:
        question = self._selling.shown.question
        return question is not None and any(each.name == SCALE for each in question.choices)

    def _look(self) -> None:
        scale = self._till.devices.scale
        if scale is None or not self._asked():
            self._timer.stop()
        elif self._beside is not None:
            self._beside.do(lambda: said(scale.weight()), self._tell, self._silent)

    def _silent(self, error: ShopError) -> None:
        self._tell(error_words(error))

    def _tell(self, words: str) -> None:
        question = self._selling.shown.question
        if question is not None and self._asked() and question.preview != words:
            self._selling.shown.question = msgspec.structs.replace(question, preview=words)
            self._selling.show()
