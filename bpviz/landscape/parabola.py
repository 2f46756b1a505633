"""The parabola through a point in the direction of the gradient there: what a learning rate does on it, and in truth.

s          how far downhill from the point, along d = -gradient / |gradient|
slope      |gradient|;  curvature  d' H d, along d alone: neither the largest one at this point nor that of a minimum

    parabola(s) = loss - slope s + curvature s^2 / 2

A step of plain descent on it multiplies the distance to its bottom by 1 - rate * curvature: it goes straight in below
1 / curvature, zigzags in up to 2 / curvature, and leaves above. The true loss along the same line is walked at the same
rate, by its own slope. Both take the same first step.
Source: LeCun, Bottou, Orr and Mueller 1998, "Efficient BackProp", section 5.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

STEPS = 5
LEVEL = 1e-12                        # a slope below this is none
FLAT = 1e-9                          # a curvature below this share of the slope is none
SPOTS = np.linspace(-1.3, 3.3, 116)  # along the line, in units of the way to the bottom
STRAIGHT, ZIGZAGS, LEAVES, DOWN, LINE = "straight", "zigzags", "leaves", "down", "line"


@dataclass(frozen=True)
class Parabola:
    """rate, loss, slope, curvature: numbers.  line: the true loss (n,) at SPOTS.  truly: s of STEPS steps on it, and 0.

    heights: the true loss at `truly`.  unit: the s of the bottom, or, where it curves down or not at all, of as much
    curving, which is the unit of SPOTS.
    """
    rate: float
    loss: float
    slope: float
    curvature: float
    unit: float
    line: np.ndarray
    truly: np.ndarray
    heights: np.ndarray

    @property
    def kind(self):
        """What its steps do: "straight" in, "zigzags" in, "leaves"; "down" or "line" where it has no bottom."""
        if abs(self.curvature) <= FLAT * self.slope:
            return LINE
        if self.curvature < 0:
            return DOWN
        return STRAIGHT if self.shrinks >= 0 else ZIGZAGS if self.shrinks > -1 else LEAVES

    @property
    def shrinks(self):
        """By what the distance to the bottom is multiplied a step."""
        return 1 - self.rate * self.curvature

    @property
    def limits(self):
        """(1 / curvature, 2 / curvature), None where it has no bottom."""
        return None if self.kind in (DOWN, LINE) else (1 / self.curvature, 2 / self.curvature)

    def scaled(self, height):
        """Losses as shares of the fall from the point to the bottom: 1 at the point, 0 at the bottom."""
        return 1 + (height - self.loss) / (self.slope * self.unit / 2)

    def height(self, scaled):
        """The loss that is this when scaled."""
        return self.loss + (scaled - 1) * self.slope * self.unit / 2

    @cached_property
    def curve(self):
        """The parabola at SPOTS, scaled: (n,)."""
        return 1 - 2 * SPOTS + self.bent * SPOTS ** 2

    @property
    def bent(self):
        """The curvature in these units: 1, -1, or 0 where there is none."""
        return self.curvature * self.unit / self.slope

    @cached_property
    def true_curve(self):
        return self.scaled(self.line)

    @cached_property
    def balls(self):
        """Where STEPS steps on the parabola land, the point first: (2, STEPS + 1), scaled."""
        spots = [0.0]
        for _ in range(STEPS):
            spots.append(spots[-1] - self.rate * self.slope / self.unit * (self.bent * spots[-1] - 1))
        spots = np.array(spots)
        return np.array([spots, 1 - 2 * spots + self.bent * spots ** 2])

    @cached_property
    def true_balls(self):
        """Where STEPS steps on the true loss along the line land: (2, STEPS + 1), scaled."""
        return np.array([self.truly / self.unit, self.scaled(self.heights)])


def parabola_at(fit, theta, rate):
    """The Parabola of a Fit at theta (P,) for this rate; None where the ground is level or no number."""
    with np.errstate(all="ignore"):
        loss, gradient = float(fit.loss(theta)), fit.gradient(theta)
        slope = float(np.linalg.norm(gradient))
        if not LEVEL < slope < np.inf:
            return None
        down = -gradient / slope
        curvature = float(down @ fit.hessian(theta) @ down)
        if not np.isfinite(curvature):
            return None
        unit = slope / abs(curvature) if abs(curvature) > FLAT * slope else rate * slope
        line = fit.loss(theta[:, None] + down[:, None] * (SPOTS * unit))
        truly, at = [0.0], theta
        for _ in range(STEPS):
            truly.append(truly[-1] - rate * float(down @ fit.gradient(at)))
            at = theta + truly[-1] * down
            if not abs(truly[-1]) < 1e9:
                truly[-1] = np.nan
                break
        truly = np.array(truly + [np.nan] * (STEPS + 1 - len(truly)))
        heights = np.where(np.isnan(truly), np.nan, fit.loss(theta[:, None] + down[:, None] * np.nan_to_num(truly)))
    return Parabola(rate, loss, slope, curvature, unit, line, truly, heights)
