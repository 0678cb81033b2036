"""The daemon: does the main job again and again until it is told to stop."""
