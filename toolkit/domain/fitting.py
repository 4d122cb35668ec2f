"""Whether an assessment file suits the checklist that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from toolkit.domain.answers import Answer
from toolkit.domain.assessment import Assessment, FactValue, Mandate, State
from toolkit.domain.checking import ProblemKind, check
from toolkit.domain.checklist import Checklist, Fact, Kind, QuestionId
from toolkit.domain.errors import Problem
from toolkit.domain.strict_json import join


def fits(checklist: Checklist, assessment: Assessment) -> tuple[Problem, ...]:
    """Everything that keeps the assessment from being scored with this checklist; empty when it fits.

    Another checklist, version or digest; questions, themes and facts that the checklist does not have; values that it
    does not offer; a profile section outside the mandate; an answer whose state and value contradict each other.
    What is merely missing is no problem here: it lowers coverage.
    """
    other = tuple(_identity(checklist, assessment))
    if other:
        return other
    return (
        *_submission(assessment),
        *_facts(checklist, assessment.facts),
        *_scope(checklist, assessment),
        *_answers(checklist, assessment.answers),
        *(
            Problem(f"voices[{number}].{problem.path}", problem.message)
            for number, position in enumerate(assessment.positions)
            for problem in _answers(checklist, position.answers)
        ),
    )


def _identity(checklist: Checklist, assessment: Assessment) -> Iterator[Problem]:
    if assessment.checklist_id != checklist.id:
        yield Problem("checklist.id", f"The file is for the checklist {assessment.checklist_id}, not {checklist.id}.")
    elif assessment.checklist_version != checklist.version:
        message = f"The file is for version {assessment.checklist_version}, not {checklist.version}."
        yield Problem("checklist.version", message)
    elif assessment.checklist_digest != checklist.digest:
        message = (
            f"The file was made with a checklist {checklist.id} {checklist.version} of another content "
            f"(digest {assessment.checklist_digest[:12]}…; the one here has {checklist.digest[:12]}…)."
        )
        yield Problem("checklist.digest", message)


def _submission(assessment: Assessment) -> Iterator[Problem]:
    if assessment.state is State.SUBMITTED and not (assessment.number and assessment.submitted_at):
        yield Problem("submission", "A submitted assessment has a number and the time of its submission.")


def _facts(checklist: Checklist, given: Mapping[str, FactValue]) -> Iterator[Problem]:
    known = {fact.id: fact for fact in checklist.facts}
    for name, value in given.items():
        path = join("facts", name)
        if name not in known:
            yield Problem(path, "The checklist does not ask for this fact.")
        elif not _suits(known[name], value):
            yield Problem(path, "The checklist does not offer this value.")


def _suits(fact: Fact, value: FactValue) -> bool:
    if fact.kind is Kind.YES_NO:
        return isinstance(value, bool)
    if fact.kind is Kind.NUMBER:
        return isinstance(value, Decimal)
    return isinstance(value, str) and (not fact.options or value in {option.id for option in fact.options})


def _scope(checklist: Checklist, assessment: Assessment) -> Iterator[Problem]:
    for theme_id, scope in assessment.scope.items():
        path = join("scope", theme_id)
        if theme_id not in checklist.theme_index:
            yield Problem(path, "The checklist does not have this theme.")
        elif scope.mandate is Mandate.OUTSIDE and not checklist.theme_index[theme_id][0].scored:
            yield Problem(path, "A profile section cannot be outside the mandate.")


def _answers(checklist: Checklist, answers: Mapping[QuestionId, Answer]) -> Iterator[Problem]:
    known = {}
    for question_id, answer in answers.items():
        if question_id not in checklist.question_index:
            yield Problem(join("answers", question_id), "The checklist does not have this question.")
            continue
        known[question_id] = answer
    questions = tuple(checklist.question(question_id) for question_id in known)
    for problem in check(questions, known):
        if problem.kind is ProblemKind.WRONG:
            yield Problem(join("answers", problem.question), problem.message)
