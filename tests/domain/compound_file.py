"""Writes the compound files that Outlook's .msg files are, as small as they may be."""

import struct

SECTOR, SMALL, CUTOFF = 512, 64, 4_096
END, FAT, NOWHERE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def compound_file(streams: dict[str, bytes], *, large: bool = False) -> bytes:
    """A file with these streams, each in small or large sectors as its length wants it. A `large` file names the
    sectors of its table in a sector of their own, since the header has no room for them."""
    chains: list[bytes] = []
    table: list[int] = []

    def put(content: bytes) -> int:
        """Adds a chain of sectors and returns its first one."""
        count = -(-len(content) // SECTOR)
        first = len(table)
        table.extend([*range(first + 1, first + count), END] if count else [])
        chains.append(content.ljust(count * SECTOR, b"\0"))
        return first if count else END

    small_table: list[int] = []
    small, entries = b"", []
    for name, content in streams.items():
        if len(content) >= CUTOFF:
            entries.append(_entry(name, 2, put(content), len(content)))
            continue
        first, count = len(small_table), -(-len(content) // SMALL)
        small_table += [*range(first + 1, first + count), END]
        small += content.ljust(count * SMALL, b"\0")
        entries.append(_entry(name, 2, first, len(content)))
    root = _entry("Root Entry", 5, put(small), len(small))
    small_at = put(struct.pack(f"<{len(small_table)}I", *small_table))
    directory = put(b"".join([root, *entries]))
    tables = -(-(len(table) + 1) // (SECTOR // 4 - 1))
    fats = list(range(len(table), len(table) + tables))
    table += [FAT] * tables
    raw = struct.pack(f"<{len(table)}I", *table).ljust(tables * SECTOR, b"\xff")
    header = struct.pack("<8s16x5H6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    more = len(table) if large else END
    header += struct.pack("<3I4x5I", 0, tables, directory, CUTOFF, small_at, 1, more, int(large))
    in_header = [] if large else fats
    named = struct.pack("<109I", *in_header, *[NOWHERE] * (109 - len(in_header)))
    last = struct.pack("<128I", *fats, *[NOWHERE] * (127 - tables), END) if large else b""
    return header.ljust(76, b"\0") + named + b"".join(chains) + raw + last


def _entry(name: str, kind: int, first: int, size: int) -> bytes:
    raw = name.encode("utf-16-le").ljust(64, b"\0")
    family = struct.pack("<HBBIII", len(name) * 2 + 2, kind, 1, NOWHERE, NOWHERE, NOWHERE)
    return (raw + family).ljust(116, b"\0") + struct.pack("<IQ", first, size)
