"""Plots, contact sheets and the report, from domain values."""
