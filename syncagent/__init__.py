"""syncagent reads mail and calendars, logs contacts with key accounts and prepares the follow-ups as drafts."""
