"""What lies beside a checklist version, for pages."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from toolkit.domain.checklist import Checklist
from toolkit.domain.errors import ToolkitError
from toolkit.domain.kit import KitText
from toolkit.domain.supplements import Supplement
from toolkit.services import spaces
from toolkit.services.assessments import OpenAssessment
from toolkit.storage import beside


def folder_of(checklist: Checklist) -> Path:
    """The folder of the files beside a version."""
    return beside.folder_beside(current_app.config["TOOLKIT"].checklists, checklist)


def supplements_of(checklist: Checklist) -> tuple[Supplement, ...]:
    """The supplements of a version. A faulty file is written to the log and keeps nobody from the questions."""
    try:
        return beside.supplements(folder_of(checklist), checklist)
    except ToolkitError as error:
        _log(checklist, error)
        return ()


def kit_of(checklist: Checklist) -> tuple[KitText, ...]:
    """The kit of a version, likewise."""
    try:
        return beside.kit(folder_of(checklist))
    except ToolkitError as error:
        _log(checklist, error)
        return ()


def supplements_for(one: OpenAssessment) -> tuple[Supplement, ...]:
    """The supplements that suit the subject of an assessment, or the organization it belongs to."""
    offered = supplements_of(one.checklist)
    if not offered:
        return ()
    kinds = spaces.kinds_of_subject(one.space, one.assessment.subject)
    return tuple(supplement for supplement in offered if supplement.kind in kinds)


def _log(checklist: Checklist, error: ToolkitError) -> None:
    current_app.logger.warning("Beside %s %s: %s", checklist.id, checklist.version, error)
