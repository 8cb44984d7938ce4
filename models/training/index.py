"""models/index.json: every file the app may fetch, with its size and SHA-256. `python models/training/index.py`"""

import hashlib

from common import MODELS, write_json

TOKENIZER = {
    "tokenizer": "scene-clip-vit/tokenizer.json",
    "tokenizer_config": "scene-clip-vit/tokenizer_config.json",
}


def generative(name: str, bridge: str, title: str) -> dict:
    own = {
        bridge: f"onnx/{bridge}.onnx",
        "embed_tokens": "onnx/embed_tokens.onnx",
        "decoder_model_merged": "onnx/decoder_model_merged.onnx",
        **{key: f"{key}.json" for key in ("config", "generation_config", "preprocessor_config", "tokenizer", "tokenizer_config")},
    }
    return {
        "family": "generative",
        "title": title,
        "files": {
            "vision_encoder": "scene-clip-vit/onnx/vision_model.onnx",
            **{key: f"{name}/{path}" for key, path in own.items()},
        },
    }


FILES = {
    "scene-clip-vit": {
        "family": "contrastive",
        "title": "Scene CLIP (ViT)",
        "files": {
            "vision_model": "scene-clip-vit/onnx/vision_model.onnx",
            "text_model": "scene-clip-vit/onnx/text_model.onnx",
            "config": "scene-clip-vit/config.json",
            **TOKENIZER,
            "preprocessor_config": "scene-clip-vit/preprocessor_config.json",
            "world_statistics": "scene-clip-vit/world_statistics.json",
        },
    },
    "scene-clip-rn": {
        "family": "contrastive",
        "title": "Scene CLIP (ResNet)",
        "files": {
            "vision_model": "scene-clip-rn/onnx/vision_model.onnx",
            "text_model": "scene-clip-vit/onnx/text_model.onnx",
            "config": "scene-clip-rn/config.json",
            **TOKENIZER,
            "preprocessor_config": "scene-clip-rn/preprocessor_config.json",
        },
    },
    "scene-diffusion": {
        "family": "diffusion",
        "title": "Scene diffusion",
        "files": {
            "unet": "scene-diffusion/onnx/unet.onnx",
            "vae_encoder": "scene-diffusion/onnx/vae_encoder.onnx",
            "vae_decoder": "scene-diffusion/onnx/vae_decoder.onnx",
            "text_encoder": "scene-clip-vit/onnx/text_model.onnx",
            "config": "scene-diffusion/config.json",
            "scheduler_config": "scene-diffusion/scheduler/scheduler_config.json",
            "model_index": "scene-diffusion/model_index.json",
            **TOKENIZER,
        },
    },
    "scene-vlm-mlp": generative("scene-vlm-mlp", "multi_modal_projector", "Scene VLM (MLP bridge)"),
    "scene-vlm-qformer": generative("scene-vlm-qformer", "qformer", "Scene VLM (Q-Former)"),
    "scene-oracle": {
        "family": "oracle",
        "title": "Scene oracle (scoring only)",
        "files": {
            "model": "scene-oracle/onnx/model.onnx",
            "config": "scene-oracle/config.json",
            "preprocessor_config": "scene-oracle/preprocessor_config.json",
        },
    },
}


def describe(path: str) -> dict:
    data = (MODELS / path).read_bytes()
    return {"path": path, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def list_in_card(name: str, files: dict):
    """Rewrites what stands between the card's two `files` comments."""
    card = MODELS / name / "README.md"
    if not card.exists():
        return
    rows = [f"| `{f['path']}` | {f['bytes']:,} | `{f['sha256']}` |" for f in files.values()]
    table = "\n".join(["| file | bytes | SHA-256 |", "|---|---|---|", *rows])
    before, rest = card.read_text().split("<!-- files -->\n", 1)
    after = rest.split("<!-- end of files -->", 1)[1]
    card.write_text(f"{before}<!-- files -->\n{table}\n<!-- end of files -->{after}")


def main():
    models = []
    for name, entry in FILES.items():
        files = {key: describe(path) for key, path in entry["files"].items() if (MODELS / path).exists()}
        missing = set(entry["files"]) - set(files)
        if missing:
            print(f"{name}: left out, not there yet: {sorted(missing)}")
            continue
        list_in_card(name, files)
        models.append({"id": name, "family": entry["family"], "title": entry["title"], "files": files})
    write_json(MODELS / "index.json", {"models": models})


if __name__ == "__main__":
    main()
