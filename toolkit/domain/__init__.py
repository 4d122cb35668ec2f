"""The rules of self-assessment: checklists, answers, scoring, lineage, access. Standard library only."""
