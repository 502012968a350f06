"""What a basket costs: pure, offline, the same answer everywhere."""
