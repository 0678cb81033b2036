"""The tests, in layers from unit to acceptance; CONTRIBUTING.md says what belongs where."""
