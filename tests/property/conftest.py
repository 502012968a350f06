"""The tills that properties are tried on."""

from tests.support.tills import make_till, till

__all__ = ["make_till", "till"]
