"""A document becomes a draft; imported again, nothing that was decided is lost without a question."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jobs import running
from jobs.models import Job
from staff.frozen import Frozen
from staff.models import File
from staff.publishing import publish
from standards.formats.decoding import Refused
from standards.importing import import_document
from standards.models import Clause, Standard, Wording
from standards.reviewing import accept, edit, seen
from tests import make
from tests.standards.office import excel

FIRST = "# 药房 | Pharmacy\n## 见面\n- 先问好。\n- 站着接过处方，核对姓名和药名。\n- 五分钟内发药。\n"
SECOND = "# 药房 | Pharmacy\n## 见面\n- 先问好。\n- 双手接过处方，核对姓名和药名。\n- 五分钟内发药。\n- 叫全名。\n"


def read(text, by, **options):
    return import_document("rules.md", text.encode(), by=by, **options)[0]


def rows(draft):
    return [(row["text"]["zh"], row["reviewed"]) for row in draft.body["clauses"]]


def accepted(draft):
    accept(draft, {row["key"]: seen(row) for row in draft.body["clauses"]})
    return Standard.objects.get(pk=draft.pk)


def published(text, by, **options):
    return publish(accepted(read(text, by, **options)), by)


def test_a_draft_imported_again_keeps_what_was_decided_about_the_same_words(people):
    draft = read(FIRST, people.ana)
    first = draft.body["clauses"][0]
    edit(
        draft,
        first["key"],
        {"text": {"zh": "先问好。", "en": "Greet first."}, "weight": "important"},
        shown=seen(first),
    )
    again = read(SECOND, people.ana)
    assert rows(again) == [
        ("先问好。", True),
        ("双手接过处方，核对姓名和药名。", False),
        ("五分钟内发药。", False),
        ("叫全名。", False),
    ]
    assert (again.body["clauses"][0]["text"]["en"], again.body["clauses"][0]["weight"]) == ("Greet first.", "important")
    assert [row["key"] for row in again.body["clauses"][:3]] == [row["key"] for row in draft.body["clauses"]]


def test_words_in_force_as_they_stand_need_no_second_review(people):
    published(FIRST, people.ana)
    assert rows(read(SECOND, people.ana)) == [
        ("先问好。", True),
        ("双手接过处方，核对姓名和药名。", False),
        ("五分钟内发药。", True),
        ("叫全名。", False),
    ]


def test_a_changed_translation_is_read_anew(people):
    published("# A | A\n- [PW-LANG-001] 先问好。 | Greet first.\n", people.ana)
    draft = read("# A | A\n- [PW-LANG-001] 先问好。 | Say hello first.\n", people.ana)
    assert draft.body["clauses"][0]["text"]["en"] == "Say hello first."
    assert not draft.body["clauses"][0]["reviewed"]


def test_a_review_is_not_lost_without_a_question(people, sign_in):
    accepted(read(FIRST, people.ana))
    browser = sign_in(people.root)
    browser.post("/standards/import/", {"document": make.document("rules.md", SECOND)})
    job = Job.objects.get()
    running.run.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error["code"], job.error["params"]["lost"]) == ("failed", "would_lose", 1)
    assert rows(Standard.objects.drafts().get()) == [
        ("先问好。", True),
        ("站着接过处方，核对姓名和药名。", True),
        ("五分钟内发药。", True),
    ]
    assert "覆盖草稿" in browser.get(f"/jobs/{job.pk}/").content.decode()
    browser.post(f"/standards/import/{job.pk}/again/", {"replace": "1"})
    running.run.call(Job.objects.latest("pk").pk)
    assert rows(Standard.objects.drafts().get())[1] == ("双手接过处方，核对姓名和药名。", False)


def test_two_trainers_with_the_same_file_have_a_job_each(people, sign_in):
    for person, slug in ((people.ana, "one"), (people.root, "one"), (people.root, "two"), (people.root, "two")):
        sign_in(person).post("/standards/import/", {"document": make.document("rules.md", FIRST), "slug": slug})
    assert Job.objects.count() == 3


def test_the_same_file_under_another_name_is_another_standard(people, sign_in):
    text = "- 先问好。\n"
    for name in ("alpha.md", "beta.md"):
        sign_in(people.ana).post("/standards/import/", {"document": make.document(name, text)})
        running.run.call(Job.objects.latest("pk").pk)
    assert sorted(Standard.objects.drafts().values_list("slug", flat=True)) == ["alpha", "beta"]


def test_two_drafts_never_share_a_key(people):
    one, two = read(FIRST, people.ana, slug="hot-fun-day"), read(SECOND, people.ana, slug="her-fat-dog")
    assert not set(one.clause_keys()) & set(two.clause_keys())


def test_a_printed_key_of_another_draft_is_refused(people):
    read("- [PW-LANG-001] 先问好。\n", people.ana, slug="one")
    with pytest.raises(Refused, match="belongs to the standard one"):
        read("- [PW-LANG-001] 先问好。\n", people.ana, slug="two")


def test_a_key_that_became_another_standards_is_not_published(people):
    first = accepted(read("- [PW-LANG-001] 先问好。\n", people.ana, slug="one"))
    Standard.objects.filter(pk=first.pk).update(slug="two")
    Clause.objects.create(key="PW-LANG-001", standard_slug="one")
    with pytest.raises(Frozen):
        publish(Standard.objects.get(pk=first.pk), people.ana)
    assert Wording.objects.count() == 0


@pytest.mark.parametrize("slug", ["import", "x" * 81, "Ünfair", "a b"])
def test_a_short_name_that_would_not_do_is_refused(people, slug):
    with pytest.raises(Refused, match="short name"):
        read(FIRST, people.ana, slug=slug)


def test_a_document_called_import_can_be_opened(people):
    assert read("# 导入 | Import\n- 先问好。\n", people.ana).slug == "import-standard"


def test_more_than_a_thousand_rules_are_read(people):
    draft = read("".join(f"- 第{number}条细则照此办理。\n" for number in range(1, 1102)), people.ana, slug="long-list")
    assert len(set(draft.clause_keys())) == 1101


def test_a_heading_is_repeated_short(people):
    draft = read(f"# 甲\n## {'长' * 5000}\n- 先问好。\n", people.ana, slug="one")
    assert len(draft.body["clauses"][0]["heading"][0]) == 120


def test_the_same_title_is_the_next_version_of_the_same_standard(people):
    published(FIRST, people.ana, slug="pharmacy-window")
    assert read(SECOND, people.ana).slug == "pharmacy-window"


def test_an_excel_sheet_brings_kind_weight_and_roles(people, sign_in):
    make.job_role(slug="cashier")
    rows = [["编号", "条款", "类别", "级别", "岗位"], [1, "唱收唱付。", "流程", "红线", "岗位 cashier"]]
    upload = SimpleUploadedFile("rules.xlsx", excel(Sheet1=rows))
    sign_in(people.ana).post("/standards/import/", {"document": upload, "slug": "cash-desk"})
    running.run.call(Job.objects.get().pk)
    row = Standard.objects.drafts().get(slug="cash-desk").body["clauses"][0]
    assert (row["kind"], row["weight"], row["roles"], row["number"]) == ("procedure", "red_line", ["cashier"], "1")


def test_traditional_characters_are_offered_in_simplified(people, sign_in):
    browser = sign_in(people.ana)
    text = "# 服務規範\n- 請微笑服務，為顧客開門。\n"
    browser.post("/standards/import/", {"document": make.document("rules.md", text), "slug": "old"})
    running.run.call(Job.objects.get().pk)
    job = Job.objects.get()
    assert "改用简体字重新解析" in browser.get(f"/jobs/{job.pk}/").content.decode()
    browser.post(f"/standards/import/{job.pk}/again/", {"simplify": "1"})
    running.run.call(Job.objects.latest("pk").pk)
    assert rows(Standard.objects.drafts().get(slug="old")) == [("请微笑服务，为顾客开门。", False)]


def test_the_next_version_is_imported_from_its_standard_without_knowing_its_short_name(people, sign_in):
    published(FIRST, people.ana)
    browser, slug = sign_in(people.ana), Standard.objects.newest().get().slug
    page = browser.get(f"/standards/{slug}/").content.decode()
    link = re.search(r'href="(/standards/import/\?standard=[^"]+)"', page)
    page = browser.get(link[1]).content.decode()
    assert f'value="{slug}"' in page and "的下一版</h1>" in page
    document = make.document("other.md", "# 另一个标题\n- 先问好。\n")
    browser.post("/standards/import/", {"document": document, "slug": slug})
    job = Job.objects.get()
    running.run.call(job.pk)
    assert f"这将是{slug}的第2版" in browser.get(f"/jobs/{job.pk}/").content.decode()


def test_a_new_standard_says_its_short_name_and_what_to_do_if_it_was_to_be_a_version(people, sign_in):
    browser = sign_in(people.ana)
    browser.post("/standards/import/", {"document": make.document("rules.md", FIRST), "slug": "till"})
    job = Job.objects.get()
    running.run.call(job.pk)
    assert "简称为till" in browser.get(f"/jobs/{job.pk}/").content.decode()


@pytest.mark.parametrize("slug", ["", "nowhere", "<script>", "x" * 3000, "%00"])
def test_a_wrong_short_name_in_the_address_opens_the_plain_form(people, sign_in, slug):
    answer = sign_in(people.ana).get(f"/standards/import/?standard={slug}")
    assert (answer.status_code, "<h1>导入标准</h1>" in answer.content.decode()) == (200, True)


def test_a_draft_read_under_the_wrong_name_is_discarded_and_its_keys_are_free_again(people, sign_in):
    document = b"# A\n- [CL-LANG-001] \xe5\x85\x88\xe9\x97\xae\xe5\xa5\xbd\xe3\x80\x82\n"
    draft = import_document("a.md", document, by=people.ana, slug="wrong")[0]
    with pytest.raises(Refused):
        import_document("a.md", document, by=people.ana, slug="right")
    browser = sign_in(people.ana)
    assert 'href="/standards/wrong/review/discard/"' in browser.get("/standards/wrong/review/").content.decode()
    page = browser.get("/standards/wrong/review/discard/").content.decode()
    assert "1项条款" in page and f'value="{draft.pk}-{draft.revision}"' in page
    assert Standard.objects.drafts().filter(slug="wrong").exists()  # only asked
    answer = browser.post("/standards/wrong/review/discard/", {"seen": f"{draft.pk}-{draft.revision}"}, follow=True)
    assert "草稿已放弃" in answer.content.decode()
    assert browser.post("/standards/wrong/review/discard/", {"seen": ""}).status_code == 404
    assert File.objects.filter(pk=draft.source_id).exists()
    assert import_document("a.md", document, by=people.ana, slug="right")[0].clause_keys() == ["CL-LANG-001"]


def test_a_draft_that_changed_meanwhile_is_not_discarded_and_what_is_published_stays(people, sign_in):
    published(FIRST, people.ana, slug="till")
    draft = read(SECOND, people.ana, slug="till")
    browser, seen_then = sign_in(people.ana), f"{draft.pk}-{draft.revision}"
    assert "第1版" in browser.get("/standards/till/review/discard/").content.decode()
    accepted(draft)
    for told in (seen_then, "", "\0<script>"):
        assert browser.post("/standards/till/review/discard/", {"seen": told}).status_code == 409
    draft = Standard.objects.draft_of("till")
    assert all(reviewed for _words, reviewed in rows(draft))
    browser.post("/standards/till/review/discard/", {"seen": f"{draft.pk}-{draft.revision}"})
    assert Standard.objects.draft_of("till") is None and Standard.objects.published_numbers("till") == [1]
