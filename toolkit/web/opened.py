"""The assessment that a request is about, opened once for the person who asks."""

from __future__ import annotations

from uuid import UUID

from flask import g, request

from toolkit.domain.access import Permission
from toolkit.domain.errors import NotAllowed, NotFound
from toolkit.services import assessments
from toolkit.services.assessments import OpenAssessment
from toolkit.web.clock import utc_now
from toolkit.web.viewers import current_viewer, signed_in_viewer


def opened(assessment_id: UUID) -> OpenAssessment:
    """An assessment, once for each request, in the voice that its address names (`?voice=`).

    Raises NotFound when it is not there or not the viewer's to see.
    """
    if "opened" not in g or g.opened.id != assessment_id:
        viewer = signed_in_viewer()
        g.opened = assessments.open_assessment(assessment_id, viewer=viewer, now=utc_now(), voice=voice_in_address())
    found: OpenAssessment = g.opened
    return found


def voice_in_address() -> UUID | None:
    """The voice that a request is about, None for the consolidated one.

    Raises NotFound for what is no id, and for every voice but their own to those who came by a personal link.
    """
    sent = request.args.get("voice", "")
    try:
        found = UUID(sent) if sent else None
    except ValueError:
        raise NotFound from None
    viewer = current_viewer()
    if viewer is not None and viewer.link is not None and viewer.link.voice_id != found:
        raise NotFound
    return found


def check_permission(*any_of: Permission) -> None:
    """Hold a request to one of what its route declares, at the assessment in its address, else anywhere.

    A route about one space or one person is checked again, for that place, by the service behind it.
    Raises NotFound or NotAllowed.
    """
    viewer, now = signed_in_viewer(), utc_now()
    assessment_id = (request.view_args or {}).get("assessment_id")
    if assessment_id is not None:
        if not any(map(opened(assessment_id).may, any_of)):
            raise NotAllowed
    elif not any(viewer.may(one, now=now) or viewer.spaces_with(one, now) for one in any_of):
        raise NotFound
