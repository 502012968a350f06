"""Rig 4: the disk answers with errors, at every single call of a sale, once or from then on.

The till must say so in its own words and go on: a sale it called not saved is nowhere, one it
called complete is there, and whatever it said, trying again makes exactly one sale of the basket.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.crash.expected import PRODUCTS, Figures
from tests.crash.till import CASHIER, Answer, Command, Till, TillServer
from tests.crash.tracing import failing, traced

SCAN: Command = {"do": "scan", "code": next(iter(PRODUCTS))}
PAY: Command = {"do": "pay", "tender": "cash"}
NOTHING_SAVED = {"not_saved", "disk_full", "disk_error", "disk_read_only", "database_busy"}
"""The till is sure: nothing happened, try again."""
NOBODY_KNOWS = {"stop_selling"}
"""The till knows that it cannot know; opening it again resolves it."""
ERRORS = {"pwrite64": ("ENOSPC", "EIO", "EROFS"), "fsync": ("EIO", "ENOSPC"), "fdatasync": ("EIO",)}


@dataclass(frozen=True, slots=True)
class Fault:
    """One call that fails: the n-th time only, or from the n-th time on."""

    call: str
    error: str
    n: int
    lasting: bool

    @property
    def options(self) -> tuple[str, ...]:
        return failing(self.call, self.error, f"{self.n}+" if self.lasting else str(self.n))

    def __str__(self) -> str:
        return f"{self.error} from {self.call} {self.n}{'+' if self.lasting else ''}"


class Shop:
    """One folder that lives through many faults."""

    def __init__(
        self, server: TillServer, folder: Path, figures: Figures, plants: Sequence[str] = ()
    ) -> None:
        self.figures = figures
        self._server = server
        self._folder = folder
        self._plants = list(plants)
        self._numbers: list[str] = []
        """Receipts as they stand, oldest first."""
        self._verify_next = 0

    def open(self) -> Till:
        """The till, opened anew, somebody signed in."""
        till = self._server.start(self._folder, plant=self._plants)
        self._answered(till, till.ask(CASHIER), "signing in")
        return till

    def sell_through(self, fault: Fault, *, kill: bool) -> bool:
        """One basket, whose sale meets a fault; whether the fault came to pass."""
        self.figures.points += 1
        till = self.open()
        with traced(till, self._folder.with_suffix(".trace"), *fault.options) as tracer:
            said = [till.ask(command) for command in (SCAN, PAY)]
        happened = "(INJECTED)" in tracer.out.read_text(errors="replace")
        self._judge(till, fault, said)
        number = self._sold_in_the_end(till, fault, said)
        if kill:
            till.kill()
        till.wait()
        self._opened_again(fault, number)
        return happened

    def _answered(self, till: Till, answer: Answer | None, where: str) -> Answer | None:
        """An answer that is no bug of ours, or None when the till died."""
        if answer is None or (not answer["ok"] and answer["error"]["code"] == "bug"):
            how = "died" if answer is None else "has a bug"
            said = self._server.complaints()[-500:]
            self.figures.count("bugs", f"{where}: the till {how}. {said}")
        return answer

    def _judge(self, till: Till, fault: Fault, said: list[Answer | None]) -> None:
        for answer in said:
            self._answered(till, answer, str(fault))
            code = answer["error"]["code"] if answer and not answer["ok"] else ""
            if code and code not in NOTHING_SAVED | NOBODY_KNOWS | {"basket_empty", "bug"}:
                self.figures.count("wrong_state", f"{fault}: {code}")

    def _sold_in_the_end(self, till: Till, fault: Fault, said: list[Answer | None]) -> str:
        """The number under which the basket is sold, by trying again as a cashier does."""
        paid = said[1]
        if paid is None:
            return ""
        standing = len(self._numbers)
        if not paid["ok"]:
            found = self._look(till)
            sold = found["numbers"][0] - standing if found else 0
            if paid["error"]["code"] in NOTHING_SAVED and sold:
                self.figures.count("duplicate", f"{fault}: not saved, but there: a ghost sale")
            elif sold > 1:
                self.figures.count("duplicate", f"{fault}: {sold} sales")
            if not (said[0] or {}).get("ok"):
                self._answered(till, till.ask(SCAN), f"{fault}, scanning again")
            paid = self._answered(till, till.ask(PAY), f"{fault}, paying again")
            if paid is None or not paid["ok"]:
                if sold == 0:
                    self.figures.count("wrong_state", f"{fault}: does not sell again: {paid}")
                return ""
        return str(paid["receipt"]["number"])

    def _look(self, till: Till) -> Answer | None:
        found = till.ask({"do": "look"})
        if found is None or not found["ok"]:
            self.figures.count("bugs", f"not to be read: {found}")
            return None
        return found

    def _opened_again(self, fault: Fault, number: str) -> None:
        """After a restart: exactly one sale more, the one that was answered, all in balance."""
        till = self._server.start(self._folder)
        self._verify_next += 1
        found = till.ask({"do": "look", "verify": self._verify_next % 10 == 0})
        till.wait()
        if found is None or not found["ok"]:
            self.figures.count("bugs", f"{fault}: does not open again: {found}")
            return
        numbers = [sale["number"] for sale in found["sales"]]
        new = numbers[len(self._numbers) :]
        if number and number not in new:
            self.figures.count("lost", f"{fault}: {number} was answered complete")
        elif not new:
            self.figures.count("lost", f"{fault}: the basket was never sold")
        if len(new) > 1:
            self.figures.count("duplicate", f"{fault}: one basket, sales {new}")
        if [int(each[-4:]) for each in numbers] != list(range(1, len(numbers) + 1)):
            self.figures.count("gaps", f"{fault}: {numbers[-5:]}")
        if not all(sale["balanced"] for sale in found["sales"]) or found["sums"]:
            self.figures.count("unbalanced", str(fault))
        if any((sale["papers"], sale["kicks"]) != (1, 1) for sale in found["sales"]):
            self.figures.count("papers", f"{fault}: {found['sales'][-2:]}")
        for problem in found.get("problems", ()):
            self.figures.count("problems", f"{fault}: {problem}")
        if found["basket"]:
            self.figures.count("wrong_state", f"{fault}: a sold basket is still open")
        self._numbers = numbers


def run(
    server: TillServer,
    folder: Path,
    calls: Sequence[str],
    *,
    step: int = 1,
    lasting: Sequence[bool] = (False, True),
    plants: Sequence[str] = (),
    most: int = 10_000,
) -> Figures:
    """Let these calls fail at every `step`-th place of a sale, each error in turn."""
    figures = Figures()
    shop = Shop(server, folder, figures, plants)
    for call in calls:
        for error in ERRORS[call]:
            for last in lasting:
                n = 1
                while figures.points < most and shop.sell_through(
                    Fault(call, error, n, last), kill=bool(figures.points % 2)
                ):
                    n += step
    return figures
