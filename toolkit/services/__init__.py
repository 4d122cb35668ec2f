"""The verbs of the product: one call, one transaction."""
