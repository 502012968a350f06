"""Carries journals to the hub and feeds back. Its rooms (protocol, client, hub) come with sync."""
