"""The second screen: everything that costs money, large, for the person who pays it."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QCloseEvent, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from app.languages import in_language, traditional
from ui.language import tr
from ui.room_views import CustomerLineView, CustomerView, StoryView
from ui.theme import Theme
from ui.widgets import paint


class CustomerDisplay(QWidget):
    """A window of its own, without any control. Painted whole: it has nothing to press."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view = CustomerView()
        self.language = "zh"
        """What the customer reads: one of `app.languages.CHARACTERS`."""
        self._picture = QPixmap()
        self.setWindowTitle(tr("顾客屏"))
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_view(self, view: CustomerView) -> None:
        """Show what the customer may see."""
        picture = view.story.picture_png if view.story else b""
        before = self._view.story.picture_png if self._view.story else b""
        self._view = in_language(view, self.language)
        if picture != before:
            self._picture = QPixmap()
            if picture:
                self._picture.loadFromData(picture)
        self.setAccessibleName(
            f"{self._said(tr('应付'))} {view.total} {self._said(tr('找零'))} {view.change}"
        )
        self.update()

    def _said(self, words: str) -> str:
        """Our own words in the customer's characters."""
        return traditional(words) if self.language == "hant" else words

    def closeEvent(self, event: QCloseEvent) -> None:
        # The till's window closes this one; a customer's touch must not.
        event.setAccepted(not event.spontaneous())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, px = QPainter(self), self._theme, self._theme.px
        painter.fillRect(self.rect(), theme.colour("paper"))
        head = QRect(0, 0, self.width(), px(72))
        self._paint_head(painter, head)
        body = QRect(0, px(72), self.width(), self.height() - px(72))
        if self._view.mode == "idle":
            self._paint_idle(painter, body)
        elif self._view.mode == "paid":
            self._paint_paid(painter, body)
        else:
            self._paint_sale(painter, body)
        painter.end()

    def _paint_head(self, painter: QPainter, area: QRect) -> None:
        theme, px = self._theme, self._theme.px
        painter.fillRect(area, theme.colour("brand"))
        mark = QRect(px(24), px(16), px(36), px(42)).toRectF()
        letter = theme.font("amount", bold=True)
        on_brand, brand = theme.colour("on_brand"), theme.colour("brand")
        paint.shield(painter, mark, on_brand, "优", letter, brand)
        room = area.adjusted(px(76), 0, -px(24), 0)
        title = theme.font("title", bold=True)
        paint.text(painter, room, self._view.shop, title, on_brand)
        if self._view.demo:
            paint.text(painter, room, self._view.demo, title, on_brand, paint.RIGHT)

    def _paint_sale(self, painter: QPainter, area: QRect) -> None:
        px = self._theme.px
        side = area.width() * 3 // 10 if self._view.story or self._view.qr_rows else 0
        main = area.adjusted(px(32), px(16), -px(32) - side, -px(16))
        total = px(132)
        lines = QRect(main.left(), main.top(), main.width(), main.height() - total)
        self._paint_lines(painter, lines)
        foot = QRect(main.left(), main.bottom() - total + px(12), main.width(), total - px(12))
        self._paint_total(painter, foot)
        if side:
            card = QRect(area.right() - side, area.top(), side, area.height())
            painter.fillRect(card, self._theme.colour("surface"))
            inside = card.adjusted(px(24), px(24), -px(24), -px(24))
            if self._view.qr_rows:
                self._paint_code(painter, inside)
            elif self._view.story is not None:
                self._paint_story(painter, inside, self._view.story)

    def _paint_lines(self, painter: QPainter, area: QRect) -> None:
        px = self._theme.px
        heights = [px(52) + px(34) * len(line.reductions) for line in self._view.lines]
        # The newest lines are the ones being talked about; older ones leave at the top.
        first, used = len(heights), 0
        while first and used + heights[first - 1] <= area.height():
            first -= 1
            used += heights[first]
        top = area.top()
        for line, height in zip(self._view.lines[first:], heights[first:], strict=True):
            row = QRect(area.left(), top, area.width(), height)
            self._paint_line(painter, row, line)
            top += height

    def _paint_line(self, painter: QPainter, area: QRect, line: CustomerLineView) -> None:
        theme, px = self._theme, self._theme.px
        name, figure = theme.font("title"), theme.font("title", bold=True)
        ink, muted, accent = (theme.colour(name) for name in ("ink", "muted", "accent"))
        upper = QRect(area.left(), area.top(), area.width(), px(52))
        paint.text(painter, upper, line.amount, figure, ink, paint.RIGHT)
        quantity = upper.adjusted(0, 0, -px(150), 0)
        paint.text(painter, quantity, line.quantity, name, muted, paint.RIGHT)
        paint.text(painter, upper.adjusted(0, 0, -px(290), 0), line.name, name, ink)
        for number, reduction in enumerate(line.reductions):
            top = area.top() + px(46) + number * px(34)
            lower = QRect(area.left() + px(24), top, area.width() - px(24), px(34))
            body = theme.font("product")
            paint.text(painter, lower, reduction.name, body, accent)
            paint.text(painter, lower, reduction.amount, body, accent, paint.RIGHT)
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, theme.colour("line"))

    def _paint_total(self, painter: QPainter, area: QRect) -> None:
        theme, px = self._theme, self._theme.px
        painter.fillRect(area.left(), area.top(), area.width(), px(2), theme.colour("edge"))
        big, title = theme.font("change", bold=True), theme.font("figure")
        base = area.center().y() + QFontMetrics(big).capHeight() // 2 + px(6)
        wide = QFontMetrics(big).horizontalAdvance(self._view.total)
        left = area.right() - wide
        ink, muted = theme.colour("ink"), theme.colour("muted")
        paint.baseline_text(painter, left, base, self._view.total, big, ink, wide + 2)
        words = f"{self._said(tr('应付'))} ¥"
        word_wide = QFontMetrics(title).horizontalAdvance(words)
        left -= word_wide + px(12)
        paint.baseline_text(painter, left, base, words, title, muted, word_wide + 2)
        if self._view.saved:
            saved = self._said(tr("已优惠 {amount}", amount=self._view.saved))
            accent = theme.colour("accent")
            paint.baseline_text(
                painter, area.left(), base, saved, theme.font("title", bold=True), accent,
                left - area.left() - px(16),
            )  # fmt: skip

    def _paint_story(self, painter: QPainter, area: QRect, story: StoryView) -> None:
        theme, px = self._theme, self._theme.px
        top = area.top()
        if not self._picture.isNull():
            height = area.width() * self._picture.height() // max(1, self._picture.width())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(QRect(area.left(), top, area.width(), height), self._picture)
            top += height + px(16)
        else:
            banner = QRect(area.left(), top, area.width(), px(150))
            painter.fillRect(banner, theme.colour("brand_soft"))
            mark = QRect(0, 0, px(70), px(80))
            mark.moveCenter(banner.center())
            letter = theme.font("due", bold=True)
            brand, on_brand = theme.colour("brand"), theme.colour("on_brand")
            paint.shield(painter, mark.toRectF(), brand, "优", letter, on_brand)
            top += px(150) + px(20)
        title = QRect(area.left(), top, area.width(), px(40))
        paint.text(painter, title, story.title, theme.font("title", bold=True), theme.colour("ink"))
        if story.place:
            place = title.translated(0, px(34))
            paint.text(painter, place, story.place, theme.font("body"), theme.colour("brand"))
        text = QRect(area.left(), top + px(84), area.width(), area.bottom() - top - px(84))
        painter.setFont(theme.font("product"))
        painter.setPen(theme.colour("muted"))
        wrap = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
        painter.drawText(text, int(wrap), story.text)

    def _paint_code(self, painter: QPainter, area: QRect) -> None:
        theme, px = self._theme, self._theme.px
        rows = self._view.qr_rows
        dot = max(1, area.width() // (len(rows) + 8))
        size = dot * (len(rows) + 8)
        left, top = area.left() + (area.width() - size) // 2, area.top() + px(24)
        painter.fillRect(left, top, size, size, Qt.GlobalColor.white)
        for line, bits in enumerate(rows):
            for place, bit in enumerate(bits):
                if bit == "1":
                    x, y = left + (place + 4) * dot, top + (line + 4) * dot
                    painter.fillRect(x, y, dot, dot, Qt.GlobalColor.black)
        words = QRect(area.left(), top + size + px(12), area.width(), px(40))
        strong = theme.font("product", bold=True)
        paint.text(painter, words, self._view.qr_words, strong, theme.colour("ink"), paint.CENTER)

    def _paint_paid(self, painter: QPainter, area: QRect) -> None:
        theme, px = self._theme, self._theme.px
        ink, muted, brand = (theme.colour(name) for name in ("ink", "muted", "brand"))
        middle = QRect(area.left(), area.center().y() - px(170), area.width(), px(64))
        thanks = self._said(tr("谢谢光临"))
        paint.text(painter, middle, thanks, theme.font("due", bold=True), ink, paint.CENTER)
        paid = middle.translated(0, px(72))
        words = f"{self._view.paid_by}　¥ {self._view.total}"
        paint.text(painter, paid, words, theme.font("figure"), muted, paint.CENTER)
        if self._view.change:
            word = middle.translated(0, px(140))
            paint.text(
                painter, word, self._said(tr("找零")), theme.font("figure"), muted, paint.CENTER
            )
            figure = QRect(area.left(), word.bottom(), area.width(), px(110))
            big = theme.font("change", bold=True)
            paint.text(painter, figure, f"¥ {self._view.change}", big, brand, paint.CENTER)
        if self._view.notice:
            foot = QRect(area.left(), area.bottom() - px(64), area.width(), px(40))
            body = theme.font("product")
            paint.text(painter, foot, self._view.notice, body, muted, paint.CENTER)

    def _paint_idle(self, painter: QPainter, area: QRect) -> None:
        theme, px = self._theme, self._theme.px
        side = area.width() * 38 // 100 if self._view.story else 0
        main = area.adjusted(px(48), px(32), -px(48) - side, -px(32))
        title = QRect(main.left(), main.top(), main.width(), px(56))
        heading = self._view.prices_title or self._said(tr("今日价格"))
        paint.text(painter, title, heading, theme.font("due", bold=True), theme.colour("ink"))
        count = max(1, len(self._view.prices))
        beside = px(110) if any(price.change for price in self._view.prices) else 0
        height = min(px(84), (main.height() - px(72)) // count)
        for number, price in enumerate(self._view.prices):
            row = QRect(
                main.left(), title.bottom() + px(16) + number * height, main.width(), height
            )
            figure = theme.font("figure", bold=True)
            ink, muted = theme.colour("ink"), theme.colour("muted")
            change = row.adjusted(0, 0, 0, 0)
            paint.text(painter, change, price.change, theme.font("product"), muted, paint.RIGHT)
            shown = row.adjusted(0, 0, -beside, 0)
            paint.text(painter, shown, price.price, figure, ink, paint.RIGHT)
            name = row.adjusted(0, 0, -px(330), 0)
            paint.text(painter, name, price.name, theme.font("figure"), ink)
            painter.fillRect(row.left(), row.bottom(), row.width(), 1, theme.colour("line"))
        if side and self._view.story is not None:
            card = QRect(area.right() - side, area.top(), side, area.height())
            painter.fillRect(card, theme.colour("surface"))
            inside = card.adjusted(px(32), px(32), -px(32), -px(32))
            self._paint_story(painter, inside, self._view.story)
