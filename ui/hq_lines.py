"""`./pos hq`: head office as lines, one JSON object in, one out, in the form of the console."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TextIO

import msgspec

from app.errors import Refusal, ShopError
from app.text import clean
from sync.hub import office, revoking
from sync.hub.handed_over import export_feed, import_facts
from sync.hub.overview import status
from sync.hub.state import Hub
from ui.console import answered, error_answer, object_in
from ui.hq_office_lines import LINES as MORE_LINES

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]


class EnrolCode(msgspec.Struct, tag="enrol_code", tag_field="do", forbid_unknown_fields=True):
    """A one-time code for a till."""

    shop: Name
    till: Name

    def answer(self, hub: Hub) -> dict[str, Any]:
        return {"code": office.enrol_code(hub, shop=self.shop, till=self.till)}


class ApproveDevice(
    msgspec.Struct, tag="approve_device", tag_field="do", forbid_unknown_fields=True
):
    """Let a till in, its six digits compared."""

    device: Name
    fingerprint: str

    def answer(self, hub: Hub) -> dict[str, Any]:
        office.approve_device(hub, device=self.device, fingerprint_shown=self.fingerprint)
        return {}


class Status(msgspec.Struct, tag="status", tag_field="do", forbid_unknown_fields=True):
    """Every till: last seen, how far its journals are here, flags."""

    def answer(self, hub: Hub) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.to_builtins(status(hub))
        return found


class ImportFacts(msgspec.Struct, tag="import_facts", tag_field="do", forbid_unknown_fields=True):
    """Read in what a till handed over by USB, and write the answer for it."""

    file: str
    answer_file: str = ""
    """A file, or a folder to put one into; "" for none."""

    def answer(self, hub: Hub) -> dict[str, Any]:
        back = Path(self.answer_file) if self.answer_file else None
        found: dict[str, Any] = msgspec.to_builtins(import_facts(hub, Path(self.file), back))
        return found


class RevokeDevice(msgspec.Struct, tag="revoke_device", tag_field="do", forbid_unknown_fields=True):
    """Shut a till out: it gets nothing more, and what it sends is set aside."""

    device: Name
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""

    def answer(self, hub: Hub) -> dict[str, Any]:
        revoking.revoke_device(hub, device=self.device, reason=clean(self.reason))
        return {}


class ReleaseDevice(
    msgspec.Struct, tag="release_device", tag_field="do", forbid_unknown_fields=True
):
    """Take in what a till sent after it was shut out, once a person has looked."""

    device: Name

    def answer(self, hub: Hub) -> dict[str, Any]:
        return {"entries": revoking.release(hub, device=self.device)}


class ExportFeed(msgspec.Struct, tag="export_feed", tag_field="do", forbid_unknown_fields=True):
    """Write for a till without a line what head office and its sisters said."""

    shop: Name
    till: Name
    file: str

    def answer(self, hub: Hub) -> dict[str, Any]:
        return {"file": str(export_feed(hub, shop=self.shop, till=self.till, path=Path(self.file)))}


LINES = (
    *(ImportFacts, ExportFeed, EnrolCode, ApproveDevice, RevokeDevice, ReleaseDevice, Status),
    *MORE_LINES,
)
BY_NAME: dict[str, Any] = {str(line.__struct_config__.tag): line for line in LINES}


def talk(hub: Hub, lines: TextIO, out: TextIO, log: Callable[[str], None]) -> None:
    """Answer every line until the input ends."""
    for _line in answered(lambda line: _answer(hub, line, log), lines, out):
        pass


def _answer(hub: Hub, line: str, log: Callable[[str], None]) -> dict[str, Any]:
    try:
        request = object_in(line)
        do = request.get("do")
        if not isinstance(do, str) or do not in BY_NAME:
            raise Refusal("unknown_command", do=clean(str(do), most=40))
        try:
            command = msgspec.convert(request, BY_NAME[do])
        except msgspec.ValidationError as error:
            raise Refusal("bad_command", detail=clean(str(error), most=200)) from None
        # Another process may have begun a new incarnation since.
        hub.look_again()
        return {"ok": True, **command.answer(hub)}
    except ShopError as error:
        return error_answer(error)
    except Exception:
        log("a line of head office failed")
        return error_answer(Refusal("bug"))
