"""Self-assessment on employment and decent work: versioned checklists, scores, PDF reports."""
