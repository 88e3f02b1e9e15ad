"""Everything outside the process, which goes on when the process ends."""

from dataclasses import dataclass, field

from tests.cases import report
from tests.dialogs.fake_clock import FakeClock
from tests.dialogs.fake_containing import FakeContaining
from tests.dialogs.fake_directory import FakeApprovers, FakeDirectory, FakeMentions
from tests.dialogs.fake_mail import FakeMail, FakeMailboxes
from tests.dialogs.fake_policies import FakePolicies
from tests.dialogs.fake_teams import FakeInstaller, FakeMessenger
from tests.dialogs.fake_traces import FakeAuditLog, FakeTraces


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Everything outside the process, which goes on when the process ends."""

    clock: FakeClock
    mail: FakeMail
    directory: FakeDirectory
    approvers: FakeApprovers
    messenger: FakeMessenger
    connectors: FakeMail
    audit_log: FakeAuditLog
    mailboxes: FakeMailboxes = field(default_factory=FakeMailboxes)
    installer: FakeInstaller = field(default_factory=FakeInstaller)
    mentions: FakeMentions = field(default_factory=FakeMentions)
    others: FakeMentions = field(default_factory=FakeMentions)
    policies: FakePolicies = field(default_factory=FakePolicies)
    containing: FakeContaining = field(default_factory=FakeContaining)
    traces: FakeTraces = field(default_factory=lambda: FakeTraces(report=report()))
