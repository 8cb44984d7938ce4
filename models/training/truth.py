"""What a scene holds and what a caption claims, as multi-hot vectors: the referee of false negatives and of scores."""

import numpy as np

KINDS = ["car", "bus", "house", "tree", "flower", "person", "dog", "cat", "bird", "boat", "ball", "kite"]
COLOURS = ["red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white"]
PLACES = ["lawn", "road", "beach", "sea", "desert", "city"]
TIMES = ["day", "night", "sunset"]
PAIRS = [(c, k) for k in KINDS for c in COLOURS]

SLOTS = {slot: i for i, slot in enumerate([*PAIRS, *KINDS, *COLOURS, *PLACES, *TIMES])}


def phrase(color: str, kind: str) -> str:
    """The world's canonical prompt."""
    article = "an" if color[0] in "aeiou" else "a"
    return f"a person in {article} {color} shirt" if kind == "person" else f"{article} {color} {kind}"


def place_phrase(place: str) -> str:
    return "the sea" if place == "sea" else f"a {place}"


def scene_slots(record) -> np.ndarray:
    """[slot] 0/1: coloured objects, objects, place, time of a scene."""
    v = np.zeros(len(SLOTS), np.float32)
    for thing in record["things"]:
        if thing["kind"] in KINDS:
            v[SLOTS[thing["color"], thing["kind"]]] = v[SLOTS[thing["kind"]]] = v[SLOTS[thing["color"]]] = 1
    v[SLOTS[record["place"]]] = v[SLOTS[record["time"]]] = 1
    return v


def caption_slots(words: list[str]) -> np.ndarray:
    """[slot] 0/1: what the words claim; a caption can be true of a scene only if the scene has all of it."""
    v = np.zeros(len(SLOTS), np.float32)
    for previous, word in zip([""] + words, words):
        if word in KINDS:
            v[SLOTS[word]] = 1
            if previous in COLOURS:
                v[SLOTS[previous, word]] = 1
        elif word == "shirt" and previous in COLOURS:
            v[SLOTS[previous, "person"]] = 1
        elif words == [word] and word in COLOURS:
            v[SLOTS[word]] = 1
        elif word in PLACES or word in TIMES:
            v[SLOTS[word]] = 1
    return v
