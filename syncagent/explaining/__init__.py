"""Use case: say why, also of what was never logged."""
