"""`python app.py setup` and `python app.py remove`: the plan is read, or asked for and written; then its steps run."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from services.clouds import CLOUDS, Cloud
from services.setup.build import Addresses, Surroundings, steps_of
from services.setup.one_at_a_time import alone
from services.setup.questions import QUESTIONS, Answer, Question, asked
from services.setup.run import DECLINED, FAILED, Console, Run
from services.setup.step import Made
from services.setup.wanted import FaultyPlanError, Wanted, read_plan, written

AZURE_URL = "SENDWELL_AZURE_URL"
"""Azure Resource Manager's address, where it is not Microsoft's."""
_AZURE = "https://management.azure.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Of the command line. `plan`: the file, written first if it is not there, unless nothing is to be written."""

    plan: Path
    dry_run: bool
    agreed: bool
    removes: bool


def addresses(environment: Mapping[str, str]) -> Addresses:
    """Microsoft's own worldwide services, or those that the environment names."""
    row = CLOUDS[Cloud.WORLDWIDE]
    return Addresses(
        login=environment.get("SENDWELL_LOGIN_URL", row.login_url),
        graph=environment.get("SENDWELL_GRAPH_URL", row.graph_url),
        exchange=environment.get("SENDWELL_EXCHANGE_URL", row.exchange_url),
        azure=environment.get(AZURE_URL, _AZURE),
    )


def run(options: Options, around: Surroundings, console: Console, key: Callable[[], str]) -> int:
    """Returns an exit code of `run.py`. `key` marks what a new plan makes, and must be hard to guess."""
    is_there = options.plan.is_file()
    plan = options.plan.read_text(encoding="utf-8") if is_there else None if options.removes else _asked(console, key)
    if plan is None:
        console.say(f"There is no {options.plan}: `python app.py setup` in a terminal asks for what goes into it.")
        return DECLINED
    if not is_there and not options.dry_run:
        options.plan.write_text(plan, encoding="utf-8")
        console.say(f"Wrote {options.plan}: it holds no secret, and may be changed and run again.")
    try:
        wanted = read_plan(plan)
    except FaultyPlanError as faulty:
        console.say(f"{options.plan} cannot be used:\n{faulty}")
        return DECLINED
    if not options.plan.is_file():
        return _to_its_end(wanted, options, around, console)  # it is not written, and nothing else is
    with alone(options.plan) as is_alone:
        if not is_alone:
            console.say(f"Somebody runs {options.plan} already: wait until they are done. Nothing was done.")
            return DECLINED
        return _to_its_end(wanted, options, around, console)


def _to_its_end(wanted: Wanted, options: Options, around: Surroundings, console: Console) -> int:
    try:
        return asyncio.run(_run(wanted, options, around, console))
    except KeyboardInterrupt:
        console.say("Stopped. What was done stays; the same command goes on from here.")
        return FAILED


async def _run(wanted: Wanted, options: Options, around: Surroundings, console: Console) -> int:
    async with AsyncExitStack() as stack:
        steps = await steps_of(wanted.with_both_apps() if options.removes else wanted, around, stack)
        run = Run(steps=steps, console=console, made=Made())
        act = run.take_back if options.removes else run.set_up
        code = await act(dry_run=options.dry_run, agreed=options.agreed)
    if code not in (FAILED, DECLINED) and not options.removes and not options.dry_run:
        for line in _NEXT:
            console.say(line.format(env=around.env.path))
    return code


_NEXT = (
    "",
    "What is left:",
    "1. One process needs no database of yours. For several: SENDWELL_DATABASE_URL in {env}, see docs/deploy.md.",
    "2. python app.py doctor: before the start only the approvals channel may be missing.",
    "3. Start it where the public address leads to: python app.py, with {env} beside it.",
    "4. In Teams, add the app to the approvers' team, and write there: @Sendwell use this channel",
    "5. Ask it in a chat: why can't I send?",
)
_INTRODUCTION = f"""\
{len(QUESTIONS)} questions at most; “?” explains one. Nothing is made before you saw all of it and said yes.
Then you sign in with a code in a browser: for Microsoft Graph, and once more for Azure.

"""


def _asked(console: Console, key: Callable[[], str]) -> str | None:
    """The plan that comes of somebody's answers; `None` if there was nobody to ask."""
    answers: dict[str, Answer] = {}
    while waiting := asked(answers):
        answer = _answer(console, waiting[0], "" if answers else _INTRODUCTION)
        if answer is None:
            return None
        answers[waiting[0].name] = answer
    return written(key(), answers)


def _answer(console: Console, question: Question, before: str) -> Answer | None:
    """The first answer that will do. `before` is said with the question, where there is somebody to hear it."""
    hint = f" [{question.default}]" if question.default else ""
    while (typed := console.ask(f"{before}{question.asks}{hint}: ")) is not None:
        before, answer = "", typed or question.default
        if typed == "?":
            console.say(f"  {question.more}")
        elif fault := question.fault(answer):
            console.say(f"  It has to be {fault}.")
        else:
            return question.read(answer)
    return None
