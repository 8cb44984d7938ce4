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
IMAGE, SEPARATOR = "<image>", "<sep>"  # of the generative models only
MAX_LENGTH = 32
FOLDER = MODELS / "scene-clip-vit"
GENERATIVE = [MODELS / f"scene-vlm-{name}" for name in ("mlp", "qformer")]
# question <sep> answer; the processor repeats <image> once for every soft token of the bridge
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}"
    "<image>{{ message['content'] }}<sep>{% else %}{{ message['content'] }}{{ eos_token }}{% endif %}{% endfor %}"
)


def grown(path: Path, words: list[str], special: list[str]) -> dict[str, int]:
    """The vocabulary of the file, if it is there, with what is new appended: a trained model keeps the ids it knows."""
    old = json.loads(path.read_text())["model"]["vocab"] if path.exists() else {t: i for i, t in enumerate(special)}
    new = [w for w in [*special, *sorted(set(w.lower() for w in words))] if w not in old]
    return old | {w: len(old) + i for i, w in enumerate(new)}


def build(vocab: dict[str, int], special: list[str]) -> dict:
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


def config(template: str | None = None) -> dict:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": 128 if template else MAX_LENGTH,
        "bos_token": START,
        "eos_token": END,
        "unk_token": UNKNOWN,
        "pad_token": PAD,
        "clean_up_tokenization_spaces": False,
        **({"chat_template": template} if template else {}),
    }


class Tokenizer:
    def __init__(self, path: Path = FOLDER / "tokenizer.json"):
        self.vocab = json.loads(path.read_text())["model"]["vocab"]
        self.start, self.end, self.unknown, self.pad = (self.vocab[t] for t in (START, END, UNKNOWN, PAD))

    @staticmethod
    def generative():
        """The same ids, and those of <image> and <sep>."""
        return Tokenizer(GENERATIVE[0] / "tokenizer.json")

    def words(self, text: str) -> list[str]:
        return re.findall(r"\w+|[^\w\s]+", text.lower())

    def ids(self, text: str) -> list[int]:
        """The words alone."""
        return [self.vocab.get(w, self.unknown) for w in self.words(text)]

    def encode(self, text: str) -> list[int]:
        """Start, words, end, padded to 32; words past the limit are cut, the end token is kept."""
        ids = [self.start, *self.ids(text)[: MAX_LENGTH - 2], self.end]
        return ids + [self.pad] * (MAX_LENGTH - len(ids))


if __name__ == "__main__":
    words = json.loads(Path(sys.argv[1]).read_text())["vocabulary"]
    special = [START, END, UNKNOWN, PAD]
    vocab = grown(FOLDER / "tokenizer.json", words, special)
    write_json(FOLDER / "tokenizer.json", build(vocab, special))
    write_json(FOLDER / "tokenizer_config.json", config())
    more = [*special, IMAGE, SEPARATOR]
    for folder in GENERATIVE:
        known = folder / "tokenizer.json"
        old = json.loads(known.read_text())["model"]["vocab"] if known.exists() else {}
        ours = vocab | {t: i for i, t in enumerate([IMAGE, SEPARATOR], len(vocab))} if not old else old | {
            w: len(old) + i for i, w in enumerate(w for w in vocab if w not in old)
        }
        write_json(known, build(ours, more))
        write_json(folder / "tokenizer_config.json", config(TEMPLATE))
    print(len(vocab), "tokens,", len(ours), "of the generative models")
