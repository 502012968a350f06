"""How a till's tables grew, one numbered step after the other; each step is never changed again."""
