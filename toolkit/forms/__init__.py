"""Domain objects to WTForms classes."""
