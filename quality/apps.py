from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "quality"

    def ready(self) -> None:
        from labeling import standing
        from quality import long_work, receivers, tasks  # noqa: F401
        from quality.queries.standing import standings

        standing.set_source(standings)
