"""Names of cases and conversations that come from several files."""


def free_name(name: str, stem: str, taken: set[str]) -> str:
    """The name, which is then taken; where it is already, with that of its file, and a number where that is not enough."""
    number, found = 1, name
    while found in taken:
        found = f"{stem}/{name}" if number == 1 else f"{stem}/{name}#{number}"
        number += 1
    taken.add(found)
    return found
