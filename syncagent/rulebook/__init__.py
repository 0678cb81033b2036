"""TOML rules to decisions and letters; the only package that imports Jinja2, and it knows nothing of the database."""
