"""The private tables, one module for each subject; what outsiders may rely on are the views."""
