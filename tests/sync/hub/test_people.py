"""People of head office: two factors, ten tries, one code once; and who may do what, by HTTP."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.errors import Refusal
from sync.hub import people, sessions
from sync.hub.office_tables import office_act, office_person, office_secret, office_session
from sync.hub.rights import AT_THE_MACHINE, MATRIX, ROLES, Actor
from sync.hub.tables import hub_entry
from sync.hub.web.acts import ACTS
from sync.hub.web.pages import PAGES
from tests.support.hubs import RunningHub
from tests.support.office import PASSWORD, Browser, Office

MakeHub = Callable[..., RunningHub]


@pytest.fixture
def office(hub: RunningHub) -> Office:
    made = Office(hub)
    made.hire("ann", "approver", "安女士")
    return made


def acts(office: Office) -> list[tuple[str, str, str]]:
    with office.hub.hub.database.begin() as db:
        rows = db.execute(select(office_act).order_by(office_act.c.order_ms))
        return [(row.person, row.act, row.detail) for row in rows]


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as told:
        call()
    return told.value.code


def signed_in(office: Office, code: str) -> Actor:
    return people.sign_in(office.hub.hub, person="ann", password=PASSWORD, code=code)


# --- proving who one is ----------------------------------------------------------------------


def test_password_and_code_together_open_the_door_and_both_ways_are_facts(office: Office) -> None:
    browser = office.browser("ann")
    assert "ann" in browser.get("/hq").text
    assert browser.post("/hq/sign-out", csrf=browser.csrf()).status_code == 303
    assert browser.get("/hq").url.endswith("/hq/sign-in")
    assert [act for _who, act, _ in acts(office)] == [
        "person_set", "secret_set", "secret_set", "signed_in", "signed_out"
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", ["password", "code", "both", "nobody"])
def test_one_wrong_half_is_not_told_from_the_other(office: Office, wrong: str) -> None:
    code = "000000" if wrong in ("code", "both") else office.code_of("ann")
    password = "another goose" if wrong in ("password", "both") else PASSWORD
    browser = Browser(office.hub)
    answer = browser.sign_in("bob" if wrong == "nobody" else "ann", code, password)
    assert answer.status_code == 401
    assert "工号、密码或动态码不对" in browser.page
    assert browser.get("/hq").url.endswith("/hq/sign-in")
    assert acts(office)[-1][1] == "sign_in_failed"


def test_a_code_counts_once(office: Office) -> None:
    code = office.code_of("ann")
    assert signed_in(office, code).role == "approver"
    assert refusal(lambda: signed_in(office, code)) == "office_sign_in_wrong"


def test_a_code_of_a_minute_ago_is_too_old(office: Office) -> None:
    code = office.code_of("ann")
    office.hub.clock.advance(61_000)
    assert refusal(lambda: signed_in(office, code)) == "office_sign_in_wrong"


def test_ten_failures_lock_a_number_until_somebody_unlocks_it(office: Office) -> None:
    office.hire("bob", "editor")

    def try_it(code: str, password: str = PASSWORD) -> str:
        return refusal(
            lambda: people.sign_in(office.hub.hub, person="bob", password=password, code=code)
        )

    told = [try_it("123", "wrong goose") for _ in range(11)]
    assert told == ["office_sign_in_wrong"] * 9 + ["office_locked"] * 2
    # The right password does not help any more, and floods no journal.
    assert try_it(office.code_of("bob")) == "office_locked"
    assert [act for _, act, _ in acts(office)].count("sign_in_failed") == 10
    ann = office.browser("ann")
    assert "已锁定" in ann.get("/hq/people").text
    assert ann.do("person_unlock", person="bob").status_code == 303
    assert office.browser("bob").get("/hq").status_code == 200


@pytest.mark.parametrize(
    "password", ["short 7", "password", "Password1", "aaaaaaaaaaaa", "kaiping123", "ann12", ""]
)
def test_a_password_a_thief_tries_first_is_refused(office: Office, password: str) -> None:
    def hire() -> object:
        return people.set_person(
            office.hub.hub, AT_THE_MACHINE, person="eve", name="", role="editor", password=password
        )

    assert refusal(hire) == "password_weak"


def test_no_secret_and_no_name_is_in_any_fact_and_the_factor_is_sealed(office: Office) -> None:
    with office.hub.hub.database.begin() as db:
        contents = b"".join(bytes(each) for each in db.scalars(select(hub_entry.c.content)))
        row = db.execute(select(office_secret)).one()
    for secret in (PASSWORD.encode(), office.secrets["ann"], "安女士".encode(), b"argon2"):
        assert secret not in contents
    assert office.secrets["ann"] not in bytes(row.sealed_factor)
    assert row.verifier.startswith("$argon2id$")


# --- sessions --------------------------------------------------------------------------------


def test_a_session_ends_after_half_an_hour_without_a_word(office: Office) -> None:
    browser = office.browser("ann")
    office.hub.clock.advance(sessions.IDLE_MS - 1000)
    assert "ann" in browser.get("/hq").text
    office.hub.clock.advance(sessions.IDLE_MS)
    assert browser.get("/hq").url.endswith("/hq/sign-in")
    assert acts(office)[-1] == ("ann", "signed_out", "idle")


def test_a_session_ends_after_twelve_hours_whatever_happens(office: Office) -> None:
    browser = office.browser("ann")
    for _ in range(36):
        office.hub.clock.advance(20 * 60_000 - 1000)
        assert browser.get("/hq").url.endswith("/hq")
    office.hub.clock.advance(2 * 60_000)
    assert browser.get("/hq").url.endswith("/hq/sign-in")


def test_the_cookie_is_for_this_site_alone_and_the_database_cannot_be_used_as_one(
    office: Office,
) -> None:
    browser = Browser(office.hub)
    answer = browser.sign_in("ann", office.code_of("ann"))
    (said,) = [each for each in answer.headers["Set-Cookie"].split(", ") if each.startswith("hq=")]
    assert "HttpOnly" in said and "SameSite=strict" in said and "Path=/hq" in said
    with office.hub.hub.database.begin() as db:
        token = db.scalar(select(office_session.c.token))
    stranger = Browser(office.hub)
    stranger.session.cookies.set("hq", token)
    assert stranger.get("/hq").url.endswith("/hq/sign-in")


def test_somebody_who_left_is_out_at_once(office: Office) -> None:
    office.hire("bob", "editor")
    bob, ann = office.browser("bob"), office.browser("ann")
    assert bob.get("/hq").url.endswith("/hq")
    assert ann.do("person_end", person="bob").status_code == 303
    assert bob.get("/hq").url.endswith("/hq/sign-in")
    assert bob.sign_in("bob", office.code_of("bob")).status_code == 401


def test_nobody_changes_their_own_role(office: Office) -> None:
    ann = office.browser("ann")
    for act in ("person", "person_end"):
        answer = ann.do(act, person="ann", role="approver", password="another goose 9")
        assert (answer.status_code, ann.code()) == (400, "office_self")


# --- who may do what -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> object:
    """One hub with a person of each role, signed in."""
    hub = RunningHub(tmp_path_factory.mktemp("everybody"), "")
    office = Office(hub)
    for role in ROLES:
        office.hire(f"one{role}", role)
    yield {role: office.browser(f"one{role}") for role in ROLES}
    hub.close()


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("role", ROLES)
def test_an_act_is_for_the_roles_that_have_the_right(
    everybody: dict[str, Browser], act: str, role: str
) -> None:
    """An empty form does nothing, so whoever may hears why, and whoever may not hears that."""
    browser = everybody[role]
    answer = browser.do(act)
    if MATRIX[ACTS[act].right][role]:
        assert (answer.status_code, browser.code()) != (403, "office_right_needed")
        assert answer.status_code == 400
    else:
        assert (answer.status_code, browser.code()) == (403, "office_right_needed")


@pytest.mark.parametrize("act", sorted(ACTS))
def test_no_act_without_the_forms_own_word(everybody: dict[str, Browser], act: str) -> None:
    approver = everybody["approver"]
    others = everybody["editor"].csrf()
    for word in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": others}):
        answer = approver.post(f"/hq/do/{act}", **word)
        assert (answer.status_code, approver.code()) == (403, "office_form_old")


@pytest.mark.parametrize("act", sorted(ACTS))
def test_no_act_without_a_session(everybody: dict[str, Browser], act: str) -> None:
    stranger = Browser(everybody["approver"].hub)
    answer = stranger.post(f"/hq/do/{act}", csrf=everybody["approver"].csrf())
    assert (answer.status_code, answer.headers["Location"]) == (303, "/hq/sign-in")


def test_a_form_of_another_kind_is_none(everybody: dict[str, Browser]) -> None:
    approver = everybody["approver"]
    for body, kind in (
        (json.dumps({"csrf": approver.csrf()}), "application/json"),
        (f"csrf={approver.csrf()}", "text/plain"),
    ):
        answer = approver.session.post(
            f"{approver.hub.address}/hq/do/recall", data=body, headers={"Content-Type": kind},
            timeout=20,
        )  # fmt: skip
        assert answer.status_code == 403


@pytest.mark.parametrize("name", sorted(PAGES))
@pytest.mark.parametrize("role", ROLES)
def test_a_page_is_for_the_roles_that_have_the_right(
    everybody: dict[str, Browser], name: str, role: str
) -> None:
    answer = everybody[role].get(f"/hq/{name}" if name else "/hq")
    # A notice is always one recall's; without it there is no such page.
    shown = 404 if name == "notice" else 200
    assert answer.status_code == (shown if MATRIX[PAGES[name].right][role] else 403)
    assert "script" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "<script" not in answer.text


def test_no_page_without_a_session(everybody: dict[str, Browser]) -> None:
    stranger = Browser(everybody["approver"].hub)
    for name in PAGES:
        assert stranger.get(f"/hq/{name}").url.endswith("/hq/sign-in")


def test_whoever_was_refused_stands_in_the_journal(everybody: dict[str, Browser]) -> None:
    auditor = everybody["auditor"]
    auditor.do("recall")
    with auditor.hub.hub.database.begin() as db:
        rows = db.execute(select(office_act).where(office_act.c.act == "refused")).all()
        assert ("oneauditor", "recall") in {(row.person, row.detail) for row in rows}
        assert db.scalar(select(office_person.c.role).where(office_person.c.person == "oneauditor"))


def test_too_many_tries_from_one_address_have_to_wait(office: Office) -> None:
    stranger = Browser(office.hub)
    told = [stranger.sign_in("nobody", "000000").status_code for _ in range(21)]
    assert set(told[:20]) == {401}
    assert told[20] == 429
    office.hub.clock.advance(60_000)
    assert stranger.sign_in("nobody", "000000").status_code == 401


def test_a_sign_in_from_elsewhere_is_no_form_of_ours(office: Office) -> None:
    stranger = Browser(office.hub)
    answer = stranger.post(
        "/hq/sign-in", person="ann", password=PASSWORD, code=office.code_of("ann"), word="0" * 32
    )
    assert (answer.status_code, stranger.code()) == (403, "office_form_old")
