"""One module per task: how a record is read, asked, scored and summed up."""

from __future__ import annotations

from tocsin.evaluate.tasks.base import Task

__all__ = ["Task", "task_class"]


def task_class(name: str) -> type[Task]:
    """The class of a task; raises KeyError for a name that is none of ``TASKS``."""
    from tocsin.evaluate.tasks.attribution import AttributionTask
    from tocsin.evaluate.tasks.certainty import CertaintyTask
    from tocsin.evaluate.tasks.checkworthy import CheckworthyTask
    from tocsin.evaluate.tasks.judging import BlameTask, ForecastTask
    from tocsin.evaluate.tasks.matching import MatchingTask
    from tocsin.evaluate.tasks.names import NamesTask
    from tocsin.evaluate.tasks.origins import OriginsTask
    from tocsin.evaluate.tasks.persuasion import PersuasionTask
    from tocsin.evaluate.tasks.place import PlaceTask
    from tocsin.evaluate.tasks.quantity import QuantityTask
    from tocsin.evaluate.tasks.same_sentence import SameSentenceTask
    from tocsin.evaluate.tasks.same_story import SameStoryTask
    from tocsin.evaluate.tasks.time import TimeTask

    classes: tuple[type[Task], ...] = (
        AttributionTask,
        BlameTask,
        CertaintyTask,
        CheckworthyTask,
        ForecastTask,
        MatchingTask,
        NamesTask,
        OriginsTask,
        PersuasionTask,
        PlaceTask,
        QuantityTask,
        SameSentenceTask,
        SameStoryTask,
        TimeTask,
    )
    return {cls.name: cls for cls in classes}[name]
