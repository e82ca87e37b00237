"""Checks of a creative against the culture and law of its market."""
