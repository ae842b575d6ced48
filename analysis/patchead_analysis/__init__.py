"""Figures and the HTML report, from what a sweep leaves in its output folder (docs/results.md)."""
