"""The words of 审计: rows of entries, one entry in full, what a check came to."""

from collections.abc import Iterable, Sequence

from app.clock import local
from app.journal.problems import Report
from app.journal.read import Listed
from app.money import yuan_shown
from app.reports.audit import Opened, PhonesSeen, ReceiptCheck, Sampled
from app.reports.entry_words import PROBLEM_WORDS, kind_words, said
from ui.audit_views import EntryView
from ui.language import tr
from ui.room_views import ColumnView, ListView, RowView
from ui.screens.audit import bytes_columns, entry_columns, said_columns
from ui.views import MessageView, State

PIECE = 44
"""Bytes of an entry that stand in one row."""
SIGNATURES: dict[str, tuple[State, str]] = {
    "true": ("ok", "签名无误"),
    "changed": ("stop", "内容被改过"),
    "unsigned": ("stop", "签名不对"),
    "no_key": ("warn", "没有公钥可验"),
}
LOOKS = {"phone": "看了手机号", "export": "导出会员", "invoices": "导出开票资料"}
STEP_WORDS = {"hashes": "指纹", "signatures": "签名", "tables": "账表"}


def key_of(journal: str, seq: int) -> str:
    """A row's key: where its entry stands."""
    return f"{seq},{journal}"


def place_of(key: str) -> tuple[str, int] | None:
    """The entry a row's key names, None for a row that stands for none."""
    seq, _, journal = key.partition(",")
    return (journal, int(seq)) if journal and seq.isdigit() else None


def moment(order_ms: int) -> str:
    """A moment in a list: month, day and the time to the second."""
    return f"{local(order_ms):%m-%d %H:%M:%S}"


def entries_list(found: Sequence[Listed], marked: str, *, whole: bool) -> ListView:
    """Rows of entries; `whole`: there are none below."""
    rows = tuple(
        RowView(
            key=key_of(each.journal, each.seq),
            cells=(moment(each.order_ms), tr(kind_words(each.kind)), each.staff, str(each.seq)),
        )
        for each in found
    )
    foot = (
        tr("{count} 条", count=len(rows)) if whole else tr("{count} 条，往下还有", count=len(rows))
    )
    return _list(entry_columns(), rows, marked, foot if rows else "", tr("没有这样的记录"))


def phones_list(found: Sequence[PhonesSeen], marked: str) -> ListView:
    """Who saw phones or took people's data out."""
    columns = (
        ColumnView(title=tr("时间"), width=140),
        ColumnView(title=tr("做了什么"), look="strong"),
        ColumnView(title=tr("谁"), width=56),
        ColumnView(title=tr("授权人"), width=80),
    )
    rows = tuple(
        RowView(
            key=key_of(each.journal, each.seq),
            cells=(moment(each.order_ms), _look(each), each.person, each.approver),
        )
        for each in found
    )
    foot = tr("{count} 次", count=len(rows)) if rows else ""
    return _list(columns, rows, marked, foot, tr("没有人看过手机号"))


def _look(each: PhonesSeen) -> str:
    words = tr(LOOKS[each.what])
    return f"{words} ×{each.count}" if each.count != 1 else words


def sample_list(found: Sequence[Sampled], marked: str) -> ListView:
    """Receipts that were drawn."""
    columns = (
        ColumnView(title=tr("小票号"), look="strong"),
        ColumnView(title=tr("字母"), width=84),
        ColumnView(title=tr("金额"), width=104, right=True),
        ColumnView(title=tr("谁"), width=56),
    )
    rows = tuple(
        RowView(
            key=key_of(each.journal, each.seq),
            cells=(each.number, each.hash6, yuan_shown(each.amount), each.person),
        )
        for each in found
    )
    foot = tr("抽了 {count} 张", count=len(rows)) if rows else ""
    return _list(columns, rows, marked, foot, tr("这段时间没有小票"))


def problems_list(report: Report, marked: str) -> ListView:
    """Where something is not as it was written."""
    columns = (
        ColumnView(title=tr("哪里不对"), look="strong"),
        ColumnView(title=tr("第几条"), width=84, right=True),
    )
    rows = tuple(
        RowView(
            key=f"{key_of(each.journal, each.seq)}" if each.seq > 0 else f"#{n}",
            cells=(tr(PROBLEM_WORDS.get(each.code, each.code)), str(each.seq or "")),
            under=each.detail,
            state="stop",
        )
        for n, each in enumerate(report.problems)
    )
    return _list(columns, rows, marked, tr("{count} 处", count=len(rows)), "")


def picks_list(choices: Iterable[tuple[str, str]], title: str, marked: str) -> ListView:
    """People or kinds to narrow the list to."""
    rows = tuple(RowView(key=name, cells=(word,)) for name, word in choices)
    return _list((ColumnView(title=title, look="strong"),), rows, marked, "", "")


def _list(
    columns: tuple[ColumnView, ...], rows: tuple[RowView, ...], marked: str, foot: str, none: str
) -> ListView:
    keys = [row.key for row in rows]
    return ListView(
        columns=columns,
        rows=rows,
        marked=marked if marked in keys else "".join(keys[:1]),
        foot=foot,
        state="" if rows or not none else "empty",
        state_title=none,
    )


def entry_view(found: Opened, *, as_bytes: bool) -> EntryView:
    """One entry in words, or byte for byte."""
    state, word = SIGNATURES[found.signature]
    words = tr(word)
    if found.signature == "true" and not found.chained:
        state, words = "warn", tr("与上一条接不上")
    return EntryView(
        title=f"{tr(kind_words(found.stored.kind))} · {found.hash6}",
        state=state,
        state_word=words,
        rows=_bytes(found) if as_bytes else _words(found),
        showing="bytes" if as_bytes else "words",
    )


def _words(found: Opened) -> ListView:
    envelope = found.envelope
    head = [(tr("第几条"), str(found.stored.seq))]
    if envelope is not None:
        head += [(tr("时间"), f"{local(envelope.order):%Y-%m-%d %H:%M:%S}"),
                 (tr("工号"), envelope.staff or tr("收银机自己"))]  # fmt: skip
    rows = [*head, *said(found.stored.kind, found.body, tr)]
    return ListView(
        columns=said_columns(),
        rows=tuple(RowView(key=str(n), cells=row) for n, row in enumerate(rows)),
        foot=tr("PgUp PgDn 翻看"),
    )


def _bytes(found: Opened) -> ListView:
    text = found.stored.content.decode("utf-8", "replace")
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    for word, value in (("SHA-256", found.stored.hash), ("Ed25519", found.stored.sig)):
        shown = value.hex()
        pieces += [word, *(shown[at : at + PIECE] for at in range(0, len(shown), PIECE))]
    return ListView(
        columns=bytes_columns(),
        rows=tuple(RowView(key=str(n), cells=(piece,)) for n, piece in enumerate(pieces)),
        foot=tr("PgUp PgDn 翻看"),
    )


def receipt_words(found: ReceiptCheck) -> MessageView:
    """Whether a paper is what the journal says."""
    detail = tr(
        "第 {seq} 条，{time}，{amount}", seq=found.seq, time=moment(found.order_ms),
        amount=yuan_shown(found.amount),
    )  # fmt: skip
    if found.matches:
        return MessageView(text=tr("对：{number} 与流水账一致", number=found.number),
                           detail=detail, tone="ok")  # fmt: skip
    return MessageView(text=tr("不对：{number} 的字母不是这几个", number=found.number),
                       detail=detail, tone="refused")  # fmt: skip


def verdict(report: Report) -> MessageView:
    """What a check came to."""
    if report.ok:
        return MessageView(
            text=tr("{count} 条都对：指纹、签名、账表", count=f"{report.entries:,}"), tone="ok"
        )
    words = tr("{entries} 条里有 {count} 处不对，列在左边", entries=f"{report.entries:,}",
               count=len(report.problems))  # fmt: skip
    return MessageView(text=words, tone="refused")
