"""How a policy is refused: as any rule file is, with its name, the line, and what to do."""

from escalation.rulefiles import RuleFileError, RuleFileErrors

PolicyError = RuleFileError
PolicyErrors = RuleFileErrors
