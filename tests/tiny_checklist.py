"""Definition files for tests that need one on disk."""

TINY = """\
format: 1
id: tiny
version: "1.0.0"
status: draft
language: en
title: A tiny checklist
scale: levels
scales:
  - id: levels
    levels:
      - {value: 0, label: None, meaning: "Level 0 of four"}
      - {value: 1, label: Some, meaning: "Level 1 of four"}
      - {value: 2, label: Most, meaning: "Level 2 of four"}
      - {value: 3, label: All, meaning: "Level 3 of four"}
      - {value: 4, label: Beyond, meaning: "Level 4 of four"}
facts:
  - {id: has_offices, kind: yes_no, text: "Does it have country offices?"}
parts:
  - id: employment
    title: Employment
    themes:
      - id: youth
        title: Young people
        questions:
          - {id: youth_strategy, kind: rating, track: scan, text: "Does the strategy name young people?", minutes: 5}
          - {id: youth_budget, kind: rating, track: core, text: "Is there a budget for it?", minutes: 5}
      - id: skills
        title: Skills
        questions:
          - {id: skills_plan, kind: rating, track: core, text: "Is there a plan for skills?", minutes: 5}
  - id: rights
    title: Rights
    themes:
      - id: safety
        title: Safety
        questions:
          - {id: safety_policy, kind: rating, track: core, text: "Is there a policy?", minutes: 5}
          - {id: safety_offices, kind: yes_no, track: core, weight: 0, text: "In every office?", minutes: 5,
             ask_if: {fact: has_offices, is: true}}
  - id: institution
    title: The institution
    scored: false
    themes:
      - id: set_up
        title: How it is set up
        questions:
          - {id: set_up_unit, kind: text, track: core, weight: 0, text: "Which unit looks after this?", minutes: 2}
"""
