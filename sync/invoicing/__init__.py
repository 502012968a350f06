"""Platforms that issue invoices: one interface, carried only. What is asked is decided in app."""
