"""All stores over one SQL database."""

from services.clients.store.announcements import SqlAnnouncementStore
from services.clients.store.askers import SqlAskers
from services.clients.store.cards import SqlCardStore
from services.clients.store.cases import SqlCaseStore
from services.clients.store.conversations import SqlConversationStore
from services.clients.store.database import Database
from services.clients.store.list_monitor import SqlMonitorStore
from services.clients.store.outbox import SqlOutbox
from services.clients.store.reports import SqlReportStore
from services.clients.store.stalls import SqlStallStore
from services.ports.storage import Storage


def sql_storage(database: Database, conversations: SqlConversationStore) -> Storage:
    """The stores over one database. `conversations` is given, since it has the channel from the settings."""
    cases, cards = SqlCaseStore(database), SqlCardStore(database)
    return Storage(
        cases=cases,
        queries=cases,
        outbox=SqlOutbox(database),
        conversations=conversations,
        channel_health=conversations,
        cards=cards,
        digests=cards,
        monitor=SqlMonitorStore(database),
        stalls=SqlStallStore(database),
        reports=SqlReportStore(database),
        announcements=SqlAnnouncementStore(database),
        askers=SqlAskers(database, cases),
    )
