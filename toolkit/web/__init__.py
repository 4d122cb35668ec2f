"""Blueprints, access rules, error pages, filters, static files."""
