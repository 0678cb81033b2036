"""Use case: find what is due, prepare it as a draft, place it once, and learn what becomes of it."""
