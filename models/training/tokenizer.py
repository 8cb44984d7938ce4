"""The word-level tokenizer shared by all scene models, in the Hub's `tokenizer.json` format.

`python models/training/tokenizer.py CATALOGUE.json` writes scene-clip-vit/tokenizer.json from the world's vocabulary.
The readers of the Hub's format (transformers, transformers.js) read it; `encode` here is the same few rules in Python.
"""

import json
import re
import sys
from pathlib import Path

from common import MODELS, write_json

START, END, UNKNOWN, PAD = "<|startoftext|>", "<|endoftext|>", "<unk>", "<pad>"
MAX_LENGTH = 24
FOLDER = MODELS / "scene-clip-vit"


def build(words: list[str]) -> dict:
    special = [START, END, UNKNOWN, PAD]
    vocab = {w: i for i, w in enumerate(special + sorted(set(w.lower() for w in words)))}
    added = [
        {"id": vocab[t], "content": t, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        for t in special
    ]

    def mark(token):
        return {"SpecialToken": {"id": token, "type_id": 0}}

    def body(which):
        return {"Sequence": {"id": which, "type_id": 0}}

    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [mark(START), body("A"), mark(END)],
            "pair": [mark(START), body("A"), mark(END), body("B"), mark(END)],
            "special_tokens": {t: {"id": t, "ids": [vocab[t]], "tokens": [t]} for t in (START, END)},
        },
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": vocab, "unk_token": UNKNOWN},
    }


def config() -> dict:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": MAX_LENGTH,
        "bos_token": START,
        "eos_token": END,
        "unk_token": UNKNOWN,
        "pad_token": PAD,
        "clean_up_tokenization_spaces": False,
    }


class Tokenizer:
    def __init__(self, path: Path = FOLDER / "tokenizer.json"):
        self.vocab = json.loads(path.read_text())["model"]["vocab"]
        self.start, self.end, self.unknown, self.pad = (self.vocab[t] for t in (START, END, UNKNOWN, PAD))

    def words(self, text: str) -> list[str]:
        return re.findall(r"\w+|[^\w\s]+", text.lower())

    def encode(self, text: str) -> list[int]:
        """Start, words, end, padded to 24; words past the limit are cut, the end token is kept."""
        ids = [self.vocab.get(w, self.unknown) for w in self.words(text)][: MAX_LENGTH - 2]
        ids = [self.start, *ids, self.end]
        return ids + [self.pad] * (MAX_LENGTH - len(ids))


if __name__ == "__main__":
    catalogue = json.loads(Path(sys.argv[1]).read_text())
    write_json(FOLDER / "tokenizer.json", build(catalogue["vocabulary"]))
    write_json(FOLDER / "tokenizer_config.json", config())
    print(len(Tokenizer().vocab), "tokens")
