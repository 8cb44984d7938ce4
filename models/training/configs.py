"""The small JSON files of every model folder, in the Hub's layout. `python models/training/configs.py`"""

import math

from common import MODELS, RUNS, load, write_json
from models import (
    CLIP, DIFFUSION, ORACLE, RN, clip_config, decoder_config, folder, oracle_heads, qformer_config, resnet_config, unet_config, vae_config,
)
from scheduler import CONFIG
from tokenizer import IMAGE, Tokenizer

PREPROCESSOR = {
    "image_processor_type": "CLIPImageProcessor", "feature_extractor_type": "CLIPFeatureExtractor",
    "do_convert_rgb": True, "do_resize": True, "size": {"shortest_edge": 128}, "resample": 2,
    "do_center_crop": True, "crop_size": {"height": 128, "width": 128},
    "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True,
    "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5],
}


def text_config() -> dict:
    c, t = clip_config(), Tokenizer()
    return {
        "model_type": "clip_text_model", "hidden_size": c.text_width, "intermediate_size": 4 * c.text_width,
        "num_hidden_layers": c.text_layers, "num_attention_heads": c.text_heads, "max_position_embeddings": c.max_length,
        "vocab_size": c.vocab_size, "hidden_act": "quick_gelu", "layer_norm_eps": 1e-5, "projection_dim": c.projection,
        "bos_token_id": t.start, "eos_token_id": t.end, "pad_token_id": t.pad,
    }


def vision_config() -> dict:
    c = clip_config()
    return {
        "model_type": "clip_vision_model", "hidden_size": c.vision_width, "intermediate_size": 4 * c.vision_width,
        "num_hidden_layers": c.vision_layers, "num_attention_heads": c.vision_heads, "image_size": c.image_size,
        "patch_size": c.patch_size, "num_channels": 3, "hidden_act": "quick_gelu", "layer_norm_eps": 1e-5,
        "projection_dim": c.projection,
    }


def contrastive(kind: str, vision: dict, checkpoint: str) -> dict:
    trained = load(RUNS / f"{checkpoint}.pt")
    scale = float(trained["average"]["logit_scale"]) if trained else 2.6592
    return {
        "architectures": ["CLIPModel"], "model_type": kind, "projection_dim": clip_config().projection,
        "logit_scale_init_value": 2.6592, "logit_scale": scale, "logit_scale_exp": math.exp(scale),
        "text_config": text_config(), "vision_config": vision,
    }


def diffusion():
    u, vae = unet_config(), load(RUNS / "vae.pt")
    write_json(DIFFUSION / "scheduler" / "scheduler_config.json", CONFIG)
    write_json(
        DIFFUSION / "model_index.json",
        {
            "_class_name": "StableDiffusionPipeline",
            "scheduler": ["diffusers", "DDIMScheduler"],
            "unet": "onnx/unet.onnx",
            "vae_encoder": "onnx/vae_encoder.onnx",
            "vae_decoder": "onnx/vae_decoder.onnx",
            "text_encoder": "../scene-clip-vit/onnx/text_model.onnx",
            "text_encoder_output": "last_hidden_state",
            "tokenizer": "../scene-clip-vit/tokenizer.json",
            "defaults": {"steps": 25, "guidance_scale": 4, "negative_prompt": ""},
        },
    )
    write_json(
        DIFFUSION / "config.json",
        {
            "unet": {
                "_class_name": "UNet2DConditionModel", "sample_size": 16, "in_channels": u.latent, "out_channels": u.latent,
                "block_out_channels": list(u.channels), "layers_per_block": 1, "cross_attention_dim": u.text_width,
                "attention_head_dim": u.heads, "norm_num_groups": u.groups, "act_fn": "silu", "transformer_activation": "gelu",
                "flip_sin_to_cos": True, "freq_shift": 0,
                "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
                "mid_block_type": "UNetMidBlock2DCrossAttn",
                "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
            },
            "vae": {
                "_class_name": "AutoencoderKL", "sample_size": 128, "in_channels": 3, "out_channels": 3,
                "latent_channels": vae_config().latent, "scaling_factor": float(vae["scaling_factor"]) if vae else 1.0,
            },
        },
    )


def generative(name: str) -> dict:
    c, q, t = decoder_config(), qformer_config(), Tokenizer.generative()
    shared = {
        "image_token_index": t.vocab[IMAGE],
        "vision_config": vision_config(),
        "text_config": {
            "model_type": "llama", "hidden_size": c.width, "intermediate_size": c.inner, "num_hidden_layers": c.layers,
            "num_attention_heads": c.heads, "num_key_value_heads": c.heads, "head_dim": c.width // c.heads, "hidden_act": "silu",
            "rms_norm_eps": c.eps, "rope_theta": c.theta, "vocab_size": c.vocab_size, "max_position_embeddings": 128,
            "tie_word_embeddings": False, "bos_token_id": t.start, "eos_token_id": t.end, "pad_token_id": t.pad,
        },
    }
    if name == "mlp":
        return {
            "architectures": ["LlavaForConditionalGeneration"], "model_type": "llava", "image_seq_length": 64,
            "vision_feature_layer": -1, "vision_feature_select_strategy": "default", "projector_hidden_act": "gelu", **shared,
        }
    return {
        "architectures": ["Blip2ForConditionalGeneration"], "model_type": "blip-2", "num_query_tokens": q.queries,
        "image_seq_length": q.queries, "use_decoder_only_language_model": True,
        "qformer_config": {
            "model_type": "blip_2_qformer", "hidden_size": q.width, "num_hidden_layers": q.layers, "num_attention_heads": q.heads,
            "intermediate_size": 4 * q.width, "encoder_hidden_size": q.vision, "cross_attention_frequency": 1, "hidden_act": "gelu",
            "layer_norm_eps": 1e-5,
        },
        **shared,
    }


def main():
    r, t = resnet_config(), Tokenizer.generative()
    write_json(CLIP / "config.json", contrastive("clip", vision_config(), "clip"))
    resnet = {
        "model_type": "resnet", "layer_type": "basic", "embedding_size": r.stem, "hidden_sizes": list(r.widths),
        "depths": list(r.blocks), "hidden_act": "relu", "image_size": 128, "num_channels": 3, "projection_dim": r.projection,
    }
    write_json(RN / "config.json", contrastive("clip", resnet, "rn"))
    write_json(ORACLE / "config.json", {"model_type": "segmentation", "image_size": 128, "grid": 64, "heads": oracle_heads()})
    for where in (CLIP, RN, ORACLE, folder("mlp"), folder("qformer")):
        write_json(where / "preprocessor_config.json", PREPROCESSOR)
    diffusion()
    for name in ("mlp", "qformer"):
        write_json(folder(name) / "config.json", generative(name))
        ends = {"bos_token_id": t.start, "eos_token_id": t.end, "pad_token_id": t.pad}
        write_json(folder(name) / "generation_config.json", {**ends, "max_new_tokens": 40, "do_sample": False})


if __name__ == "__main__":
    main()
