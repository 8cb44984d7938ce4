"""A tiny vision-language model in the layout of LLaVA and BLIP-2, exported as anybody would, with what PyTorch says of it.

`python golden_tiny_vlm.py` writes golden-tiny-vlm.json: the ONNX files (base64, random weights of a fixed seed), a run of the
decoder with every state, and the reference values of direct logit attribution (Elhage et al. 2021), attention rollout (Abnar
and Zuidema 2020) and activation patching (Meng et al. 2022), each computed here from its formula with torch alone.
"""

import base64
import io
import json
import warnings
from pathlib import Path

import torch
from torch import nn

torch.manual_seed(20)
HERE = Path(__file__).parent
# Sizes all differ, so that a swapped axis shows.
IMAGE, PATCH, VISION, VISION_HEADS = 16, 4, 12, 2
WIDTH, HEADS, HEAD, HIDDEN, LAYERS, VOCAB, EPS = 20, 3, 8, 28, 4, 31, 1e-5
QUERIES, QWIDTH, QHEADS = 5, 10, 2
IMAGE_TOKEN = 4


def heads(x, count):
    return x.view(x.shape[0], x.shape[1], count, -1).transpose(1, 2)


class RMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(1 + 0.3 * torch.randn(width))

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPS))


def rotate(x):
    a, b = x.chunk(2, dim=-1)
    return torch.cat((-b, a), dim=-1)


class LlamaAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj, self.k_proj, self.v_proj = (nn.Linear(WIDTH, HEADS * HEAD, bias=False) for _ in range(3))
        self.o_proj = nn.Linear(HEADS * HEAD, WIDTH, bias=False)

    def forward(self, x, cos, sin, mask, past):
        q, k, v = (heads(p(x), HEADS) for p in (self.q_proj, self.k_proj, self.v_proj))
        q, k = q * cos + rotate(q) * sin, k * cos + rotate(k) * sin
        k, v = torch.cat((past[0], k), dim=2), torch.cat((past[1], v), dim=2)
        scores = torch.matmul(q, k.transpose(2, 3)) * HEAD**-0.5 + mask
        pattern = torch.softmax(scores, dim=-1)
        z = torch.matmul(pattern, v).transpose(1, 2).reshape(x.shape[0], x.shape[1], HEADS * HEAD)
        return self.o_proj(z), k, v, pattern


class LlamaMLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate_proj, self.up_proj = nn.Linear(WIDTH, HIDDEN, bias=False), nn.Linear(WIDTH, HIDDEN, bias=False)
        self.down_proj = nn.Linear(HIDDEN, WIDTH, bias=False)

    def forward(self, x):
        return self.down_proj(nn.functional.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.input_layernorm, self.post_attention_layernorm = RMSNorm(WIDTH), RMSNorm(WIDTH)
        self.self_attn, self.mlp = LlamaAttention(), LlamaMLP()


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = RMSNorm(WIDTH)
        self.lm_head = nn.Linear(WIDTH, VOCAB, bias=False)

    def run(self, x, attention_mask, position_ids, past, inject=None, keep=None):
        """inject: (layer, positions, states) put in place of the residual stream after that layer; keep: collects states."""
        length, total = x.shape[1], attention_mask.shape[1]
        frequency = 10000 ** (-torch.arange(0, HEAD, 2, dtype=torch.float32) / HEAD)
        angle = position_ids[:, :, None].float() * frequency
        angle = torch.cat((angle, angle), dim=-1)[:, None]
        cos, sin = angle.cos(), angle.sin()
        key = torch.arange(total)
        query = torch.arange(total - length, total)
        hidden = (key[None, :] > query[:, None])[None, None] | (attention_mask == 0)[:, None, None, :]
        mask = torch.where(hidden, torch.tensor(-1e9), torch.tensor(0.0))
        presents = []
        for index, layer in enumerate(self.layers):
            out, k, v, pattern = layer.self_attn(layer.input_layernorm(x), cos, sin, mask, past[index])
            x = x + out
            x = x + layer.mlp(layer.post_attention_layernorm(x))
            if inject is not None and inject[0] == index:
                x = x.clone()
                x[:, inject[1]] = inject[2][:, inject[1]]
            presents.append((k, v))
            if keep is not None:
                keep.append({"resid": x, "pattern": pattern, "value": v})
        return self.lm_head(self.norm(x)), presents

    def forward(self, inputs_embeds, attention_mask, position_ids, *past):
        pairs = [(past[2 * i], past[2 * i + 1]) for i in range(LAYERS)]
        logits, presents = self.run(inputs_embeds, attention_mask, position_ids, pairs)
        return (logits, *[t for pair in presents for t in pair])


class Attention(nn.Module):
    def __init__(self, width, count, context=None):
        super().__init__()
        self.count = count
        self.q, self.k, self.v = nn.Linear(width, width), nn.Linear(context or width, width), nn.Linear(context or width, width)
        self.out = nn.Linear(width, width)

    def forward(self, x, context=None):
        c = x if context is None else context
        q, k, v = heads(self.q(x), self.count), heads(self.k(c), self.count), heads(self.v(c), self.count)
        p = torch.softmax(torch.matmul(q, k.transpose(2, 3)) * q.shape[-1] ** -0.5, dim=-1)
        return self.out(torch.matmul(p, v).transpose(1, 2).reshape(x.shape[0], x.shape[1], -1))


class MLP(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x):
        return self.fc2(nn.functional.gelu(self.fc1(x)))


class Vision(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, VISION, PATCH, PATCH, bias=False)
        count = (IMAGE // PATCH) ** 2
        self.cls, self.place = nn.Parameter(torch.randn(VISION)), nn.Parameter(0.5 * torch.randn(count + 1, VISION))
        self.norm1, self.norm2 = nn.LayerNorm(VISION), nn.LayerNorm(VISION)
        self.attn, self.mlp = Attention(VISION, VISION_HEADS), MLP(VISION, 30)

    def forward(self, pixel_values):
        x = self.patch(pixel_values).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls.expand(x.shape[0], 1, -1), x), dim=1) + self.place
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Projector(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(VISION, WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, last_hidden_state):
        return self.linear_2(nn.functional.gelu(self.linear_1(last_hidden_state[:, 1:])))


class QFormer(nn.Module):
    def __init__(self):
        super().__init__()
        self.query_tokens = nn.Parameter(torch.randn(1, QUERIES, QWIDTH))
        self.blocks = nn.ModuleList(
            nn.ModuleDict({
                "attention": Attention(QWIDTH, QHEADS), "norm1": nn.LayerNorm(QWIDTH),
                "crossattention": Attention(QWIDTH, QHEADS, VISION), "norm2": nn.LayerNorm(QWIDTH),
                "mlp": MLP(QWIDTH, 22), "norm3": nn.LayerNorm(QWIDTH),
            })
            for _ in range(2)
        )
        self.language_projection = nn.Linear(QWIDTH, WIDTH)

    def forward(self, last_hidden_state):
        x = self.query_tokens.expand(last_hidden_state.shape[0], -1, -1)
        for b in self.blocks:  # BERT's order: the norm after the sum
            x = b["norm1"](x + b["attention"](x))
            x = b["norm2"](x + b["crossattention"](x, last_hidden_state))
            x = b["norm3"](x + b["mlp"](x))
        return self.language_projection(x)


def export(module, inputs, outputs):
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(), tuple(x for x, _ in inputs.values()), buffer, input_names=list(inputs),
            output_names=list(outputs), dynamic_axes={k: a for k, (_, a) in inputs.items()} | outputs,
            opset_version=17, dynamo=False,
        )
    return base64.b64encode(buffer.getvalue()).decode()


def listed(t):
    return {"dims": list(t.shape), "data": [round(float(v), 7) for v in t.detach().flatten()]}


def louder(module, factor):
    for p in module.parameters():
        if p.ndim > 1:
            p.data *= factor
    return module


with torch.no_grad():
    vision, projector, qformer = louder(Vision(), 1.5), louder(Projector(), 1.6), louder(QFormer(), 1.5)
    embed, decoder = nn.Embedding(VOCAB, WIDTH), louder(Decoder(), 1.8)
    batch, both = {0: "batch"}, {0: "batch", 1: "sequence"}
    past = {
        f"past_key_values.{i}.{part}": (torch.randn(2, HEADS, 3, HEAD), {0: "batch", 2: "past_sequence_length"})
        for i in range(LAYERS) for part in ("key", "value")
    }
    presents = {f"present.{i}.{part}": {0: "batch", 2: "total_sequence_length"} for i in range(LAYERS) for part in ("key", "value")}
    files = {
        "vision_encoder": export(vision, {"pixel_values": (torch.randn(2, 3, IMAGE, IMAGE), batch)}, {"last_hidden_state": batch}),
        "multi_modal_projector": export(projector, {"last_hidden_state": (torch.randn(2, 17, VISION), batch)}, {"image_features": batch}),
        "qformer": export(qformer, {"last_hidden_state": (torch.randn(2, 17, VISION), batch)}, {"image_features": batch}),
        "embed_tokens": export(embed, {"input_ids": (torch.randint(0, VOCAB, (2, 7)), both)}, {"inputs_embeds": both}),
        "decoder_model_merged": export(
            decoder,
            {
                "inputs_embeds": (torch.randn(2, 4, WIDTH), both),
                "attention_mask": (torch.ones(2, 7, dtype=torch.int64), {0: "batch", 1: "total_sequence_length"}),
                "position_ids": (torch.arange(3, 7).expand(2, 4).clone(), both),
                **past,
            },
            {"logits": both, **presents},
        ),
    }

    def empty():
        return [(torch.zeros(1, HEADS, 0, HEAD), torch.zeros(1, HEADS, 0, HEAD)) for _ in range(LAYERS)]

    def run(x, inject=None, keep=None):
        n = x.shape[1]
        return decoder.run(x, torch.ones(1, n, dtype=torch.int64), torch.arange(n)[None], empty(), inject, keep)[0]

    length = 9
    inputs, other = torch.randn(1, length, WIDTH), torch.randn(1, length, WIDTH)
    keep = []
    logits = run(inputs, keep=keep)
    position, target, against = length - 2, 7, 12
    # Direct logit attribution: what each head writes at `position` from each key, through the frozen final norm.
    rms = torch.sqrt(keep[-1]["resid"][0, position].pow(2).mean() + EPS)
    direction = (decoder.lm_head.weight[target] - decoder.lm_head.weight[against]) * decoder.norm.weight / rms
    dla = torch.stack([
        torch.einsum(
            "hk,hkd,whd,w->hk", k["pattern"][0, :, position], k["value"][0],
            layer.self_attn.o_proj.weight.view(WIDTH, HEADS, HEAD), direction,
        )
        for k, layer in zip(keep, decoder.layers)
    ])
    # Rollout: heads averaged, half identity, multiplied through the layers.
    rollout = torch.eye(length)
    for k in keep:
        rollout = (0.5 * k["pattern"][0].mean(0) + 0.5 * torch.eye(length)) @ rollout
    clean = []
    run(other, keep=clean)
    patched = run(inputs, inject=(1, [2, 5], clean[1]["resid"]))

    words = ["<s>", "</s>", "<unk>", "<pad>", "<image>", "<sep>", "what", "color", "is", "the", "taxi", "yellow", "blue", "red",
             "a", "person", "left", "of", "describe", "car", "tree", "dog", "on", "lawn", "and", "there", "yes", "no", "two", "three", "it"]
    assert len(words) == VOCAB
    special = words[:6]
    golden = {
        "files": files,
        "config": {
            "model_type": "llava", "image_token_index": IMAGE_TOKEN, "bos_token_id": 0, "eos_token_id": 1,
            "text_config": {
                "model_type": "llama", "hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
                "num_key_value_heads": HEADS, "head_dim": HEAD, "vocab_size": VOCAB, "max_position_embeddings": 64,
            },
            "vision_config": {"image_size": IMAGE, "patch_size": PATCH},
        },
        "tokenizer": {
            "version": "1.0", "truncation": None, "padding": None,
            "added_tokens": [
                {"id": i, "content": w, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
                for i, w in enumerate(special)
            ],
            "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": None, "decoder": None,
            "model": {"type": "WordLevel", "vocab": {w: i for i, w in enumerate(words)}, "unk_token": "<unk>"},
        },
        "tokenizer_config": {
            "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 64, "bos_token": "<s>", "eos_token": "</s>",
            "unk_token": "<unk>", "pad_token": "<pad>", "clean_up_tokenization_spaces": False,
            "chat_template": "{{ bos_token }}{% for message in messages %}{% for part in message['content'] %}"
            "{% if part['type'] == 'image' %}<image>{% else %} {{ part['text'] }}{% endif %}{% endfor %}{% endfor %}"
            "{% if add_generation_prompt %} <sep>{% endif %}",
        },
        "preprocessor_config": {
            "do_resize": True, "size": {"height": IMAGE, "width": IMAGE}, "resample": 2, "do_center_crop": False,
            "do_rescale": True, "do_normalize": True, "image_mean": [0.5] * 3, "image_std": [0.5] * 3,
        },
        "expected": {
            "inputs": listed(inputs[0]), "other": listed(other[0]), "logits": listed(logits[0]),
            "resid": listed(torch.stack([k["resid"][0] for k in keep])), "pattern": listed(torch.stack([k["pattern"][0] for k in keep])),
            "position": position, "target": target, "against": against,
            "dla": listed(dla), "rollout": listed(rollout),
            "patch": {"block": 1, "positions": [2, 5], "logits": listed(patched[0])},
        },
    }

(HERE / "golden-tiny-vlm.json").write_text(json.dumps(golden) + "\n")
