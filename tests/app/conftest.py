"""The tills that tests of the shop work with."""

from tests.support.tills import make_till, till

__all__ = ["make_till", "till"]
