"""Measurements of events: own stories, the PLOVER gold sentences, MUC-4."""
