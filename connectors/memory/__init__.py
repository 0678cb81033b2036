"""A complete mailbox in memory, with failures to order: for rehearsals, tests and as a model of a connector."""
