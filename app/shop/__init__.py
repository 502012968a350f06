"""What the shop is called and how it sells: its settings, changed by facts."""
