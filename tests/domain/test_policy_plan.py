"""Plans: their steps, who else gains, obstacles, and that a plan whose snapshot has changed is recognised."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.domain.limits.outbound_policy import (
    AutoForwarding,
    Membership,
    OutboundPolicy,
    OutboundRule,
    PolicySnapshot,
    SendingLimits,
    ThresholdAction,
)
from services.domain.limits.policy_names import free_name, policy_name
from services.domain.limits.policy_plan import (
    Conflict,
    ConflictKind,
    Gain,
    NoPlan,
    Obstacle,
    Plan,
    Strategy,
    fingerprint,
    plan,
)
from services.domain.limits.policy_steps import (
    ExceptSender,
    MakePolicy,
    MakeRule,
    PolicyStep,
    RaiseLimits,
    StepKind,
    StepState,
    state_of,
    with_steps,
    without_steps,
)
from services.domain.limits.policy_table import Setting, rows_of
from services.domain.limits.sending_limits import STANDARD, STRICT
from services.domain.people import PersonId
from services.domain.unknown import Unknown, UnknownReason

MIA = ("mia@contoso.example", "m.hart@contoso.example")
MORE = SendingLimits(external_per_hour=2_500, internal_per_hour=1_000, per_day=3_000)
DEFAULT = OutboundPolicy(
    name="Default",
    limits=STANDARD,
    action=ThresholdAction.RESTRICT,
    forwarding=AutoForwarding.AUTOMATIC,
    notify=True,
    notify_to=("secops@contoso.example",),
    bcc=True,
    bcc_to=("copies@contoso.example",),
    note="the admins' own",
    is_default=True,
)
STRICTER = OutboundPolicy(name="Stricter", limits=STRICT, action=ThresholdAction.ALERT, forwarding=AutoForwarding.OFF)
SALES = OutboundPolicy(name="Sales", limits=STRICT)
TEAM = OutboundRule(name="Stricter", policy="Stricter", priority=0, groups=("team",), except_groups=("chiefs",))
EVERYBODY = OutboundRule(name="Sales", policy="Sales", priority=1, domains=("contoso.example",))


def snapshot(*rules: OutboundRule, **more: object) -> PolicySnapshot:
    usual = PolicySnapshot(
        policies=(DEFAULT, STRICTER, SALES),
        rules=rules,
        person=PersonId("mia"),
        memberships=(Membership(group="team", belongs=True), Membership(group="chiefs", belongs=False)),
        domains=("contoso.example", "contoso.onmicrosoft.example"),
    )
    return replace(usual, **more)  # type: ignore[arg-type]  # the tests name real fields


def own(found: PolicySnapshot, limits: SendingLimits = MORE, name: str = "Mia Hart (case 17)") -> Plan:
    return plan(Strategy.OWN_LIMITS, found, MIA, limits, name)


def recipe(found: PolicySnapshot, limits: SendingLimits = MORE, name: str = "Everybody else") -> Plan:
    return plan(Strategy.PUBLISHED_RECIPE, found, MIA, limits, name)


def test_own_limits_copy_every_other_setting_of_the_governing_policy() -> None:
    made = own(snapshot())
    policy = replace(DEFAULT, name="Mia Hart case 17", limits=MORE, note="", is_default=False)
    rule = OutboundRule(name="Mia Hart case 17", policy="Mia Hart case 17", priority=0, senders=(MIA[0],))
    assert made.steps == (MakePolicy(policy=policy), MakeRule(rule=rule))
    assert (made.before, made.after, made.person) == (DEFAULT, policy, "mia")
    assert (made.gains, made.conflicts) == ((), ())


def test_own_limits_beside_a_custom_policy_copy_that_one_and_say_what_is_ignored_and_moved() -> None:
    made = own(snapshot(TEAM, EVERYBODY))
    assert made.after == replace(STRICTER, name="Mia Hart case 17", limits=MORE)
    assert made.conflicts == (
        Conflict(kind=ConflictKind.ALSO_NAMED, names=("Stricter", "Sales")),
        Conflict(kind=ConflictKind.GROUP_EXCEPTED, names=("chiefs",)),
        Conflict(kind=ConflictKind.PRIORITIES_SHIFT, names=("Stricter", "Sales")),
    )


def test_who_has_a_policy_of_their_own_keeps_it() -> None:
    alone = replace(TEAM, groups=(), senders=MIA)
    made = own(snapshot(alone, EVERYBODY))
    assert made.steps == (RaiseLimits(policy="Stricter", was=STRICT, to=MORE),)
    assert made.after == replace(STRICTER, limits=MORE)
    assert made.gains == ()
    assert [conflict.kind for conflict in made.conflicts] == [ConflictKind.ALSO_NAMED, ConflictKind.GROUP_EXCEPTED]


@pytest.mark.parametrize("more", [{"senders": (*MIA, "bob@contoso.example"), "groups": ()}, {"groups": ("team",)}])
def test_a_policy_shared_with_others_is_not_raised_for_one(more: dict[str, object]) -> None:
    made = own(snapshot(replace(TEAM, **more)))  # type: ignore[arg-type]  # real fields
    assert [step.kind for step in made.steps] == [StepKind.MAKE_POLICY, StepKind.MAKE_RULE]


def test_a_sender_is_named_by_the_primary_address_where_it_is_known() -> None:
    made = own(snapshot(primary="mia.hart@contoso.example"))
    assert made.addresses == (*MIA, "mia.hart@contoso.example")
    assert made.after.name == "Mia Hart case 17"
    assert [step.rule.senders for step in made.steps if isinstance(step, MakeRule)] == [("mia.hart@contoso.example",)]
    assert own(snapshot(primary=MIA[1].upper())).addresses == MIA


def test_a_policy_for_a_group_names_the_group_and_not_the_sender() -> None:
    made = own(snapshot(EVERYBODY, group="TEAM"))
    (rule,) = [step.rule for step in made.steps if isinstance(step, MakeRule)]
    assert (rule.senders, rule.groups, rule.priority) == ((), ("TEAM",), 0)
    assert made.after == replace(SALES, name="Mia Hart case 17", limits=MORE)


def test_a_group_that_has_a_policy_of_its_own_keeps_it() -> None:
    assert own(snapshot(TEAM, group="Team")).steps == (RaiseLimits(policy="Stricter", was=STRICT, to=MORE),)
    narrower = replace(TEAM, domains=("contoso.example",))
    assert own(snapshot(narrower, group="team")).steps[0].kind is StepKind.MAKE_POLICY
    shared = replace(TEAM, groups=("team", "others"))
    assert own(snapshot(shared, group="team")).steps[0].kind is StepKind.MAKE_POLICY


def test_the_recipe_excepts_the_sender_from_every_rule_and_raises_default_first() -> None:
    team = replace(TEAM, except_senders=("bob@contoso.example",))
    made = recipe(snapshot(team, EVERYBODY))
    assert made.steps == (
        RaiseLimits(policy="Default", was=STANDARD, to=MORE),
        ExceptSender(rule="Stricter", sender=MIA[0], was=("bob@contoso.example",)),
        ExceptSender(rule="Sales", sender=MIA[0]),
    )
    assert (made.before, made.after) == (STRICTER, replace(DEFAULT, limits=MORE))
    assert made.gains == (Gain.EVERYBODY_UNDER_DEFAULT,)
    assert made.conflicts == ()


def test_the_recipe_lets_nobody_else_gain_where_default_is_enough() -> None:
    made = recipe(snapshot(TEAM), SendingLimits(external_per_hour=450, internal_per_hour=900, per_day=1_000))
    assert made.steps == (ExceptSender(rule="Stricter", sender=MIA[0]),)
    assert (made.after, made.gains) == (DEFAULT, ())


def test_the_recipe_never_lowers_default_and_takes_the_services_own_limit_for_the_highest() -> None:
    high = replace(DEFAULT, limits=SendingLimits(external_per_hour=0, internal_per_hour=3_000, per_day=3_000))
    asked = SendingLimits(external_per_hour=2_000, internal_per_hour=1_000, per_day=0)
    made = recipe(snapshot(TEAM, policies=(high, STRICTER, SALES)), asked)
    assert made.after.limits == SendingLimits(external_per_hour=0, internal_per_hour=3_000, per_day=0)


def test_where_default_governs_the_recipe_keeps_everybody_else_at_its_present_settings() -> None:
    others = replace(EVERYBODY, domains=("fabrikam.example",), priority=0)
    found = snapshot(others)
    made = recipe(found)
    kept = replace(DEFAULT, name="Everybody else", note="", is_default=False)
    rule = OutboundRule(
        name="Everybody else",
        policy="Everybody else",
        priority=1,
        domains=("contoso.example", "contoso.onmicrosoft.example"),
        except_senders=(MIA[0],),
    )
    assert made.steps == (
        MakePolicy(policy=kept),
        MakeRule(rule=rule),
        RaiseLimits(policy="Default", was=STANDARD, to=MORE),
    )
    assert (made.after, made.gains) == (replace(DEFAULT, limits=MORE), (Gain.DOMAINS_ADDED_LATER,))
    assert made.conflicts == ()
    assert [one.priority for one in with_steps(found, made.steps).rules] == [0, 1]


UNREAD = Unknown(reason=UnknownReason.NO_PERMISSION)


@pytest.mark.parametrize(
    ("way", "found", "limits", "obstacle"),
    [
        (Strategy.OWN_LIMITS, snapshot(TEAM, memberships=()), MORE, Obstacle.GOVERNING_UNKNOWN),
        (Strategy.OWN_LIMITS, snapshot(), STANDARD, Obstacle.NOTHING_TO_CHANGE),
        (Strategy.OWN_LIMITS, snapshot(group="chiefs"), MORE, Obstacle.NOT_A_MEMBER),
        (Strategy.OWN_LIMITS, snapshot(group="strangers"), MORE, Obstacle.GROUP_UNKNOWN),
        (Strategy.PUBLISHED_RECIPE, snapshot(), STRICT, Obstacle.NOTHING_TO_CHANGE),
        (Strategy.PUBLISHED_RECIPE, snapshot(domains=UNREAD), MORE, Obstacle.DOMAINS_UNKNOWN),
        (Strategy.PUBLISHED_RECIPE, snapshot(domains=()), MORE, Obstacle.DOMAINS_UNKNOWN),
        (
            Strategy.PUBLISHED_RECIPE,
            snapshot(TEAM, replace(EVERYBODY, domains=(), groups=("unread",))),
            MORE,
            Obstacle.GOVERNING_UNKNOWN,
        ),
        (Strategy.PUBLISHED_RECIPE, snapshot(TEAM, policies=(STRICTER,)), MORE, Obstacle.GOVERNING_UNKNOWN),
    ],
)
def test_there_is_no_plan(way: Strategy, found: PolicySnapshot, limits: SendingLimits, obstacle: Obstacle) -> None:
    with pytest.raises(NoPlan) as none:
        plan(way, found, MIA, limits, "x")
    assert none.value.obstacle is obstacle


def test_where_a_plan_would_leave_the_sender_nobody_can_say_there_is_none() -> None:
    nameless = replace(TEAM, groups=(), senders=MIA, policy="Stricter")
    with pytest.raises(NoPlan):
        own(snapshot(nameless, policies=(DEFAULT,)))


def test_own_limits_work_without_a_default_to_be_seen() -> None:
    assert own(snapshot(TEAM, policies=(STRICTER,))).gains == ()


PLANS = [
    own(snapshot()),
    own(snapshot(TEAM, EVERYBODY)),
    recipe(snapshot(TEAM, EVERYBODY)),
    recipe(snapshot()),
    recipe(snapshot(EVERYBODY)),
]
SNAPSHOTS = [snapshot(), snapshot(TEAM, EVERYBODY), snapshot(TEAM, EVERYBODY), snapshot(), snapshot(EVERYBODY)]


@pytest.mark.parametrize("made", PLANS)
def test_a_plan_survives_being_stored(made: Plan) -> None:
    stored = TypeAdapter(Plan)
    assert stored.validate_python(json.loads(json.dumps(stored.dump_python(made, mode="json")))) == made
    assert stored.validate_json(stored.dump_json(made)) == made


@pytest.mark.parametrize(("made", "found"), list(zip(PLANS, SNAPSHOTS, strict=True)))
def test_at_every_point_the_rest_of_the_world_looks_as_planned_on(made: Plan, found: PolicySnapshot) -> None:
    for number in range(len(made.steps) + 1):
        now = with_steps(found, made.steps[:number])
        back = without_steps(now, made.steps, MIA)
        assert fingerprint(back, MIA, made.steps) == made.fingerprint
        assert sorted(back.rules, key=lambda rule: rule.name) == sorted(found.rules, key=lambda rule: rule.name)
        assert set(back.policies) == set(found.policies)
        stands = [state_of(step, now, MIA) for step in made.steps]
        left = len(made.steps) - number
        assert stands == [StepState.APPLIED] * number + [StepState.NOT_APPLIED] * left


def others_changed(found: PolicySnapshot) -> list[PolicySnapshot]:
    return [
        found.with_policy(replace(STRICTER, limits=STANDARD)),
        found.with_policy(replace(STRICTER, forwarding=AutoForwarding.ON)),
        found.with_policy(replace(DEFAULT, limits=STRICT)),
        found.with_rule(replace(TEAM, enabled=False)),
        found.with_rule(replace(TEAM, except_senders=("zoe@contoso.example",))),
        found.with_rule(replace(EVERYBODY, policy="Stricter", priority=0, domains=("contoso.example",))),
        replace(found, memberships=()),
    ]


@pytest.mark.parametrize("changed", others_changed(snapshot(TEAM, EVERYBODY)))
def test_what_others_changed_is_noticed(changed: PolicySnapshot) -> None:
    made = recipe(snapshot(TEAM, EVERYBODY))
    assert fingerprint(changed, MIA, made.steps) != made.fingerprint


def test_what_a_plan_does_not_rest_on_may_change() -> None:
    made = own(snapshot(TEAM, EVERYBODY))
    changed = snapshot(
        replace(TEAM, priority=3, groups=("TEAM",)),
        replace(EVERYBODY, priority=4, domains=("fabrikam.example",)),
        policies=(replace(DEFAULT, limits=STRICT), STRICTER, replace(SALES, limits=MORE)),
    )
    assert fingerprint(changed, MIA, made.steps) == made.fingerprint


def test_a_foreign_object_of_our_name_is_noticed() -> None:
    made = own(snapshot())
    policy = next(step.policy for step in made.steps if isinstance(step, MakePolicy))
    foreign = snapshot().with_policy(replace(policy, limits=STRICT))
    assert fingerprint(foreign, MIA, made.steps) != made.fingerprint
    assert state_of(made.steps[0], foreign, MIA) is StepState.OTHERWISE


@pytest.mark.parametrize(
    ("step", "stands"),
    [
        (RaiseLimits(policy="Default", was=STRICT, to=MORE), StepState.OTHERWISE),
        (RaiseLimits(policy="Gone", was=STRICT, to=MORE), StepState.OTHERWISE),
        (ExceptSender(rule="Gone", sender=MIA[0]), StepState.OTHERWISE),
        (MakeRule(rule=replace(EVERYBODY, domains=("else.example",))), StepState.OTHERWISE),
        (MakeRule(rule=replace(EVERYBODY, name="SALES", domains=("CONTOSO.example",), priority=7)), StepState.APPLIED),
        (MakePolicy(policy=replace(STRICTER, note="somebody's words")), StepState.APPLIED),
    ],
)
def test_whether_a_snapshot_shows_a_step_as_applied(step: PolicyStep, stands: StepState) -> None:
    assert state_of(step, snapshot(TEAM, EVERYBODY), MIA) is stands


def test_a_description_of_others_does_not_make_a_policy_another() -> None:
    described = snapshot().with_policy(replace(STRICTER, note="agreed with marketing"))
    assert state_of(MakePolicy(policy=STRICTER), described, MIA) is StepState.APPLIED


def test_the_sender_may_be_shown_by_any_address() -> None:
    made = own(snapshot())
    done = with_steps(snapshot(), made.steps)
    shown = done.with_rule(replace(done.rules[0], senders=(MIA[1].upper(),)))
    assert state_of(made.steps[1], shown, MIA) is StepState.APPLIED
    excepted = snapshot(replace(TEAM, except_senders=("bob@contoso.example", MIA[1])))
    step = ExceptSender(rule="Stricter", sender=MIA[0])
    assert state_of(step, excepted, MIA) is StepState.APPLIED
    assert without_steps(excepted, [step], MIA).rules[0].except_senders == ("bob@contoso.example",)


def test_a_rule_of_ours_gives_back_the_place_it_has_now() -> None:
    step = MakeRule(rule=OutboundRule(name="Ours", policy="Ours", priority=0, senders=MIA))
    now = snapshot(replace(TEAM, priority=0), replace(step.rule, priority=1), replace(EVERYBODY, priority=2))
    assert [rule.priority for rule in without_steps(now, [step], MIA).rules] == [0, 1]


def test_each_step_says_what_it_is_about() -> None:
    names = [[step.name for step in made.steps] for made in (recipe(snapshot(TEAM)), own(snapshot()))]
    assert names == [["Default", "Stricter"], ["Mia Hart case 17", "Mia Hart case 17"]]


def test_the_table_shows_every_setting_before_and_after() -> None:
    rows = {row.setting: (row.before, row.after, row.changes) for row in rows_of(own(snapshot(TEAM)))}
    assert rows == {
        Setting.POLICY: ("Stricter", "Mia Hart case 17", True),
        Setting.EXTERNAL_PER_HOUR: ("400", "2500", True),
        Setting.INTERNAL_PER_HOUR: ("800", "1000", True),
        Setting.PER_DAY: ("800", "3000", True),
        Setting.ACTION: ("alert", "alert", False),
        Setting.FORWARDING: ("off", "off", False),
        Setting.NOTIFY: ("", "", False),
        Setting.BCC: ("", "", False),
    }
    told = {row.setting: row.after for row in rows_of(own(snapshot()))}
    assert (told[Setting.NOTIFY], told[Setting.BCC]) == ("secops@contoso.example", "copies@contoso.example")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mia Hart: 50% more; [case 17]", "Mia Hart 50 more case 17"),
        (r'a\b%c&d*e+f/g=h?i{j}k|l<m>n(o)p;q:r[s]t,u"v', "a b c d e f g h i j k l m n o p q r s t u v"),
        ("x" * 70, "x" * 64),
        ("", "Sendwell"),
        ("()", "Sendwell"),
        ("Zoë\n\x00Ångström", "Zoë Ångström"),
    ],
)
def test_a_name_is_made_fit(text: str, name: str) -> None:
    assert policy_name(text) == name


def test_a_name_is_made_free() -> None:
    assert free_name("stricter", snapshot()) == "stricter 2"
    used = snapshot(OutboundRule(name="x" * 64, policy="x", priority=0), replace(TEAM, name="x" * 62 + " 2"))
    assert free_name("x" * 80, used) == "x" * 62 + " 3"


@given(st.text())
def test_any_name_is_one_that_exchange_takes(text: str) -> None:
    name = policy_name(text)
    assert 1 <= len(name) <= 64
    assert not set(name) & set('\\%&*+/=?{}|<>();:[],"')
