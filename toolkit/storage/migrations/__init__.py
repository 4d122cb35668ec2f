"""How the tables came to be, one change after another. Nothing here imports the toolkit's tables."""
