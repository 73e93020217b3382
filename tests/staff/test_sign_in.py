"""Signing in by employee number."""

import pytest
from django.test import Client
from django.urls import reverse

from staff.models import Event, fold
from tests import make
from tests.urls import without_tokens


def sign_in(browser, number, password=make.PASSWORD):
    return browser.post(reverse("account_login"), {"login": number, "password": password})


@pytest.fixture
def mira(db):
    return make.user(number="MIRA")


@pytest.mark.parametrize("typed", ["MIRA", "mira", " Mira ", "ＭＩＲＡ", "ｍｉｒａ"])
def test_the_employee_number_is_folded(mira, typed):
    browser = Client()
    response = sign_in(browser, typed)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert browser.session["_auth_user_id"] == str(mira.pk)


def test_folding_keeps_what_is_meant():
    assert [fold(typed) for typed in ("a１2", " Ｂ-7 ", None)] == ["A12", "B-7", ""]


def test_two_people_cannot_have_numbers_that_fold_alike(mira):
    assert type(mira).objects.get_by_natural_key("ｍｉｒａ") == mira


def test_signing_in_and_out_is_written_down(mira):
    browser = Client()
    sign_in(browser, "mira")
    browser.post(reverse("account_logout"))
    assert list(Event.objects.values_list("verb", "actor", "subject")) == [
        ("sign-in", mira.pk, f"user:{mira.pk}"),
        ("sign-out", mira.pk, f"user:{mira.pk}"),
    ]


def test_a_wrong_password_and_an_unknown_person_get_the_same_page(mira):
    known, unknown = sign_in(Client(), "MIRA", "wrong"), sign_in(Client(), "NOBODY", "wrong")
    assert known.status_code == unknown.status_code
    assert without_tokens(known) == without_tokens(unknown).replace("NOBODY", "MIRA")


def test_nobody_signs_in_who_is_not_active(mira):
    type(mira).objects.filter(pk=mira.pk).update(is_active=False)
    inactive, unknown = sign_in(Client(), "MIRA"), sign_in(Client(), "NOBODY")
    assert without_tokens(inactive) == without_tokens(unknown).replace("NOBODY", "MIRA")


def test_a_session_ends_when_its_person_is_no_longer_active(mira):
    browser = Client()
    sign_in(browser, "MIRA")
    type(mira).objects.filter(pk=mira.pk).update(is_active=False)
    assert browser.get("/")["Location"] == "/accounts/login/?next=/"


def test_the_session_id_changes_at_sign_in(mira):
    browser = Client()
    browser.get(reverse("account_login"))
    session = browser.session
    session["before"] = True
    session.save()
    browser.cookies["sessionid"] = before = session.session_key
    sign_in(browser, "MIRA")
    assert browser.cookies["sessionid"].value not in ("", before)


def test_signing_out_ends_the_session(mira):
    browser = Client()
    sign_in(browser, "MIRA")
    old = browser.cookies["sessionid"].value
    browser.post(reverse("account_logout"))
    browser.cookies["sessionid"] = old
    assert browser.get("/")["Location"] == "/accounts/login/?next=/"


def test_signing_up_is_closed(db):
    browser = Client()
    browser.post(reverse("account_signup"), {"username": "EVE", "password1": make.PASSWORD, "name": "Eve"})
    assert not make.User.objects.filter(employee_number="EVE").exists()


def test_a_sixth_wrong_password_has_to_wait(mira):
    statuses = [sign_in(Client(), "MIRA", "wrong").status_code for _ in range(5)]
    assert statuses == [200] * 5
    browser = Client()
    sign_in(browser, "MIRA")
    assert "_auth_user_id" not in browser.session


def test_next_never_leaves_the_site(mira):
    response = Client().post(
        reverse("account_login") + "?next=https://evil.example/",
        {"login": "MIRA", "password": make.PASSWORD, "next": "https://evil.example/"},
    )
    assert response["Location"] == "/"


def test_an_expired_session_answers_htmx_with_a_way_back(db):
    response = Client().get("/marks/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, "/accounts/login/?next=/marks/")


def test_the_language_is_kept_on_the_person(mira, sign_in):
    sign_in(mira).post(reverse("set_language"), {"language": "en", "next": "/marks/"})
    mira.refresh_from_db()
    assert mira.language == "en"


def test_an_unknown_language_or_theme_changes_nothing(mira, sign_in):
    browser = sign_in(mira)
    browser.post(reverse("set_language"), {"language": "tlh"})
    browser.post(reverse("theme"), {"theme": "neon"})
    mira.refresh_from_db()
    assert (mira.language, mira.theme) == ("", "auto")


def test_the_way_back_never_leaves_the_site(mira, sign_in):
    response = sign_in(mira).post(reverse("theme"), {"theme": "dark", "next": "//evil.example/"})
    assert response["Location"] == "/"
