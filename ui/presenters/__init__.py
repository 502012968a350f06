"""Join screens to the shop: what hands did becomes an action, what happened becomes a view."""
