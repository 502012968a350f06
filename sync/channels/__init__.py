"""Payment networks. They carry only: what an answer means for a basket is decided in `app`."""
