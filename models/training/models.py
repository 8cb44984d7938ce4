"""The shipped sizes, in one place, and what each ONNX file is made of."""

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from clip import ClipConfig, CLIPModel
from common import MODELS, catalogue
from oracle import Oracle
from resnet import ResNetConfig, VisionRN
from tokenizer import END, Tokenizer
from unet import UNet2DConditionModel, UNetConfig
from vae import AutoencoderKL, VaeConfig
from vlm import DecoderConfig, Generative, LlavaMultiModalProjector, QFormerBridge, QFormerConfig

BATCH, SEQUENCE = {0: "batch"}, {0: "batch", 1: "sequence"}
CLIP, RN, DIFFUSION, ORACLE = (MODELS / f"scene-{name}" for name in ("clip-vit", "clip-rn", "diffusion", "oracle"))


def folder(name: str):
    """Of a generative model: "mlp" or "qformer"."""
    return MODELS / f"scene-vlm-{name}"


def clip_config() -> ClipConfig:
    vocab = Tokenizer().vocab
    return ClipConfig(vocab_size=len(vocab), eos_id=vocab[END])


def unet_config() -> UNetConfig:
    return UNetConfig(latent=vae_config().latent)


def vae_config() -> VaeConfig:
    return VaeConfig()


def resnet_config() -> ResNetConfig:
    return ResNetConfig()


def decoder_config() -> DecoderConfig:
    return DecoderConfig(vocab_size=len(Tokenizer.generative().vocab))


def qformer_config() -> QFormerConfig:
    return QFormerConfig()


def oracle_heads() -> dict[str, list[str]]:
    """Labels of each head of scene-oracle, "none" first: positions are the world's label ids."""
    return {plane: ["none", *catalogue()["labels"][plane]] for plane in ("object", "color", "scene")}


def build(name: str) -> nn.Module:
    match name:
        case "clip":
            return CLIPModel(clip_config())
        case "rn":
            return VisionRN(resnet_config())
        case "vae":
            return AutoencoderKL(vae_config())
        case "unet":
            return UNet2DConditionModel(unet_config())
        case "oracle":
            return Oracle({head: len(labels) for head, labels in oracle_heads().items()})
        case "mlp":
            return Generative(LlavaMultiModalProjector(clip_config().vision_width, decoder_config().width), decoder_config())
        case "qformer":
            return Generative(QFormerBridge(qformer_config(), decoder_config().width), decoder_config())
    raise ValueError(f"unknown model: {name}")


class Vision(nn.Module):
    def __init__(self, clip):
        super().__init__()
        self.vision_model, self.visual_projection = clip.vision_model, clip.visual_projection

    def forward(self, pixel_values):
        hidden, pooled = self.vision_model(pixel_values)
        return self.visual_projection(pooled), hidden


class Text(nn.Module):
    def __init__(self, clip):
        super().__init__()
        self.text_model, self.text_projection = clip.text_model, clip.text_projection

    def forward(self, input_ids):
        hidden, pooled = self.text_model(input_ids)
        return self.text_projection(pooled), hidden


class Encode(nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.encoder = vae.encoder

    def forward(self, sample):
        return self.encoder(sample).chunk(2, dim=1)[0]


class Decode(nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.decoder = vae.decoder

    def forward(self, latent_sample):
        return self.decoder(latent_sample)


class Embed(nn.Module):
    def __init__(self, vlm):
        super().__init__()
        self.embed_tokens = vlm.language_model.model.embed_tokens

    def forward(self, input_ids):
        return self.embed_tokens(input_ids)


class Decoder(nn.Module):
    """`decoder_model_merged`: one graph for the first pass (an empty past) and for every later token."""

    def __init__(self, vlm):
        super().__init__()
        self.model, self.lm_head = vlm.language_model.model, vlm.language_model.lm_head

    def forward(self, inputs_embeds, attention_mask, position_ids, *past):
        length, total = inputs_embeds.shape[1], attention_mask.shape[1]
        key = torch.arange(total)
        query = torch.arange(length) + (total - length)
        seen = (key[None, :] <= query[:, None])[None, None] & (attention_mask[:, None, None, :] > 0)
        mask = torch.where(seen, 0.0, -1e4)
        hidden, caches = self.model(inputs_embeds, mask, position_ids, list(zip(past[::2], past[1::2])))
        return self.lm_head(hidden), *(x for cache in caches for x in cache)


def normalised(model):
    """(owner, name of the convolution, name of its batch normalisation) of a ResNet."""
    for module in model.modules():
        for k in ("1", "2"):
            if hasattr(module, f"conv{k}") and hasattr(module, f"bn{k}"):
                yield module, f"conv{k}", f"bn{k}"
        if getattr(module, "downsample", None) is not None:
            yield module.downsample, "0", "1"


def folded(model):
    """A ResNet with its batch normalisations inside the convolutions, as exporters leave it."""
    for owner, conv, bn in list(normalised(model.eval())):
        setattr(owner, conv, fuse_conv_bn_eval(getattr(owner, conv), getattr(owner, bn)))
        setattr(owner, bn, nn.Identity())
    return model


@torch.no_grad()
def unfold(model, flat, pixels):
    """Gives `model` the function of `flat` (the same ResNet, folded), with the statistics of `pixels` in its normalisations."""
    model.visual_projection.load_state_dict(flat.visual_projection.state_dict())
    for (owner, conv, bn), (twin, _, _) in zip(normalised(model), list(normalised(flat))):
        def take(layer, _, y, weight=getattr(owner, conv).weight, norm=getattr(owner, bn)):
            mean, variance = y.mean(dim=(0, 2, 3)), y.var(dim=(0, 2, 3))
            weight.copy_(layer.weight)
            norm.running_mean.copy_(mean - layer.bias)
            norm.running_var.copy_(variance)
            norm.weight.copy_((variance + norm.eps).sqrt())
            norm.bias.copy_(mean)

        getattr(twin, conv).register_forward_hook(take)
    flat.eval()(pixels)
    return model


def files(name: str, model):
    """The ONNX files of a model: (module, {input: (example, dynamic axes)}, {output: dynamic axes}, path)."""
    pixels = {"pixel_values": (torch.rand(3, 3, 128, 128) * 2 - 1, BATCH)}
    match name:
        case "clip":
            ids = torch.randint(4, model.config.vocab_size, (3, 11))
            ids[:, 7] = model.config.eos_id
            return [
                (Vision(model), pixels, {"image_embeds": BATCH, "last_hidden_state": BATCH}, CLIP / "onnx/vision_model.onnx"),
                (Text(model), {"input_ids": (ids, SEQUENCE)}, {"text_embeds": BATCH, "last_hidden_state": SEQUENCE}, CLIP / "onnx/text_model.onnx"),
            ]
        case "rn":
            return [(folded(model), pixels, {"image_embeds": BATCH, "last_hidden_state": BATCH}, RN / "onnx/vision_model.onnx")]
        case "vae":
            z = torch.randn(3, vae_config().latent, 16, 16)
            sample = {"sample": pixels["pixel_values"]}
            return [
                (Encode(model), sample, {"latent_sample": BATCH}, DIFFUSION / "onnx/vae_encoder.onnx"),
                (Decode(model), {"latent_sample": (z, BATCH)}, {"sample": BATCH}, DIFFUSION / "onnx/vae_decoder.onnx"),
            ]
        case "unet":
            c = model.config
            inputs = {
                "sample": (torch.randn(3, c.latent, 16, 16), BATCH),
                "timestep": (torch.tensor([999, 500, 3]), BATCH),
                "encoder_hidden_states": (torch.randn(3, 32, c.text_width), SEQUENCE),
            }
            return [(model, inputs, {"out_sample": BATCH}, DIFFUSION / "onnx/unet.onnx")]
        case "oracle":
            return [(model, pixels, {head: BATCH for head in model.sizes}, ORACLE / "onnx/model.onnx")]
        case "mlp" | "qformer":
            return generative_files(name, model)
    raise ValueError(f"unknown model: {name}")


def generative_files(name: str, model):
    c, where = decoder_config(), folder(name) / "onnx"
    states = {"last_hidden_state": (torch.randn(3, 65, clip_config().vision_width), BATCH)}
    ids = torch.randint(4, c.vocab_size, (3, 7))
    past_axes, new_axes = {0: "batch", 2: "past"}, {0: "batch", 2: "total"}
    shape = (3, c.heads, 5, c.width // c.heads)
    names = [f"{layer}.{part}" for layer in range(c.layers) for part in ("key", "value")]
    inputs = {
        "inputs_embeds": (torch.randn(3, 7, c.width), SEQUENCE),
        "attention_mask": (torch.ones(3, 12, dtype=torch.int64), {0: "batch", 1: "total"}),
        "position_ids": (torch.arange(5, 12).repeat(3, 1), SEQUENCE),
        **{f"past_key_values.{n}": (torch.randn(shape), past_axes) for n in names},
    }
    outputs = {"logits": SEQUENCE, **{f"present.{n}": new_axes for n in names}}
    bridge = "multi_modal_projector" if name == "mlp" else "qformer"
    return [
        (model.bridge, states, {"image_features": BATCH}, where / f"{bridge}.onnx"),
        (Embed(model), {"input_ids": (ids, SEQUENCE)}, {"inputs_embeds": SEQUENCE}, where / "embed_tokens.onnx"),
        (Decoder(model), inputs, outputs, where / "decoder_model_merged.onnx"),
    ]
