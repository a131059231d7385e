"""Settings common to every way of running. Values come from the environment alone; docs/operating.md lists them."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from diplopedia.settings import environment as env
from diplopedia.settings import sign_on

BASE_DIR = env.ROOT
DATA_DIR = env.data_dir()

INSTALLED_APPS = [
    "home",
    "diplopedia",
    "manners",
    "discussion",
    "notices",
    "people",
    "search",
    "wagtail.contrib.redirects",
    "wagtail.sites",
    "people.apps.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "django_tasks",
    "taggit",
    "treebeard",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "diplopedia.logs.numbered",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "diplopedia.middleware.no_store",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.middleware.ReadersLanguage",
    "diplopedia.middleware.SignIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "manners.middleware.conduct_first",
    "diplopedia.middleware.KindErrors",
    "diplopedia.admin_doors.WikiDoors",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # templates/django/forms come before Django's own

ROOT_URLCONF = "diplopedia.urls"
WSGI_APPLICATION = "diplopedia.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]

DATABASES = {"default": env.database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache(env.text("CACHE_URL", "locmem:"))}

SEARCH_URL = env.search_url(DATA_DIR)
SEARCH_DRAIN = env.search_drain(SEARCH_URL)
SEARCH_API_KEY = env.text("SEARCH_API_KEY")
SEARCH_CA_CERTS = env.certificates("SEARCH_CA_CERTS")
SEARCH_TIMEOUT = env.seconds("SEARCH_TIMEOUT", 1.0)
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# Signing in: one door, allauth's.
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.backends.StaffBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "people.adapters.StaffAccountAdapter"
SOCIALACCOUNT_ADAPTER = "people.adapters.StaffSocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_FORMS = {"login": "people.entrance.SignInForm", "reset_password": "people.entrance.ForgottenForm"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Diplopedia] "
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # half minutes that a code may be late, or a clock wrong (RFC 6238, section 5.2)
# Single sign-on: who people are, one identity provider says, by a number. Without one nothing of it shows.
SIGN_ON = sign_on.read()
SOCIALACCOUNT_PROVIDERS = SIGN_ON.providers
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True  # before a way to sign in is added or removed
SSO_ONLY = SIGN_ON.only
MFA_PASSKEY_LOGIN_ENABLED = not SSO_ONLY  # a passkey with a finger or a PIN is two factors in one
SSO_ID_ATTRIBUTE = SIGN_ON.number
SSO_TRUST_EMAIL = SIGN_ON.trust_email
SSO_ATTRIBUTES = SIGN_ON.attributes
SSO_OVERWRITES = sign_on.overwritten()
SYNC_MOST_CLOSED = sign_on.percent("SYNC_MOST_CLOSED", 10)  # of the open accounts, in one run of sync_people
MFA_REQUIRED_GROUPS = env.words("MFA_REQUIRED_GROUPS")
STAFF_DOMAINS = [domain.lower().lstrip("@") for domain in env.words("STAFF_DOMAINS")]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "diplopedia.views.rescuing.refused_form"

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("fr", "Français")]
# The texts are in the last one; the first is for what is compiled from them where that may not be written to.
LOCALE_PATHS = [DATA_DIR / "locale", BASE_DIR / "locale"]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_I18N = WAGTAIL_I18N_ENABLED = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT") or DATA_DIR / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Uploads: served by our own view after a permission check, never by a public folder.
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/files/"
FILE_SERVING = env.choice("FILE_SERVING", "django", "x-accel")  # x-accel: nginx sends what the view allows
# A text of 5 MB in any script arrives percent-encoded, three times as long, and is then refused kindly.
DATA_UPLOAD_MAX_MEMORY_SIZE = 18 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a profile with 500 posts
WAGTAILIMAGES_IMAGE_MODEL = "diplopedia.WikiImage"
WAGTAILDOCS_DOCUMENT_MODEL = "diplopedia.WikiDocument"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx"]
DOCUMENT_MAX_BYTES = 20 * 1024 * 1024
FILES_PER_DAY = env.number("FILES_PER_DAY", 200)  # of one person
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_SITE_NAME = "Diplopedia"
WAGTAILADMIN_BASE_URL = env.site_url()
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_AUTO_UPDATE_PREVIEW = False
WAGTAILADMIN_COMMENTS_ENABLED = False
# The admin's own search stays off the save path; readers search with the `search` app.
WAGTAILSEARCH_BACKENDS = MODELSEARCH_BACKENDS = {
    "default": {"BACKEND": "modelsearch.backends.database", "AUTO_UPDATE": False}
}
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = False

# Headers
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Browsers look at where a form leads in the end: to the identity provider, too.
        "form-action": [SELF, *SIGN_ON.origins],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    },
}

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
ARTICLE_MAX_CHARACTERS = env.number("ARTICLE_MAX_CHARACTERS", 400_000)
# Who read which revision: seconds that notes wait to be written together, and days that `forget_readings` leaves them.
READINGS_WAIT = 2.0
READINGS_KEPT_DAYS = env.number("READINGS_KEPT_DAYS", 365)
# Drafts may be longer than pages: what is too long to publish is kept until it is split.
DRAFT_MAX_CHARACTERS = env.number("DRAFT_MAX_CHARACTERS", 1_000_000)
DRAFTS_PER_PERSON = env.number("DRAFTS_PER_PERSON", 100)
DRAFT_DAYS = env.number("DRAFT_DAYS", 180)
# A language test counts for so many years, 0: for ever. Rare is what at most so many colleagues have at these levels.
LANGUAGE_TEST_YEARS = env.number("LANGUAGE_TEST_YEARS", 5)
RARE_LANGUAGE_AT_MOST = env.number("RARE_LANGUAGE_AT_MOST", 2)
RARE_LANGUAGE_LEVEL = env.levels("RARE_LANGUAGE_LEVEL", "3/3")
# How the job titles of those begin who lead an office or a post, highest first; with slashes titles of one rank.
_HEADS = (
    "Secretary General/Secrétaire général/Secrétaire générale, "
    "Ambassador/High Commissioner/Permanent Representative/Ambassadeur/Ambassadrice/Haut-commissaire/"
    "Représentant permanent/Représentante permanente, "
    "Head of Mission/Chargé d’Affaires/Chef de mission/Cheffe de mission, "
    "Consul General/Consul général/Consule générale, "
    "Director General/Directeur général/Directrice générale, "
    "Director/Directeur/Directrice, Head/Chief/Chef/Cheffe"
)
HEAD_TITLES = env.words("HEAD_TITLES", _HEADS)
# Whether colleagues say themselves in which office they work, and so read what is kept to it.
PEOPLE_CHOOSE_OFFICE = env.flag("PEOPLE_CHOOSE_OFFICE", False)
# Colleagues that one person may take along within a day (0: none) and read within an hour (0: any number), and days
# that `forget_disclosures` leaves the record of it.
PEOPLE_TAKEN_PER_DAY = env.number("PEOPLE_TAKEN_PER_DAY", 2000)
PEOPLE_READ_PER_HOUR = env.number("PEOPLE_READ_PER_HOUR", 600)
DISCLOSURES_KEPT_DAYS = env.number("DISCLOSURES_KEPT_DAYS", 1095, least=90)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "diplopedia.logs.Lines"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": env.choice("LOG_FORMAT", "plain", "json")}
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
