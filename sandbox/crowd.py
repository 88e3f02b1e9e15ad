"""Many more sample personas, for load."""

from sandbox.people import PEOPLE, Persona


def crowd(size: int) -> tuple[str, ...]:
    """Add so many employees to the sample tenant, before a `Sandbox` is made; returns their keys."""
    keys = tuple(f"person{number}" for number in range(1, size + 1))
    for number, key in enumerate(keys, start=1):
        PEOPLE[key] = Persona(key=key, name=f"Sample Person{number}", role="employee", number=10_000 + number)
    return keys
