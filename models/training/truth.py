"""What a scene holds and what a caption claims, as multi-hot vectors: the referee of false negatives.

Facts and claims are strings that the world itself writes ("red car", "weather rain"); a caption is true of a scene exactly if
the scene's facts contain all its claims. Relations between things are too many for a slot each: they share a few by hash.
"""

import zlib
from collections.abc import Iterable

import numpy as np

from common import catalogue

LISTED = {fact: i for i, fact in enumerate(catalogue()["facts"])}
SHARED = 256
SLOTS = len(LISTED) + SHARED


def slot(fact: str) -> int:
    return LISTED[fact] if fact in LISTED else len(LISTED) + zlib.crc32(fact.encode()) % SHARED


def multi_hot(facts: Iterable[str]) -> np.ndarray:
    """[slot] 0/1"""
    v = np.zeros(SLOTS, np.float32)
    v[[slot(fact) for fact in facts]] = 1
    return v
