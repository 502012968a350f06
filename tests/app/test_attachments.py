"""What is said about a person can be read with their key, and never again without it."""

import hashlib

from app.attachments import attach, attachment, detail, forget, subject_key
from app.transaction import transaction
from tests.support.tills import TillInFolder

WORDS = "梁阿姨 13800005678".encode()


def kept(till: TillInFolder, subject: str = "m-1") -> str:
    with transaction(till.books) as tx:
        return attach(tx, subject, WORDS)


def said(till: TillInFolder, name: str) -> bytes | None:
    with till.books.read() as db:
        return detail(db, till.books.secrets, name)


def test_an_attachment_is_named_by_its_ciphertext_and_reads_back(till: TillInFolder) -> None:
    name = kept(till)
    assert said(till, name) == WORDS
    ((content,),) = till.rows("SELECT content FROM attachment")
    assert hashlib.sha256(bytes(content)).hexdigest() == name
    assert WORDS not in bytes(content)


def test_what_never_came_here_is_simply_not_known(till: TillInFolder) -> None:
    assert said(till, "0" * 64) is None


def test_a_forgotten_subject_leaves_nothing_in_the_file(till: TillInFolder) -> None:
    name, other = kept(till), kept(till, "m-2")
    ((sealed,),) = till.rows("SELECT sealed FROM subject_key WHERE subject = 'm-1'")
    ((content,),) = till.rows("SELECT content FROM attachment WHERE subject = 'm-1'")
    with transaction(till.books) as tx:
        forget(tx, "m-1")
    assert said(till, name) is None
    assert said(till, other) == WORDS
    assert till.rows(f"SELECT subject FROM {subject_key.name}") == [("m-2",)]
    assert till.rows(f"SELECT subject FROM {attachment.name}") == [("m-2",)]
    till.close()
    # The pages are overwritten, so a disk that is stolen later does not hold them either.
    file = (till.path / "till.db").read_bytes()
    assert bytes(sealed) not in file
    assert bytes(content) not in file


def test_two_values_of_one_subject_share_its_key_but_not_their_bytes(till: TillInFolder) -> None:
    assert kept(till) != kept(till)
    assert till.rows("SELECT count(*) FROM subject_key") == [(1,)]
