"""One style sheet from the tokens; widgets say what they are with the property `look`."""

from pathlib import Path

from ui.theme import RADIUS, SIZES, Theme

_ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
_ARROW = (_ICONS / "chevron-down.svg").as_posix()


def style_sheet(theme: Theme) -> str:
    """The whole application's style sheet for a theme."""
    return "\n".join(part(theme) for part in (_texts, _fields, _buttons, _frames, _bars))


def _size(theme: Theme, name: str) -> str:
    return f"font-size: {theme.px(SIZES[name])}px;"


def _texts(theme: Theme) -> str:
    c = theme.colours
    rules = [
        f'* {{ font-family: "{theme.family}"; }}',
        f"QWidget {{ {_size(theme, 'body')} color: {c.ink}; }}",
        "QLabel { background: transparent; }",
        f'QLabel[look="muted"] {{ color: {c.muted}; }}',
        f'QLabel[look="small"] {{ color: {c.muted}; {_size(theme, "small")} }}',
        f'QLabel[look="product"] {{ {_size(theme, "product")} }}',
        f'QLabel[look="strong"] {{ {_size(theme, "product")} font-weight: 700; }}',
        f'QLabel[look="title"] {{ {_size(theme, "title")} font-weight: 700; }}',
        f'QLabel[look="headline"] {{ {_size(theme, "figure")} font-weight: 700; }}',
        f'QLabel[look="due"] {{ {_size(theme, "due")} font-weight: 700; }}',
        f'QLabel[look="total"] {{ {_size(theme, "total")} font-weight: 700; }}',
        f'QLabel[look="change"] {{ {_size(theme, "change")} font-weight: 700; color: {c.brand}; }}',
        f'QLabel[look="short"] {{ {_size(theme, "change")} font-weight: 700; color: {c.danger}; }}',
        f'QLabel[look="change_tight"] {{ {_size(theme, "total")} font-weight: 700;'
        f" color: {c.brand}; }}",
        f'QLabel[look="short_tight"] {{ {_size(theme, "total")} font-weight: 700;'
        f" color: {c.danger}; }}",
        f'QLabel[look="accent"] {{ color: {c.accent}; }}',
        f'QLabel[look="danger"] {{ color: {c.danger}; font-weight: 700; }}',
        f'QLabel[look="ok"] {{ color: {c.ok}; font-weight: 700; }}',
    ]
    return "\n".join(rules)


def _fields(theme: Theme) -> str:
    c, px = theme.colours, theme.px
    return f"""
QLineEdit, QPlainTextEdit, QComboBox {{
  background: {c.surface}; border: 1px solid {c.edge}; border-radius: {px(RADIUS)}px;
  padding: 0 {px(12)}px; margin: 2px; min-height: {px(42)}px;
  selection-background-color: {c.brand}; selection-color: {c.on_brand};
  placeholder-text-color: {c.muted};
}}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{
  border: 3px solid {c.ring}; margin: 0; }}
QLineEdit[refused="true"] {{ border: 3px solid {c.danger}; margin: 0; }}
QLineEdit:disabled {{ color: {c.muted}; background: {c.pressed}; }}
QLineEdit[look="scan"] {{ {_size(theme, "product")} min-height: {px(48)}px;
  padding: 0 {px(16)}px; }}
QLineEdit[look="tendered"] {{ selection-background-color: {c.brand_soft};
  selection-color: {c.ink}; {_size(theme, "due")} font-weight: 700; min-height: {px(58)}px;
  padding: 0 {px(16)}px; }}
QLineEdit[look="pin"] {{ {_size(theme, "figure")} min-height: {px(48)}px; }}
QPlainTextEdit {{ padding: {px(8)}px {px(12)}px; }}
QComboBox::drop-down {{ border: none; width: {px(36)}px; }}
QComboBox::down-arrow {{ image: url("{_ARROW}"); width: {px(18)}px; height: {px(18)}px; }}
QComboBox QAbstractItemView {{ background: {c.surface}; border: 1px solid {c.edge};
  selection-background-color: {c.brand_soft}; selection-color: {c.ink}; outline: none; }}
"""


def _buttons(theme: Theme) -> str:
    c, px = theme.colours, theme.px
    return f"""
QPushButton {{ background: {c.surface}; border: 1px solid {c.edge}; margin: 2px;
  border-radius: {px(RADIUS)}px; min-height: {px(42)}px; padding: 0 {px(16)}px; }}
QPushButton:pressed {{ background: {c.pressed}; }}
QPushButton:focus {{ border: 3px solid {c.ring}; margin: 0; }}
QPushButton:checked {{ border: 2px solid {c.brand}; margin: 1px; background: {c.brand_soft};
  font-weight: 700; }}
QPushButton:disabled {{ color: {c.muted}; background: {c.pressed}; border-color: {c.line}; }}
QPushButton[look="primary"] {{ background: {c.brand}; border-color: {c.brand};
  color: {c.on_brand}; font-weight: 700; {_size(theme, "product")} }}
QPushButton[look="primary"]:pressed {{ background: {c.brand_down}; }}
QPushButton[look="primary"]:disabled {{ background: {c.pressed}; color: {c.muted};
  border-color: {c.line}; }}
QPushButton[look="quiet"] {{ background: transparent; border-color: transparent;
  color: {c.brand}; }}
QPushButton[look="quiet"]:pressed {{ background: {c.pressed}; }}
"""


def _frames(theme: Theme) -> str:
    c, px = theme.colours, theme.px
    return f"""
QWidget[look="paper"] {{ background: {c.paper}; }}
QWidget[look="surface"] {{ background: {c.surface}; }}
QWidget[look="card"] {{ background: {c.surface}; border: 1px solid {c.line};
  border-radius: {px(RADIUS)}px; }}
QWidget[look="floating"] {{ background: {c.surface}; border: 1px solid {c.muted};
  border-radius: {px(RADIUS)}px; }}
QFrame[look="rule"] {{ background: {c.line}; border: none; max-height: 1px; min-height: 1px; }}
QWidget[look="upright_line"] {{ background: {c.line}; }}
QFrame[look="upright"] {{ background: {c.line}; border: none; max-width: 1px; min-width: 1px; }}
QAbstractScrollArea {{ border: none; background: transparent; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
"""


def _bars(theme: Theme) -> str:
    c, px = theme.colours, theme.px
    return f"""
QScrollBar:vertical {{ background: transparent; width: {px(12)}px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {c.edge}; min-height: {px(48)}px;
  border-radius: {px(3)}px; margin: 0 {px(3)}px; }}
QHeaderView::section {{ background: {c.paper}; color: {c.ink}; border: none;
  border-bottom: 1px solid {c.line}; padding: {px(4)}px {px(8)}px; }}
QScrollBar:horizontal {{ background: transparent; height: {px(12)}px; }}
QScrollBar::handle:horizontal {{ background: {c.edge}; border-radius: {px(3)}px;
  margin: {px(3)}px 0; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ border: none; background: {c.line}; max-height: {px(8)}px;
  border-radius: {px(4)}px; }}
QProgressBar::chunk {{ background: {c.brand}; border-radius: {px(4)}px; }}
"""
