"""Use case: read mailboxes, recognise contacts, log them, and prove that nothing was passed over."""
