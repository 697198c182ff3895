"""Fits the learned parts of `dateline.grounding.actors`."""
