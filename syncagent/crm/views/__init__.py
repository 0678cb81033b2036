"""The open interface of the database: commented views with a version; docs/schema.md is made from them."""
