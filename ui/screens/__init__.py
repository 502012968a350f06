"""Whole screens as passive views: they are shown frozen structs and tell by signals."""
