"""How a rule file is refused: with its name, the line, and what to do."""


class RuleFileError(ValueError):
    """One fault of a file. `line` is None where the source has no lines (a stored document)."""

    def __init__(self, reason: str, line: int | None = None, source: str = "") -> None:
        self.reason, self.line, self.source = reason, line, source
        super().__init__(reason)

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.source, f"line {self.line}" if self.line else "") if part)
        return f"{place}: {self.reason}" if place else self.reason


class RuleFileErrors(RuleFileError):
    """All faults found at once, in the order of their lines; as a RuleFileError it is the first of them."""

    def __init__(self, faults: list[RuleFileError]) -> None:
        self.faults = tuple(faults)
        super().__init__(faults[0].reason, faults[0].line, faults[0].source)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
