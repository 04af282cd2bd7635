"""Linear and integer programmes, by HiGHS: one thread, no gap, no word on the screen."""

from dataclasses import dataclass

import numpy as np
from highspy import Highs, HighsLp, HighsModelStatus, HighsVarType, MatrixFormat

from .tables import Floats, Ints

SECONDS = 50.0
"""After which a programme is given up."""
OPTIONS = {"output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": 0.0}


class GaveUp(RuntimeError):
    """The solver ran out of time or memory, or failed: nothing is known, so nothing may be released."""


@dataclass(frozen=True)
class Rows:
    """Sparse rows of a programme: `low <= values @ x <= high`.

    `rows`, `columns`, `values` have the shape (entries,) and are sorted by row; `low`, `high` (rows,).
    """

    rows: Ints
    columns: Ints
    values: Floats
    low: Floats
    high: Floats


class Programme:
    """Find x with `low <= x <= high` and all `rows`, whole if `integer`, for one cost after another.

    A whole x may cost up to `gap` more than the least.
    """

    def __init__(
        self,
        low: Floats,
        high: Floats,
        rows: Rows,
        *,
        integer: bool,
        seconds: float = SECONDS,
        gap: float = 0.0,
    ) -> None:
        self._seconds = seconds
        self._solver = _Quiet()
        for option, value in (OPTIONS | {"mip_abs_gap": gap}).items():
            self._solver.setOptionValue(option, value)
        self._solver.passModel(_model(low, high, rows))
        self._columns = np.arange(len(low), dtype=np.int32)
        if integer:
            whole = np.full(len(low), int(HighsVarType.kInteger), dtype=np.uint8)
            self._solver.changeColsIntegrality(len(low), self._columns, whole)

    def minimise(self, cost: Floats) -> Floats | None:
        """The x of least cost, or None if there is no x at all. Raises GaveUp."""
        self._solver.changeColsCost(len(cost), self._columns, np.asarray(cost, dtype=np.float64))
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + self._seconds)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status in (HighsModelStatus.kOptimal, HighsModelStatus.kModelEmpty):
            return np.array(self._solver.getSolution().col_value)
        if status in (HighsModelStatus.kInfeasible, HighsModelStatus.kUnboundedOrInfeasible):
            return None
        raise GaveUp(f"The solver stopped: {self._solver.modelStatusToString(status)}.")


class _Quiet(Highs):
    """The solver without its callbacks: setting them up prints a banner that no option stops."""

    def __init__(self) -> None:
        super(Highs, self).__init__()


def _model(low: Floats, high: Floats, rows: Rows) -> HighsLp:
    model = HighsLp()
    model.num_col_, model.num_row_ = len(low), len(rows.low)
    model.col_cost_ = np.zeros(len(low))
    model.col_lower_, model.col_upper_ = low, high
    model.row_lower_, model.row_upper_ = rows.low, rows.high
    model.a_matrix_.format_ = MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(rows.rows, np.arange(len(rows.low) + 1)).astype(np.int32)
    model.a_matrix_.index_ = rows.columns.astype(np.int32)
    model.a_matrix_.value_ = rows.values.astype(np.float64)
    return model
