"""A till's own list of facts: signed, chained, gapless. Append, read, verify, rebuild."""
