"""Screens and widgets of the till window: they show, they ask, they decide nothing."""
