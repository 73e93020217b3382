from allauth.account import views as account
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from config import home, search_views
from config.health import healthz
from config.search_api import Search

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search_views.search, name="search"),
    path("language/", login_not_required(home.language), name="set_language"),
    path("theme/", home.theme, name="theme"),
    path("healthz/", healthz, name="healthz"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/signup/", account.signup, name="account_signup"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("jobs/", include("jobs.urls")),
    path("", include("standards.urls")),
    path("", include("courses.urls")),
    path("", include("quizzes.urls")),
    path("", include("evidence.urls")),
    path("", include("scoring.urls")),
    path("api/v1/search/", Search.as_view(), name="api-search"),
    path("api/v1/", include("scoring.api_urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
]
