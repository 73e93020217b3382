"""The demo's small organisation: three levels of units, six named people, thirty more."""

from datetime import datetime, time, timedelta

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from courses.models import Assignment, Path, StepDone
from staff.models import Event, JobRole, Posting, Unit, User

PASSWORD = "decorum-demo-2026"  # noqa: S105  printed for everyone to see

ROLES = [
    ("guide", "导医", "Guide"),
    ("registration_cashier_pharmacy", "挂号收费药房", "Registration, cashier and pharmacy"),
    ("unit_manager", "科室主管", "Unit manager"),
    ("trainer", "培训师", "Trainer"),
]
UNITS = [
    ("hospital", None, "礼成医院", "Decorum Hospital"),
    ("outpatient", "hospital", "门诊部", "Out-patient department"),
    ("guide-desk", "outpatient", "门诊导医台", "Guide desk"),
    ("registration", "outpatient", "挂号收费处", "Registration and cashier"),
    ("inpatient", "hospital", "住院部", "In-patient department"),
    ("ward-desk", "inpatient", "住院服务台", "Ward desk"),
]
# employee number, name, unit, job role, groups, (duty, unit) beside work
PEOPLE = [
    ("MIRA", "林晓", "guide-desk", "guide", [], []),
    ("PAVEL", "Pavel Novák", "ward-desk", "guide", [], []),
    ("ANA", "安宁", "hospital", "trainer", ["trainer"], []),
    ("OTTO", "欧阳拓", "outpatient", "unit_manager", ["manager"], [("heads", "outpatient")]),
    ("HUI", "陈惠之", "hospital", "unit_manager", ["appraiser"], [("appraises", "hospital")]),
]
OTHERS = [
    "吴佩", "郑一鸣", "许蔚", "何秋雁", "蒋磊", "田雨桐", "孟飞", "苏婉", "罗成", "高静",
    "梁思远", "宋佳", "唐悦", "韩冰", "冯洁", "曹阳", "彭雪", "曾莉", "萧然", "董卓宇",
    "袁媛", "潘越", "于洋", "余晨", "叶青", "杜鹃", "戴维", "夏岚", "钟敏", "汪洋",
]  # fmt: skip
LEAVING = {"leave": 6, "exempt": 9, "left": 12}
NEWCOMER = "G001"  # begins today, with nothing done
BEGAN = {"G002": 15, "G004": 21, "G008": 20, "PAVEL": 16}  # days ago; what these did is played in colleagues.py


@transaction.atomic
def build():
    """The units, roles and people; nothing about what they have learnt."""
    for slug, zh, en in ROLES:
        JobRole.objects.create(slug=slug, name_zh=zh, name_en=en)
    for code, parent, zh, en in UNITS:
        Unit.objects.create(code=code, parent=parent and _unit(parent), name_zh=zh, name_en=en)
    root = User.objects.create_superuser("ROOT", PASSWORD, name="系统管理员")
    Group.objects.bulk_create(Group(name=name) for name in ("trainer", "manager", "appraiser", "admin"))
    for number, name, unit, role, groups, duties in PEOPLE:
        user = User.objects.create_user(number, PASSWORD, name=name)
        user.groups.set(Group.objects.filter(name__in=groups))
        _post(user, unit, role=role)
        for duty, place in duties:
            _post(user, place, duty=duty)
        Event.write("grant", actor=root, subject=f"user:{user.pk}", after={"groups": groups, "duties": duties})
    for index, name in enumerate(OTHERS):
        number = f"G{index + 1:03}"
        user = User.objects.create_user(number, PASSWORD if number == NEWCOMER else None, name=name)
        _post(user, ("guide-desk", "registration", "ward-desk")[index % 3], role="guide")
    return root


def _unit(code):
    return Unit.objects.get(code=code)


def _post(user, unit, *, role=None, duty=Posting.WORKS):
    Posting.objects.create(
        user=user,
        unit=_unit(unit),
        job_role=role and JobRole.objects.get(slug=role),
        duty=duty,
        primary=duty == Posting.WORKS,
        start=timezone.localdate() - timedelta(days=200),
    )


@transaction.atomic
def assign(root):
    """Mira's path and the newcomer's begin today; the others' paths are brought in as history with their own
    dates. Those who play a part themselves bring no steps."""
    path = Path.objects.newest().get(slug="guide-path")
    mira = User.objects.get(employee_number="MIRA")
    today = timezone.localdate()
    Assignment.begin(mira, path, unit=_unit("guide-desk"), on=today)
    others = User.objects.filter(employee_number__startswith="G").order_by("employee_number")
    for index, user in enumerate([*others, User.objects.get(employee_number="PAVEL")]):
        if user.employee_number == NEWCOMER:
            Assignment.begin(user, path, unit=user.unit_on(today), on=today)
        elif days := BEGAN.get(user.employee_number):
            Assignment.begin(user, path, unit=user.unit_on(today), on=today - timedelta(days=days))
        else:
            _history(user, path, began=today - timedelta(days=12 + 3 * index), index=index)
    people = others.count() - len({NEWCOMER, *BEGAN} - {"PAVEL"})
    Event.write("import-history", actor=root, subject=f"path:{path.slug}", after={"people": people})


def _history(user, path, *, began, index):
    unit = user.unit_on(timezone.localdate())
    assignment = Assignment.begin(user, path, unit=unit, on=began, cause="imported history")
    steps = len(path.steps) if index % 4 else index % len(path.steps)
    moments = [_noon(began + timedelta(days=step["due_day"] - 1)) for step in path.steps[:steps]]
    moments = [moment for moment in moments if moment <= timezone.now()]
    StepDone.objects.bulk_create(
        StepDone(assignment=assignment, step=step["key"], source="import:history", at=moment)
        for step, moment in zip(path.steps, moments, strict=False)
    )
    whole = len(moments) == len(path.steps)
    out = next((state for state, place in LEAVING.items() if place == index), None)
    assignment.done_steps = len(moments)
    assignment.state = Assignment.DONE if whole else out or Assignment.OPEN
    assignment.done_at = moments[-1] if whole else None
    assignment.save()


def _noon(day):
    return datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())
