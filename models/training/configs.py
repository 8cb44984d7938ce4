"""The small JSON files of both model folders, in the Hub's layout. `python models/training/configs.py`"""

import math

from common import MODELS, RUNS, load, write_json
from models import clip_config, unet_config
from scheduler import CONFIG
from tokenizer import Tokenizer


def main():
    c, u, t = clip_config(), unet_config(), Tokenizer()
    clip, vae = load(RUNS / "clip.pt"), load(RUNS / "vae.pt")
    scale = float(clip["average"]["logit_scale"]) if clip else 2.6592
    write_json(
        MODELS / "scene-clip-vit" / "config.json",
        {
            "architectures": ["CLIPModel"],
            "model_type": "clip",
            "projection_dim": c.projection,
            "logit_scale_init_value": 2.6592,
            "logit_scale": scale,
            "logit_scale_exp": math.exp(scale),
            "text_config": {
                "model_type": "clip_text_model", "hidden_size": c.text_width, "intermediate_size": 4 * c.text_width,
                "num_hidden_layers": c.text_layers, "num_attention_heads": c.text_heads, "max_position_embeddings": c.max_length,
                "vocab_size": c.vocab_size, "hidden_act": "quick_gelu", "layer_norm_eps": 1e-5, "projection_dim": c.projection,
                "bos_token_id": t.start, "eos_token_id": t.end, "pad_token_id": t.pad,
            },
            "vision_config": {
                "model_type": "clip_vision_model", "hidden_size": c.vision_width, "intermediate_size": 4 * c.vision_width,
                "num_hidden_layers": c.vision_layers, "num_attention_heads": c.vision_heads, "image_size": c.image_size,
                "patch_size": c.patch_size, "num_channels": 3, "hidden_act": "quick_gelu", "layer_norm_eps": 1e-5,
                "projection_dim": c.projection,
            },
        },
    )
    write_json(
        MODELS / "scene-clip-vit" / "preprocessor_config.json",
        {
            "image_processor_type": "CLIPImageProcessor", "feature_extractor_type": "CLIPFeatureExtractor",
            "do_convert_rgb": True, "do_resize": True, "size": {"shortest_edge": 128}, "resample": 2,
            "do_center_crop": True, "crop_size": {"height": 128, "width": 128},
            "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True,
            "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5],
        },
    )
    folder = MODELS / "scene-diffusion"
    write_json(folder / "scheduler" / "scheduler_config.json", CONFIG)
    write_json(
        folder / "model_index.json",
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
        folder / "config.json",
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
                "_class_name": "AutoencoderKL", "sample_size": 128, "in_channels": 3, "out_channels": 3, "latent_channels": u.latent,
                "scaling_factor": float(vae["scaling_factor"]) if vae else 1.0,
            },
        },
    )


if __name__ == "__main__":
    main()
