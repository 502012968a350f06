"""The till's business day, the shifts in it, and the cash in its drawer."""
