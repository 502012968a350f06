"""Paying through a network: attempts, what may follow what, and money on its way back."""
