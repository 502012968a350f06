"""Members, their points, and money customers leave with the shop."""
