"""From what a paper says to what a printer gets: content, layout, bytes, carrier."""
