from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "quality"

    def ready(self) -> None:
        from labeling import feedback, matching, skills, standing
        from quality import long_work, receivers, tasks  # noqa: F401
        from quality.queries.feedback import said_to
        from quality.queries.matching import worths
        from quality.queries.skills import at_work, in_practice
        from quality.queries.standing import standings

        standing.set_source(standings)
        skills.set_source(skills.Skills(at_work, in_practice))
        matching.set_source(worths)
        feedback.set_source(said_to)
