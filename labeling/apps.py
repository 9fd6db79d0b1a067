from django.apps import AppConfig


class LabelingConfig(AppConfig):
    name = "labeling"

    def ready(self) -> None:
        from labeling import long_work, tasks  # noqa: F401  (they register themselves)
