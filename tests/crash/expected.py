"""What a till must be in after a crash: kept by hearing its answers, compared with what it finds.

The model is small on purpose: goods of one price each, whole pieces, cash. Before every kill at
most one command has no answer yet, so what is found afterwards must be the state the last answer
left, or the one the next command makes; nothing in between, nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.crash.till import Answer, Command

PRODUCTS = {"6900000110140": "11014", "6900000120019": "12001", "6900000210048": "21004"}
"""Barcode -> product code, of plain goods that ask no question."""
BAG, COUNTED = "99001", 60
"""What the deed of a count counts, and how many it finds."""
FLOAT = 500_00

Goods = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Shop:
    """A till's state as its answers tell it."""

    signed_in: bool = False
    shift: bool = True
    cash: int = FLOAT
    basket: Goods = ()
    held: tuple[tuple[str, Goods], ...] = ()
    sales: int = 0
    copies: int = 0
    closings: int = 0
    days: int = 0
    documents: int = 0
    """Of the stock room."""
    stock: int = 0
    bags: int = 100
    """Pieces that came in by them, less what left."""
    paying: int = 0
    """Sales whose amount nobody has heard yet: 1 for a payment that got no answer."""


def after(shop: Shop, command: Command) -> Shop:
    """The state once a command is carried out; unchanged where it is refused."""
    match command:
        case {"do": "sign_in"}:
            return replace(shop, signed_in=True)
        case {"do": "open_shift"} if not shop.shift:
            return replace(shop, shift=True, cash=FLOAT)
        case {"do": "scan", "code": code} if shop.shift:
            return replace(shop, basket=_with(shop.basket, PRODUCTS[code]))
        case {"do": "remove"} if shop.basket:
            return replace(shop, basket=shop.basket[1:])
        case {"do": "hold", "name": name} if shop.basket:
            return replace(shop, basket=(), held=(*shop.held, (name, shop.basket)))
        case {"do": "resume"} if len(shop.held) == 1 and not shop.basket:
            return replace(shop, basket=shop.held[0][1], held=())
        case {"do": "pay"} if shop.basket:
            return replace(shop, basket=(), sales=shop.sales + 1, paying=1)
        case {"do": "reprint"} if shop.sales and shop.shift:
            return replace(shop, copies=shop.copies + 1)
        case {"do": "close_shift"} if shop.shift:
            return replace(shop, shift=False, cash=0, closings=shop.closings + 1)
        case {"do": "z_report"} if not shop.shift:
            return replace(shop, days=shop.days + 1)
        case {"do": "receive" | "adjust" | "transfer_out" as do, "lines": lines}:
            sign = -1 if do == "transfer_out" else 1
            pieces = sum(sign * int(line["quantity"]) for line in lines)
            return replace(shop, documents=shop.documents + 1, stock=shop.stock + pieces)
        case {"do": "count_close"}:
            found = shop.stock + COUNTED - shop.bags
            return replace(shop, documents=shop.documents + 1, stock=found, bags=COUNTED)
    return shop


def _with(basket: Goods, product: str) -> Goods:
    if product in dict(basket):
        return tuple((code, quantity + 1000 * (code == product)) for code, quantity in basket)
    return (*basket, (product, 1000))


@dataclass(slots=True)
class Figures:
    """What a campaign counts; every count but `points` must stay 0."""

    points: int = 0
    lost: int = 0
    duplicate: int = 0
    unbalanced: int = 0
    gaps: int = 0
    wrong_state: int = 0
    papers: int = 0
    problems: int = 0
    bugs: int = 0
    findings: list[str] = field(default_factory=list)
    slowest_restart_ms: int = 0

    def count(self, kind: str, detail: str) -> None:
        """One finding."""
        setattr(self, kind, getattr(self, kind) + 1)
        if len(self.findings) < 20:
            self.findings.append(f"{kind}: {detail}"[:600])

    @property
    def clean(self) -> bool:
        """Nothing was found."""
        return not self.findings

    def add(self, other: "Figures") -> None:
        """Take another lane's counts in."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.findings += other.findings
        self.slowest_restart_ms = max(self.slowest_restart_ms, other.slowest_restart_ms)

    def shown(self, rig: str) -> dict[str, Any]:
        """As one line of the campaign."""
        line: dict[str, Any] = {"rig": rig} | {name: getattr(self, name) for name in COUNTS}
        if self.slowest_restart_ms:
            line["slowest_restart_ms"] = self.slowest_restart_ms
        return line | ({"findings": self.findings[:5]} if self.findings else {})


COUNTS = (
    *("points", "lost", "duplicate", "unbalanced", "gaps"),
    *("wrong_state", "papers", "problems", "bugs"),
)


class Ledger:
    """Everything one folder's tills have said so far, and what the last one died of."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.shop = Shop()
        self.acknowledged: dict[str, tuple[int, str]] = {}
        """Receipt number -> what was due in fen, and the six letters."""
        self.known: dict[str, str] = {}
        """Receipt number -> sale's id, as seen after some crash."""
        self.in_flight: Command | None = None
        self.seen = 0
        """Entries that were looked at."""

    def hear(self, commands: Sequence[Command], answers: Sequence[Answer]) -> None:
        """Take note of answers; the first command without one may have happened or not."""
        for command, answer in zip(commands, answers, strict=False):
            if answer["ok"]:
                self._believe(command, answer)
            elif answer["error"]["code"] == "bug":
                self.figures.count("bugs", f"{command}: {answer}")
        self.in_flight = commands[len(answers)] if len(answers) < len(commands) else None

    def _believe(self, command: Command, answer: Answer) -> None:
        then = after(self.shop, command)
        receipt = answer["receipt"] if command["do"] == "pay" else None
        if receipt is not None:
            due = fen(answer["due"])
            if receipt["number"] in self.acknowledged:
                self.figures.count("duplicate", f"number {receipt['number']} was given twice")
            self.acknowledged[receipt["number"]] = (due, receipt["hash6"])
            then = replace(then, cash=then.cash + due, paying=0)
        if "basket" in answer and goods(answer["basket"]) != then.basket:
            self.figures.count("wrong_state", f"{command} made {answer['basket']}")
        if command["do"] == "close_shift" and fen(answer["expected"]) != self.shop.cash:
            self.figures.count("unbalanced", f"{answer['expected']} for {self.shop.cash}")
        self.shop = then

    def hold_against(self, found: Answer) -> None:
        """Compare with what `look` found after a crash, and go on from there."""
        self.figures.points += 1
        new = found["sales"]
        self._check_sales(new)
        may = [self.shop]
        if self.in_flight is not None:
            may.append(after(self.shop, self.in_flight))
        unheard = [sale for sale in new if sale["number"] not in self.acknowledged]
        if len(unheard) > 1:
            self.figures.count("duplicate", f"{len(unheard)} sales nobody rang: {unheard}")
        # What a payment without an answer took is known from the sale alone.
        may = [replace(s, cash=s.cash + sum(u["due"] for u in unheard) * s.paying) for s in may]
        standing = as_found(found)
        fits = [each for each in may if comparable(each) == standing]
        if not fits:
            self.figures.count(
                "wrong_state",
                f"after {self.in_flight}: {standing} is none of "
                f"{[comparable(each) for each in may]}",
            )
        if found["slips"][0] != found["slips"][1]:
            self.figures.count("papers", f"{found['slips']} documents and papers of the stock room")
        for problem in found.get("problems", ()):
            self.figures.count("problems", str(problem))
        if found["sums"] or found["drafts"] > 1:
            self.figures.count("unbalanced", f"sums {found['sums']}, drafts {found['drafts']}")
        for sale in unheard:
            self.acknowledged[sale["number"]] = (sale["due"], "")
        self.shop = replace(fits[0] if fits else self._as(found), signed_in=False, paying=0)
        self.seen = found["head"]
        self.in_flight = None

    def _check_sales(self, new: list[dict[str, Any]]) -> None:
        for sale in new:
            number = sale["number"]
            if number in self.known:
                self.figures.count("duplicate", f"number {number} stands twice")
            self.known[number] = sale["id"]
            due, letters = self.acknowledged.get(number, (sale["due"], ""))
            if not sale["balanced"] or sale["due"] != due:
                self.figures.count("unbalanced", f"{number}: {sale}")
            if letters and letters != hash6_of(sale["hash"]):
                self.figures.count("lost", f"{number} is another sale than the one on paper")
            if (sale["papers"], sale["kicks"]) != (1, 1):
                self.figures.count("papers", f"{number} has {sale['papers']} receipts")
        for number in self.acknowledged.keys() - self.known.keys():
            self.figures.count("lost", f"{number} was answered complete and is gone")
            self.known[number] = ""
        sequences = sorted(int(number[-4:]) for number in self.known)
        if sequences != list(range(1, len(sequences) + 1)):
            self.figures.count("gaps", f"numbers {sequences[-5:]} of {len(sequences)}")

    def _as(self, found: Answer) -> Shop:
        """Believe what was found, so that one fault is counted once."""
        return Shop(
            shift=found["shift"],
            cash=found["expected"],
            basket=tuple((code, quantity) for code, quantity in found["basket"]),
            held=tuple((name, _goods(lines)) for name, lines in found["held"]),
            sales=found["numbers"][0],
            copies=found["copies"],
            closings=found["closings"],
            days=found["days"],
            documents=found["documents"],
            stock=found["stock"],
            bags=self.shop.bags,
        )


def comparable(shop: Shop) -> tuple[Any, ...]:
    """The part of a state that outlives a process."""
    return (
        *(shop.shift, shop.cash if shop.shift else 0, shop.basket, tuple(sorted(shop.held))),
        *(shop.sales, shop.copies, shop.closings, shop.days),
        *(shop.documents, shop.stock),
    )


def as_found(found: Answer) -> tuple[Any, ...]:
    """The same of a folder that was looked at."""
    held = tuple((name, _goods(lines)) for name, lines in found["held"])
    return (
        *(found["shift"], found["expected"], _goods(found["basket"]), held),
        *(found["numbers"][0], found["copies"], found["closings"], found["days"]),
        *(found["documents"], found["stock"]),
    )


def _goods(lines: list[list[Any]]) -> Goods:
    return tuple((code, quantity) for code, quantity in lines)


def goods(basket: dict[str, Any]) -> Goods:
    """A basket of whole pieces as the console shows it."""
    return tuple((line["product"], int(line["quantity"]) * 1000) for line in basket["lines"])


def fen(yuan: str) -> int:
    """Fen of a console amount."""
    return int(yuan.replace(".", ""))


def hash6_of(hash_hex: str) -> str:
    """The letters a receipt shows of an entry's hash: its last 30 bits in base32."""
    bits = int(hash_hex, 16) & (1 << 30) - 1
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return "".join(letters[bits >> shift & 31] for shift in range(25, -1, -5))
