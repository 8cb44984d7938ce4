"""The shipped sizes, in one place."""

import json

from clip import ClipConfig
from common import MODELS
from tokenizer import END
from unet import UNetConfig


def clip_config() -> ClipConfig:
    vocab = json.loads((MODELS / "scene-clip-vit" / "tokenizer.json").read_text())["model"]["vocab"]
    return ClipConfig(vocab_size=len(vocab), eos_id=vocab[END])


def unet_config() -> UNetConfig:
    return UNetConfig()
