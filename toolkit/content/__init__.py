"""Dated data files: instruments, countries, organizations."""
