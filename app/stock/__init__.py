"""Lots and movements: what is on hand is the sum of reasons."""
