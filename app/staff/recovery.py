"""The recovery code: written on paper on the first day, it opens a locked number without anybody,
and the copies on the second disk when the till itself is gone.

Only an Argon2id verifier is kept, sealed by the till's master key. A hundred random bits need no
limit on tries.
"""

import hmac

from argon2.low_level import Type, hash_secret_raw

from app.errors import Refusal
from app.facts.staff import PinUnlocked
from app.ids import Ids
from app.journal.copy_keys import keep_copy_key
from app.staff.actions import reset_pin
from app.transaction import Books, Transaction, transaction

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters and figures that look alike on paper."""
LETTERS = 20
GROUP = 4
GROUP_MARK = "-"
BY_CODE = "recovery"
"""Who unlocked a number, when it was nobody but the paper."""
_NAME = "recovery"
_SALT_BYTES = 16


def fresh_code(ids: Ids) -> str:
    """A code in groups of four that opens nothing until it is kept."""
    letters: list[str] = []
    while len(letters) < LETTERS:
        # Bytes beyond a whole multiple are thrown away, so that every letter is as likely.
        fair = [byte for byte in ids.random_bytes(LETTERS) if byte < 240]
        letters += [ALPHABET[byte % len(ALPHABET)] for byte in fair]
    code = "".join(letters[:LETTERS])
    return GROUP_MARK.join(code[place : place + GROUP] for place in range(0, LETTERS, GROUP))


def keep_recovery_code(tx: Transaction, code: str) -> None:
    """From now on this code opens the till's numbers; an older one no longer opens anything."""
    salt, plain = tx.ids.random_bytes(_SALT_BYTES), typed_code(code)
    tx.books.secrets.save(tx.connection, _NAME, salt + _verifier(plain, salt))
    keep_copy_key(tx.books.secrets, tx.connection, plain, tx.ids.random_bytes)


def typed_code(text: str) -> str:
    """The letters of a code as somebody typed it, with or without marks and capitals."""
    return "".join(letter for letter in text.upper() if letter in ALPHABET)


def unlock_with_recovery_code(books: Books, number: str, code: str, pin: str) -> None:
    """Give a number its tries back and a new PIN, by the code from the first day.

    Raises Refusal: recovery_wrong, staff_number_bad, pin_weak.
    """
    with books.read() as db:
        kept = books.secrets.load(db, _NAME)
    plain = typed_code(code)
    if kept is None or len(plain) != LETTERS:
        raise Refusal("recovery_wrong")
    salt, verifier = kept[:_SALT_BYTES], kept[_SALT_BYTES:]
    if not hmac.compare_digest(_verifier(plain, salt), verifier):
        raise Refusal("recovery_wrong")
    with transaction(books) as tx:
        reset_pin(tx, number, pin)
        tx.record(PinUnlocked(shop=tx.shop, till=tx.till, person=number, by=BY_CODE))


def _verifier(code: str, salt: bytes) -> bytes:
    return hash_secret_raw(code.encode(), salt, 2, 19 * 1024, 1, 32, type=Type.ID)
