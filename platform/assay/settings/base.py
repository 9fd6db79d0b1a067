"""What holds in every mode. The environment is read by ``environment``; the other modules only override."""

from contextlib import suppress
from pathlib import Path

from assay.logs import configure_structlog, logging_configuration
from assay.settings.environment import read_environment

ENVIRONMENT = read_environment()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
ROOT_URLCONF = "assay.urls"
WSGI_APPLICATION = "assay.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "accounts",
    "jobs",
    "labeling",
    "quality",
    "learning",
    "assay",
]

MIDDLEWARE = [
    "assay.middleware.SecurityHeaders",
    "assay.middleware.Compress",
    "assay.middleware.RefuseNul",
    "labeling.api.shortcut.Shortcut",  # the two routes that answer by the thousand
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "assay.middleware.OneLanguageAPage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "assay.middleware.RefuseNulInForms",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "assay.context.standing",
            ],
        },
    },
]

LOGGING = logging_configuration(ENVIRONMENT.log_level)
configure_structlog()

DATABASES = {"default": ENVIRONMENT.database}
MEDIA_STORE = ENVIRONMENT.home / "media"
MAX_UPLOAD_BYTES = ENVIRONMENT.max_upload_bytes
ALLOWED_PYTHON = ENVIRONMENT.allowed_python
OUTGOING = ENVIRONMENT.outgoing
TRAINING_SECONDS = ENVIRONMENT.training_seconds
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("ar", "العربية")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = ENVIRONMENT.home / "static"
with suppress(OSError):  # whitenoise warns when it is missing; where it cannot be, finders serve
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "assay.error_pages.csrf_failed"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.parameters.KnownParameters",
    ],
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["assay.strict_json.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "assay.errors.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Assay",
    "DESCRIPTION": "Crowd labels with proof.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
}

# Celery. A message is a hint; rows hold the truth (see jobs/).
EMBEDDED_JOBS = not ENVIRONMENT.redis_url
HINT_REST_SECONDS = 0.1  # between two messages that say the same
CELERY_BROKER_URL = ENVIRONMENT.redis_url or "memory://localhost//"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# A line of its own: jobs are few, hints come by the hundred. A worker takes from both in turn.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"celery": {}, "jobs": {}}
CELERY_TASK_ROUTES = {"jobs.run_job": {"queue": "jobs"}}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 60 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 55 * 60
CELERY_TASK_PUBLISH_RETRY = False  # a lost hint is found by a sweep; a request must not wait for it
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # Redis is not trusted with commands
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = None if EMBEDDED_JOBS else 1000
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"polling_interval": 0.05}
    if EMBEDDED_JOBS
    else {
        # Above the hard time limit: a running task is never doubled.
        "visibility_timeout": 2 * 60 * 60,
        # With kombu's defaults a killed worker's message comes back after some 100 s.
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 3,
        # Sending gives up at once; the worker's own loop reconnects for ever.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    }
)
