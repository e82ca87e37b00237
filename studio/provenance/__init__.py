"""Marks inside the files that say how they were made."""
