"""What a message or an event says."""
