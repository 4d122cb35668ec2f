"""Evidence and generated files behind one small interface."""
