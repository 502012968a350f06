"""Everything on the counter that bytes are carried to: printers, drawer, customer display."""
