"""The inner loops of the regression, compiled: one series after the other, each by itself.

So what is forecast of a series does not depend, not even in the last digit, on which others are looked at.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tocsin.compiled import jit

__all__ = ["Method", "Rows", "fit_each"]

#: Log-means beyond these would overflow or vanish; no series of posts reaches them.
_LOWEST, _HIGHEST = -12.0, 14.0
#: Rounds of the iteration at the first forecast, and at every later one, which starts near its solution.
_FIRST, _LATER = 12, 2


class Rows(NamedTuple):
    """Counts and exposure ``(series, periods)``, design ``(periods, columns)``, its ``products`` by pair of
    columns, and the dispersion believed of each series."""

    counts: Any
    exposure: Any
    design: Any
    products: Any
    believed: Any


class Method(NamedTuple):
    """What ``Baseline`` says, for loops: ``recency`` is the weight of a period by its age, ``prior`` the
    precision of each column, ``weight`` how many periods the believed dispersion is worth. ``trend`` says
    that the second column is a straight line, ``cycle`` after how many periods all others repeat (0:
    never)."""

    history: int
    guard: int
    least: int
    outlier: float
    weight: float
    recency: Any
    prior: Any
    trend: bool
    cycle: int


class _Work(NamedTuple):
    """Space for one series: means by period; how far each period is off, its information and its meat; sums
    of the last two by pair of columns, then both as matrices, the inverse of the first, gradient and step."""

    mean: Any
    parts: Any
    sums: Any
    information: Any
    meat: Any
    inverse: Any
    gradient: Any
    step: Any


@jit
def _invert(matrix: Any, inverse: Any) -> None:
    """The inverse of a small positive definite matrix, which is overwritten (Gauss and Jordan)."""
    size = len(matrix)
    for i in range(size):
        for j in range(size):
            inverse[i, j] = 1.0 if i == j else 0.0
    for i in range(size):
        scale = 1.0 / matrix[i, i]
        for j in range(size):
            matrix[i, j] *= scale
            inverse[i, j] *= scale
        for k in range(size):
            factor = matrix[k, i]
            if k != i and factor != 0.0:
                for j in range(size):
                    matrix[k, j] -= factor * matrix[i, j]
                    inverse[k, j] -= factor * inverse[i, j]


@jit
def _log_mean(beta: Any, row: Any) -> float:
    total = 0.0
    for p in range(len(beta)):
        total += beta[p] * row[p]
    return min(max(total, _LOWEST), _HIGHEST)


@jit
def _means(rows: Rows, span: Any, beta: Any, method: Method, mean: Any) -> None:
    """The means of the periods of ``span`` for an exposure of 1, with as few exponentials as can be."""
    low, end = span
    columns = len(beta)
    if method.trend and columns == 2 and end - low > 2:
        first, last = _log_mean(beta, rows.design[low]), _log_mean(beta, rows.design[end - 1])
        if min(first, last) > _LOWEST and max(first, last) < _HIGHEST:
            now, pace = np.exp(first), np.exp((last - first) / (end - 1 - low))
            for time in range(low, end):
                mean[time] = now
                now *= pace
            return
    for time in range(low, end):
        if method.cycle > 0 and not method.trend and time - low >= method.cycle:
            mean[time] = mean[time - method.cycle]
        else:
            mean[time] = np.exp(_log_mean(beta, rows.design[time]))


@jit
def _weigh(rows: Rows, series: int, span: Any, phi: float, method: Method, work: _Work) -> Any:
    """Write the ``parts`` of the periods of ``span``; returns squares, weights and weighted means."""
    low, end = span
    off, informed, twice = work.parts
    squares = total = whole = 0.0
    for time in range(low, end):
        off[time] = informed[time] = twice[time] = 0.0
        exposure = rows.exposure[series, time]
        if exposure <= 0.0:
            continue
        count = rows.counts[series, time]
        mean = work.mean[time] * exposure
        weight = method.recency[end - 1 - time]
        if count > mean:
            # Falling with the square of the residual above ``outlier`` deviations: outbreaks are up.
            usual = max(mean, 1e-9)
            residual = max((count - usual) / np.sqrt(phi * usual), 1e-9)
            weight *= min(1.0, (method.outlier / residual) ** 2)
        off[time], informed[time] = weight * (count - mean), weight * mean
        twice[time] = weight * informed[time]
        squares += off[time] * (count - mean)
        total += weight
        whole += informed[time]
    return squares, total, whole


@jit
def _fold(span: Any, cycle: int, parts: Any) -> int:
    """Add periods to those of the first cycle, whose rows of the design are theirs; returns its end."""
    low, end = span
    for again in range(low + cycle, end, cycle):
        for part in range(len(parts)):
            for place in range(min(cycle, end - again)):
                parts[part, low + place] += parts[part, again + place]
    last: int = min(end, low + cycle)
    return last


@jit
def _sum_line(rows: Rows, span: Any, work: _Work) -> None:
    """Gradient and sums of two columns, as ``_observe`` sums up those of any."""
    off, informed, twice = work.parts
    level = tilt = one = two = three = four = five = six = 0.0
    for time in range(span[0], span[1]):
        line, square = rows.design[time, 1], rows.products[time, 2]
        level += off[time]
        tilt += off[time] * line
        one += informed[time]
        two += informed[time] * line
        three += informed[time] * square
        four += twice[time]
        five += twice[time] * line
        six += twice[time] * square
    work.gradient[0], work.gradient[1] = level, tilt
    work.sums[0, 0], work.sums[0, 1], work.sums[0, 2] = one, two, three
    work.sums[1, 0], work.sums[1, 1], work.sums[1, 2] = four, five, six


@jit
def _observe(rows: Rows, series: int, span: Any, state: Any, method: Method, work: _Work) -> Any:
    """Sum up the periods of ``span`` at the present ``beta``; returns squares, weights and weighted means."""
    beta, phi = state
    sums, gradient = work.sums, work.gradient
    columns, pairs = len(beta), rows.products.shape[1]
    _means(rows, span, beta, method, work.mean)
    weighed = _weigh(rows, series, span, phi, method, work)
    off, informed, twice = work.parts
    low, end = span
    if method.cycle > 0 and not method.trend:
        end = _fold(span, method.cycle, work.parts)
    sums[:] = 0.0
    gradient[:] = 0.0
    if columns == 2:
        _sum_line(rows, (low, end), work)
        return weighed
    for time in range(low, end):
        for p in range(columns):
            gradient[p] += off[time] * rows.design[time, p]
        for pair in range(pairs):
            product = rows.products[time, pair]
            sums[0, pair] += informed[time] * product
            sums[1, pair] += twice[time] * product
    return weighed


@jit
def _centre(matrix: Any, here: float) -> None:
    """The matrix for a second column that is nought where it was ``here``."""
    for q in range(len(matrix)):
        matrix[1, q] -= here * matrix[0, q]
    for q in range(len(matrix)):
        matrix[q, 1] -= here * matrix[q, 0]


@jit
def _refit(rows: Rows, series: int, when: Any, state: Any, method: Method, work: _Work) -> float:
    """One step of the reweighted Newton iteration for the forecast of period ``when[2]`` from ``when[:2]``:
    changes ``beta``, returns the dispersion.

    Leaves the inverse of the information and the meat of the sandwich in ``work``: a period that counts half
    as much as another is still a whole observation, so old periods of low weight make the estimate less
    uncertain than the weights alone would say. What is believed of the level is believed of the period that
    is forecast, so a line is fitted about that period.
    """
    beta, phi = state
    low, end, now = when
    squares, total, whole = _observe(rows, series, (low, end), state, method, work)
    _, _, sums, information, meat, inverse, gradient, step = work
    columns, pair = len(beta), 0
    for p in range(columns):
        for q in range(p, columns):
            information[p, q] = information[q, p] = sums[0, pair] / phi
            meat[p, q] = meat[q, p] = sums[1, pair] / phi
            pair += 1
    here = rows.design[now, 1] if method.trend else 0.0
    if method.trend:
        _centre(information, here)
        _centre(meat, here)
        gradient[1] -= here * gradient[0]
        beta[0] += here * beta[1]
    for p in range(columns):
        gradient[p] = gradient[p] / phi - method.prior[p] * beta[p]
        information[p, p] += method.prior[p]
        meat[p, p] += method.prior[p]
    _invert(information, inverse)
    largest = 1.0
    for p in range(columns):
        step[p] = 0.0
        for q in range(columns):
            step[p] += inverse[p, q] * gradient[q]
        largest = max(largest, abs(step[p]))
    # A step of more than one on the log scale leaves the region where the quadratic holds.
    for p in range(columns):
        beta[p] += step[p] / largest
    if method.trend:
        beta[0] -= here * beta[1]
    # Variance over mean of the whole series, not of its periods: a thin series is mostly zeros, each of which
    # would say that it is calm, and its few bursts are what counts.
    whole *= max(1 - columns / max(total, columns + 1.0), 0.1)
    phi = (squares + method.weight * rows.believed[series]) / (whole + method.weight)
    return max(1.0, float(phi))


@jit
def _error(work: _Work, row: Any, method: Method) -> float:
    """The standard deviation of a log-mean, by the sandwich; a line is nought at the period itself."""
    columns = len(row)
    for p in range(columns):
        work.step[p] = 0.0
        for q in range(columns):
            if q != 1 or not method.trend:
                work.step[p] += work.inverse[p, q] * row[q]
    total = 0.0
    for p in range(columns):
        for q in range(columns):
            total += work.step[p] * work.meat[p, q] * work.step[q]
    return float(np.sqrt(max(total, 0.0)))


@jit
def _level(rows: Rows, series: int, span: Any, method: Method) -> float:
    """The log-mean to start from."""
    low, end = span
    posts = exposed = 0.5
    for time in range(low, end):
        if rows.exposure[series, time] > 0.0:
            weight = method.recency[end - 1 - time]
            posts += weight * rows.counts[series, time]
            exposed += weight * rows.exposure[series, time]
    return float(np.log(posts / exposed))


@jit
def _begin(rows: Rows, series: int, span: Any, method: Method, beta: Any) -> None:
    """Where the iteration starts from."""
    for p in range(len(beta)):
        beta[p] = 0.0
    beta[0] = _level(rows, series, span, method)


@jit
def _note(begun: bool, beta: Any, phi: float, into: Any) -> None:
    """Write down where a series stands; NaN: nowhere."""
    for p in range(len(beta)):
        into[p] = beta[p] if begun else np.nan
    into[len(beta)] = phi if begun else np.nan


@jit
def fit_each(rows: Rows, times: Any, method: Method, states: Any, found: Any) -> None:
    """Forecast every series at ``times``, where it is exposed and knows ``least`` exposed periods.

    ``found`` are mean, error and dispersion, ``(3, series, times)``, NaN where nothing is written. ``states``
    are those to start from and, written here, those before place ``states[2]`` of ``times``: coefficients
    and dispersion by series, NaN for one that starts anew.
    """
    start, kept, keep = states
    series, periods = rows.exposure.shape
    columns = rows.design.shape[1]
    square = (columns, columns)
    work = _Work(
        np.empty(periods),
        np.empty((3, periods)),
        np.empty((2, rows.products.shape[1])),
        np.empty(square),
        np.empty(square),
        np.empty(square),
        np.empty(columns),
        np.empty(columns),
    )
    beta = np.empty(columns)
    seen = np.zeros(periods + 1, np.int64)
    for one in range(series):
        for time in range(periods):
            seen[time + 1] = seen[time] + (rows.exposure[one, time] > 0.0)
        for p in range(columns):
            beta[p] = start[one, p]
        phi = start[one, columns]
        begun = np.isfinite(phi)
        for place in range(len(times)):
            if place == keep:
                _note(begun, beta, phi, kept[one])
            time = times[place]
            if rows.exposure[one, time] <= 0.0:
                continue
            end = max(0, time - method.guard)
            low = max(0, end - method.history)
            if seen[end] - seen[low] < method.least:
                begun = False
                continue
            rounds = _LATER if begun else _FIRST
            if not begun:
                begun, phi = True, rows.believed[one]
                _begin(rows, one, (low, end), method, beta)
            for _ in range(rounds):
                phi = _refit(rows, one, (low, end, time), (beta, phi), method, work)
            found[0, one, place] = np.exp(_log_mean(beta, rows.design[time])) * rows.exposure[one, time]
            found[1, one, place] = _error(work, rows.design[time], method)
            found[2, one, place] = phi
        if keep == len(times):
            _note(begun, beta, phi, kept[one])
