"""Reports for managers: facts from the CRM made into something to read."""
