"""What the shop wants to know of itself: open ends now, numbers later."""
