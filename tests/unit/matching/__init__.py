"""Who an address belongs to, and whose contact an item is."""
