"""Tests of ``syncagent.formats``: bytes to model and back."""
