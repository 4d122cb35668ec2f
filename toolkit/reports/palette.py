"""The colours of every report. Colour never says anything alone: patterns, labels and numbers stand beside it."""

from __future__ import annotations

INK = "#12333A"  # text
SEA = "#0E3F47"  # the identity: cover, headings
SAND = "#FBF7F1"  # quiet ground
EMBER = "#B4511F"  # the accent: what asks for attention
MUTED = "#566669"  # secondary text
LINE = "#C9D4D3"  # hairlines

# Told apart with every common colour blindness (distance of 25 and more in CIE Lab), at least 4.5:1 on white.
OBJECTIVES = ("#087F73", "#A1520F", "#67195E", "#2C3CA7")
SECTION = "#566669"  # profile sections, and any part that is not an objective

# From the lowest level to the highest; the lowest is warm, so that it is not taken for paper.
LEVELS = ("#F7E4D4", "#D8E8E5", "#9CC8C2", "#43908A", "#0E4A50")


def objective_colour(number: int) -> str:
    """The colour of the nth objective, from 0; a fifth begins again with the first."""
    return OBJECTIVES[number % len(OBJECTIVES)]


def level_colours(count: int) -> tuple[str, ...]:
    """One colour for each of `count` levels, lowest first, spread over the ramp."""
    if count == 1:
        return (LEVELS[-1],)
    last = len(LEVELS) - 1
    return tuple(_between(position * last / (count - 1)) for position in range(count))


def _between(place: float) -> str:
    lower = min(int(place), len(LEVELS) - 2)
    share = place - lower
    pairs = zip(_channels(LEVELS[lower]), _channels(LEVELS[lower + 1]), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * share):02X}" for one, other in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
