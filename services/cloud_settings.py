"""Settings of one cloud: its own names, and parsers that take no address of another."""

from services.clouds import CLOUDS, Cloud, CloudServices, check_cloud
from services.setting_values import Reader, host_of, hosts, https


class Here:
    """Parsers for addresses of one cloud. Hosts that are not Microsoft's (a proxy, the sandbox) may be of any."""

    def __init__(self, cloud: Cloud | None) -> None:
        """`None`: it is not known which cloud is meant, and every host will do."""
        self._cloud = cloud

    def https(self, text: str) -> str:
        url = https(text)
        self._check(host_of(url))
        return url

    def hosts(self, text: str) -> frozenset[str]:
        found = hosts(text)
        self._check(*found)
        return found

    def _check(self, *hosts: str) -> None:
        if self._cloud is not None:
            check_cloud(self._cloud, hosts)


def read_cloud(reader: Reader) -> tuple[CloudServices, Here]:
    """The cloud, and parsers for what is of it. A cloud that does not exist is one fault alone."""
    chosen = reader.optional("SENDWELL_CLOUD", _cloud_named)
    if chosen is None and reader.has("SENDWELL_CLOUD"):
        return CLOUDS[Cloud.WORLDWIDE], Here(None)
    cloud = chosen or Cloud.WORLDWIDE
    return CLOUDS[cloud], Here(cloud)


def read_service_hosts(reader: Reader, cloud: CloudServices, here: Here) -> frozenset[str]:
    """The hosts of the Bot Connector. They are required where Microsoft publishes none."""
    found = reader.given("SENDWELL_SERVICE_HOSTS", here.hosts, ",".join(sorted(cloud.service_hosts)))
    if not found and not reader.has("SENDWELL_SERVICE_HOSTS"):
        reader.faults.append(
            "SENDWELL_SERVICE_HOSTS is not set: Microsoft publishes no host of the Bot Connector for this cloud; it is "
            "the host of the serviceUrl in what Teams sends."
        )
    return found


def read_file_hosts(reader: Reader, cloud: CloudServices, here: Here) -> frozenset[str]:
    """The hosts that dropped files may be fetched from."""
    return reader.given("SENDWELL_FILE_HOSTS", here.hosts, ",".join(sorted(cloud.file_hosts)))


def _cloud_named(text: str) -> Cloud:
    try:
        return Cloud(text.casefold())
    except ValueError:
        raise ValueError(f"{', '.join(list(Cloud)[:-1])} or {list(Cloud)[-1]}") from None
