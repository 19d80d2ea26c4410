"""What a sample of one stratum is likely to show, for every number of wrong claims that the stratum may hold."""

from functools import lru_cache
from math import inf, lgamma
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]

BLOCK: Final = 64
"""Numbers of wrong claims that are looked at together."""


class Chances:
    """The hypergeometric distribution of one stratum, worked out as far as it is asked for."""

    def __init__(self, n_claims: int, n_checked: int) -> None:
        """Prepare a stratum of ``n_claims`` claims, of which ``n_checked`` are checked."""
        self.n_claims = n_claims
        self.n_checked = n_checked
        self._log_factorials = _log_factorials(n_claims)
        self._blocks: dict[int, FloatArray] = {}

    def log_tilted(self, tilt: float, first: int) -> FloatArray:
        """Return the logarithm of the mean of ``exp(tilt * found)`` for a block of numbers of wrong claims.

        Args:
            tilt: Any number. Minus infinity asks for the chance that none is found, infinity for the chance that all
                that are checked are wrong: what is left of the mean as the tilt grows.
            first: The first number of wrong claims; the block ends before ``first + BLOCK`` and with the stratum.

        Returns:
            One value for each number of wrong claims, shape ``(n_numbers,)``.
        """
        if tilt in {-inf, inf}:
            rows = np.arange(first, min(first + BLOCK, self.n_claims + 1))
            others = rows if tilt == inf else self.n_claims - rows
            return self._log_ways(others, self.n_checked) - self._log_ways(self.n_claims, self.n_checked)
        if first not in self._blocks:
            self._blocks[first] = self.logs(first)
        log_chances = self._blocks[first]
        terms = log_chances + tilt * np.arange(log_chances.shape[1])
        largest = terms.max(axis=1, keepdims=True)
        tilted: FloatArray = largest[:, 0] + np.log(np.exp(terms - largest).sum(axis=1))
        return tilted

    def logs(self, first: int) -> FloatArray:
        """Return the logarithms of the chances to find 0, 1, ... wrong ones, for a block of numbers of wrong claims.

        Returns:
            Shape ``(n_numbers, n_found)``; minus infinity where it cannot be.
        """
        wrong = np.arange(first, min(first + BLOCK, self.n_claims + 1))[:, None]
        found = np.arange(min(self.n_checked, first + BLOCK) + 1)[None, :]
        return (
            self._log_ways(wrong, found)
            + self._log_ways(self.n_claims - wrong, self.n_checked - found)
            - self._log_ways(self.n_claims, self.n_checked)
        )

    def _log_ways(self, of: npt.ArrayLike, taken: npt.ArrayLike) -> FloatArray:
        """Return the logarithm of the binomial coefficient; minus infinity where there is no way."""
        of, taken = np.broadcast_arrays(np.asarray(of), np.asarray(taken))
        is_possible = (taken >= 0) & (taken <= of)
        safe = np.where(is_possible, taken, 0)
        table = self._log_factorials
        return np.where(is_possible, table[of] - table[safe] - table[of - safe], -inf)


@lru_cache(maxsize=8)
def _log_factorials(most: int) -> FloatArray:
    return np.array([lgamma(number + 1) for number in range(most + 1)])
