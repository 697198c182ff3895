"""Fits the small models of `dateline.claims`: speech acts and answers."""
