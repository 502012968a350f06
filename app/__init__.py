"""The shop: values, facts, rules and records. No Qt, no sockets, no printers."""

__version__ = "0.1.0"
