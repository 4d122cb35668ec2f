"""Outgoing messages behind one small interface."""
