"""Connectors, as far as they need neither files nor sockets."""
