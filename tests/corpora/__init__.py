"""Tests over the shared corpora: real and made mail and calendars, judged against their labels."""
