"""The tables as revision 0001 made them, one module for each subject: frozen, whatever the live tables become."""
