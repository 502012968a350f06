"""设备 · 程序: which program this is, and a newer one from head office or a stick."""

from app import schema
from app.errors import Refusal
from app.update_file import SUFFIX
from ui.language import tr
from ui.presenters.device_setup import other_disks
from ui.room_views import DeviceView
from ui.ship_commands import unsent_entries
from ui.startup import Till
from ui.version import version_line
from ui.views import ChoiceView


class Updating:
    """Takes the newest update file from the plugged disks; remembers whether it warned."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._warned = False

    def card(self) -> DeviceView:
        """Version and build; 更新 where a program is installed and not run from its source."""
        from ui.updating import next_version, program_folder

        ready, waits = self._till.hub.update_ready, next_version()
        state = (
            tr("更新已备好") if ready
            else tr("下次打开是 {version}", version=waits) if waits
            else tr("正常")
        )  # fmt: skip
        words = tr("装上 {version}", version=ready) if ready else tr("从 U 盘更新")
        update = (ChoiceView(name="update", word=words),)
        return DeviceView(
            key="program", kind="program", name=tr("程序"), how=version_line(),
            state_word=state,
            detail=tr("数据格式 {schema}", schema=schema.HEAD),
            actions=update if program_folder() else (),
        )  # fmt: skip

    def take(self) -> None:
        """Install what came from head office, else from a stick; it runs from the next start on.
        On the worker.

        Raises Refusal: update_not_found, update_unsent (the first time; asked again it goes on),
        and what installing does.
        """
        from sync.update_lane import FOLDER
        from ui.updating import here, install, program_folder, updates_on

        books = self._till.books
        folder = self._till.opened.folder
        came = [folder / FOLDER] if self._till.hub.update_ready else other_disks(folder)
        files = updates_on(came)
        if not files:
            raise Refusal("update_not_found", suffix=SUFFIX)
        with books.read() as db:
            unsent = unsent_entries(db)
        if unsent and not self._warned:
            self._warned = True
            raise Refusal("update_unsent", count=unsent)
        install(files[0], program_folder(), here(books.clock, schema.HEAD))
        self._warned = False
