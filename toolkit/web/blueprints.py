"""The table of every part of the site."""

from __future__ import annotations

from flask import Flask

from toolkit.web import (
    accounts,
    acting,
    agreement,
    answers,
    assessments,
    checklists,
    demo,
    discussions,
    downloads,
    evidence,
    gallery,
    handing_over,
    health,
    identities,
    imports,
    invite_list,
    kit,
    leading,
    my_account,
    people,
    personal_links,
    public,
    reminders,
    results,
    review,
    second_factor,
    sheets,
    side_by_side,
    spaces,
    verification,
    voices,
    work,
)

BLUEPRINTS = (
    public.bp,
    checklists.bp,
    agreement.bp,
    kit.bp,
    accounts.bp,
    my_account.bp,
    identities.bp,
    second_factor.bp,
    demo.bp,
    work.bp,
    reminders.bp,
    assessments.bp,
    answers.bp,
    discussions.bp,
    handing_over.bp,
    personal_links.bp,
    leading.bp,
    voices.bp,
    side_by_side.bp,
    evidence.bp,
    sheets.bp,
    review.bp,
    results.bp,
    downloads.bp,
    imports.bp,
    verification.bp,
    spaces.bp,
    people.bp,
    acting.bp,
    invite_list.bp,
    health.bp,
    gallery.bp,
)


def register(app: Flask) -> None:
    """Mount every part of the site."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
