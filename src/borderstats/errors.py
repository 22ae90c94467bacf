"""Every error a user can meet, in one small tree; each is one line that says what, where and what to do.

BorderstatsError        exit code 2: bad input or usage
|-- StandardError       the standard contradicts itself: file and path in it
|-- InputError          a publisher's file cannot be read: file, sheet, row, column
|-- ArchiveError        the archive's files and their metadata disagree
|-- ReleaseError        a release is missing, altered or in the way
|-- WorkspaceError      a workspace of records is open to others, missing or in disorder
|-- EngineError         an engine cannot run a query: memory, Java, files
`-- GateError           exit code 1: a gate failed, nothing was released
"""

from collections.abc import Iterable


class BorderstatsError(Exception):
    """A mistake that its reader can mend. The text is one line for each finding."""

    exit_code = 2


class StandardError(BorderstatsError):
    """One or more contradictions in the standard, one line each: `file: $.path: what, what to do`."""

    def __init__(self, findings: Iterable[str]) -> None:
        super().__init__("\n".join(findings))


class InputError(BorderstatsError):
    """A file that cannot be read as the source it should be; no row of it becomes a figure."""


class ArchiveError(BorderstatsError):
    """The archive's files and their metadata do not agree, or the archive cannot be written."""


class ReleaseError(BorderstatsError):
    """A release that is missing, incomplete, altered or in the way."""


class WorkspaceError(BorderstatsError):
    """A workspace of confidential records that others can read, or that is not one."""


class EngineError(BorderstatsError):
    """An engine that cannot run a query. Its own words are left out: they may quote a record."""


class GateError(BorderstatsError):
    """At least one gate failed: the release is blocked and nothing was written."""

    exit_code = 1
