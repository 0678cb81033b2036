"""A mailbox on disk: Maildir, mbox, .eml and .ics."""
