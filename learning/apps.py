from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "learning"

    def ready(self) -> None:
        from learning import long_work, receivers  # noqa: F401  (registers them)
        from learning.asking import worth_asking
        from learning.streamed import streamed_labels
        from learning.voices import model_voice
        from quality import asking, elsewhere, voices

        voices.set_source(model_voice)
        asking.set_source(worth_asking)
        elsewhere.set_source(streamed_labels)
