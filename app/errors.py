"""Three kinds of trouble: a Refusal a person can mend, Trouble in the world, and our own bugs.

Both named kinds carry a code that never changes and details; the sentence in shop words comes from
`app/messages.py`. A Refusal changed nothing and says what to do. Trouble (disk, printer, clock) is
shown, kept and tried again. Anything else that is raised is a bug of ours and stays loud.
"""


class ShopError(Exception):
    """What a person gets to see: `code` is part of the contract, `details` fill the sentence."""

    def __init__(self, code: str, /, **details: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        extra = ", ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.code} ({extra})" if extra else self.code


class Refusal(ShopError):
    """The till will not do this; nothing was changed; a person can mend it."""


class Trouble(ShopError):
    """The world broke (disk full, device gone): shown with its code, and worth another try."""
