"""How a drawer's papers reach the printer."""

from app import print_queue
from app.content import Paper
from app.transaction import Transaction


def put_paper(tx: Transaction, fact: str, title: str, paper: Paper, *, kick: bool = False) -> None:
    """Queue a paper of the drawer in the action's own transaction."""
    print_queue.put(
        tx,
        printer=print_queue.RECEIPT_PRINTER,
        kind=paper.kind,
        fact=fact,
        title=title,
        paper=paper,
        kick_drawer=kick,
    )
