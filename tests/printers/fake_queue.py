"""A print queue in memory that keeps every state a job went through."""

import msgspec

from app.content import Paper, Text

TEA = Paper("receipt", (Text("大沙红茶 128.00"),))


class FakeJob(msgspec.Struct, frozen=True):
    """A queued job."""

    id: str
    paper: Paper = TEA
    kick_drawer: bool = False
    state: str = "WAITING"
    detail: str = ""
    created_ms: int = 0
    expires_ms: int = 10**15
    copies_printed: int = 0


class FakeQueue:
    """Remembers jobs by printer and each state they were marked with."""

    def __init__(self, printer: str, *jobs: FakeJob) -> None:
        self.printer = printer
        self.jobs = {job.id: job for job in jobs}
        self.history: list[tuple[str, str, str]] = []

    def next_job(self, printer: str, now_ms: int) -> FakeJob | None:
        """The first job that still has to be sent."""
        if printer != self.printer:
            return None
        open_jobs = (job for job in self.jobs.values() if job.state in ("WAITING", "SENDING"))
        return next(open_jobs, None)

    def mark(self, job: str, state: str, detail: str, now_ms: int) -> None:
        """Note a state."""
        self.history.append((job, state, detail))
        self.jobs[job] = msgspec.structs.replace(self.jobs[job], state=state, detail=detail)

    def put(self, job: FakeJob) -> None:
        """Add or change a job."""
        self.jobs[job.id] = job

    def states(self, job: str) -> list[str]:
        """The states a job was marked with, in order."""
        return [state for name, state, _ in self.history if name == job]
