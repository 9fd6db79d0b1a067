from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "learning"

    def ready(self) -> None:
        from learning import long_work, receivers  # noqa: F401  (registers them)
        from learning.voices import model_voice
        from quality.voices import set_source

        set_source(model_voice)
