"""Trains scene-clip-vit. `python models/training/train_clip.py --minutes 28`

Contrastive loss (captions that are also true of another scene of the batch are not negatives), plus auxiliary
losses whose heads are thrown away: labels under every patch, the set of things in the scene from CLS, and the
next word from the text tower. Writes runs/clip.pt.
"""

import argparse

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, normalize, one_hot

from clip import CLIPModel
from common import Average, Clock, Muon, arguments, load, save, schedule, seed_all
from data import Scenes
from models import clip_config
from tokenizer import Tokenizer
from truth import KINDS, PAIRS, PLACES, SLOTS, caption_slots, phrase, place_phrase, scene_slots

PLANES = (32, 16, 48, 12)  # object, color, part, scene: room for every label id
PROMPT_SHARE = 0.25  # of captions replaced by the bare phrase "a red car" about one of the scene's things
PLAIN = ("embedding", "heads", "projection")


class Heads(nn.Module):
    """The auxiliary heads, thrown away after training."""

    def __init__(self, c):
        super().__init__()
        self.patch_norm = nn.LayerNorm(c.vision_width)
        self.patch = nn.Linear(c.vision_width, sum(PLANES))
        self.slots = nn.Linear(c.vision_width, len(SLOTS))
        self.word = nn.Linear(c.text_width, c.vocab_size)
        nn.init.constant_(self.slots.bias, -4.0)


def patch_targets(labels):
    """labels [scene, plane, y 32, x 32] -> per plane, share of each label under every patch [scene, 64, label]."""
    b = labels.shape[0]
    x = torch.from_numpy(labels).long().view(b, 4, 8, 4, 8, 4).permute(0, 1, 2, 4, 3, 5).reshape(b, 4, 64, 16)
    return [one_hot(x[:, p], n).float().mean(2) for p, n in enumerate(PLANES)]


class Captions:
    """Draws a caption for a scene; remembers token ids and claims of every text."""

    def __init__(self, tokenizer, rng):
        self.tokenizer, self.rng, self.memory = tokenizer, rng, {}

    def lookup(self, text):
        if text not in self.memory:
            self.memory[text] = (self.tokenizer.encode(text), caption_slots(self.tokenizer.words(text)))
        return self.memory[text]

    def draw(self, record):
        things = [t for t in record["things"] if t["kind"] in KINDS]
        if things and self.rng.random() < PROMPT_SHARE:
            thing = things[self.rng.integers(len(things))]
            return self.lookup(phrase(thing["color"], thing["kind"]))
        return self.lookup(record["captions"][self.rng.integers(len(record["captions"]))])

    def batch(self, records):
        ids, claims = zip(*(self.draw(r) for r in records))
        return torch.tensor(ids), torch.from_numpy(np.stack(claims))


def contrastive(image, text, scale, truth, claims):
    """Symmetric cross-entropy; pairs where the caption is true of the other scene are left out."""
    logits = scale * image @ text.T
    also_true = (claims @ (1 - truth).T).T < 0.5  # [scene, caption]
    also_true.fill_diagonal_(False)
    logits = logits.masked_fill(also_true, -1e4)
    target = torch.arange(len(logits), device=logits.device)
    return (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2


@torch.no_grad()
def evaluate(clip, scenes, tokenizer, count=2000):
    """Zero-shot on single-object held-out scenes: coloured object among 120, place among 6; and recall@1 in 200."""
    singles = [i for i in range(len(scenes)) if len(scenes.records[i]["things"]) == 1][:count]

    def embed_text(texts):
        return normalize(clip.text(torch.tensor([tokenizer.encode(t) for t in texts]))[0], dim=-1)

    def embed_images(indices):
        return torch.cat([normalize(clip.image(torch.from_numpy(scenes.batch(indices[i : i + 64])))[0], dim=-1) for i in range(0, len(indices), 64)])

    images = embed_images(singles)
    things = [scenes.records[i]["things"][0] for i in singles]
    best = (images @ embed_text([phrase(c, k) for c, k in PAIRS]).T).argmax(1).tolist()
    right = np.mean([PAIRS[b] == (t["color"], t["kind"]) for b, t in zip(best, things)])
    kind = np.mean([PAIRS[b][1] == t["kind"] for b, t in zip(best, things)])
    best = (images @ embed_text([place_phrase(p) for p in PLACES]).T).argmax(1).tolist()
    place = np.mean([PLACES[b] == scenes.records[i]["place"] for b, i in zip(best, singles)])
    pool = list(range(200))
    texts = [scenes.records[i]["captions"][0] for i in pool]
    recall = ((embed_images(pool) @ embed_text(texts).T).argmax(1) == torch.arange(200)).float().mean()
    return {"pair": float(right), "kind": float(kind), "place": float(place), "recall_at_1_of_200": float(recall), "scenes": len(singles)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=28)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    args = arguments(parser)
    rng = seed_all(args.seed)
    config, tokenizer = clip_config(), Tokenizer()
    clip = CLIPModel(config)
    clip.heads = Heads(config)
    clip.to(args.device)
    optimiser = Muon(clip, args.lr, plain=PLAIN)
    average = Average(clip, 0.998)
    path, step, seconds = args.runs / "clip.pt", 0, 0.0
    if state := load(path):
        clip.load_state_dict(state["model"] | state["heads"])
        optimiser.load_state_dict(state["optimiser"])
        average.values, average.steps = state["average"] | state["average_heads"], state["step"]
        step, seconds = state["step"], state["seconds"]
        rng = seed_all(args.seed + step)
    scenes, captions = Scenes(args.data, "train"), Captions(tokenizer, rng)
    clock, saved = Clock(seconds), seconds

    def parts(state):
        keep = {k: v for k, v in state.items() if not k.startswith("heads.")}
        return keep, {k: v for k, v in state.items() if k.startswith("heads.")}

    def checkpoint():
        model, heads = parts(clip.state_dict())
        mean, mean_heads = parts(average.values)
        save(path, {
            "model": model, "heads": heads, "optimiser": optimiser.state_dict(), "average": mean, "average_heads": mean_heads,
            "step": step, "seconds": clock.seconds(), "batch": args.batch,
        })
        frozen = CLIPModel(config)
        frozen.load_state_dict(mean)
        held = Scenes(args.data, "heldout", 1)
        score = evaluate(frozen.eval(), held if len(held) else scenes, tokenizer, 400)
        print(f"step {step} {clock.seconds():.0f}s scenes {len(scenes)} {score}", flush=True)

    while clock.seconds() < args.minutes * 60:
        if step % 100 == 0:
            scenes.refresh()
        for group in optimiser.param_groups:
            group["lr"] = args.lr * schedule(clock.seconds() / (args.minutes * 60), 0.05)
        picked = rng.choice(len(scenes), args.batch, replace=False)
        records = [scenes.records[i] for i in picked]
        pixels = torch.from_numpy(scenes.batch(picked)).to(args.device)
        targets = [t.to(args.device) for t in patch_targets(np.stack([scenes.label(i) for i in picked]))]
        truth = torch.from_numpy(np.stack([scene_slots(r) for r in records])).to(args.device)
        ids, claims = (torch.cat(x).to(args.device) for x in zip(captions.batch(records), captions.batch(records)))
        with torch.autocast(args.device, dtype=torch.bfloat16):
            image, hidden = clip.image(pixels)
            text, words = clip.text(ids)
            patches = clip.heads.patch(clip.heads.patch_norm(hidden[:, 1:])).float().split(PLANES, dim=-1)
            slots = clip.heads.slots(clip.vision_model.post_layernorm(hidden[:, 0])).float()
            following = clip.heads.word(words[:, :-1]).float()
        image, text = normalize(image.float(), dim=-1), normalize(text.float(), dim=-1)
        scale, half = clip.logit_scale.exp(), len(picked)
        match = sum(
            contrastive(image, text[k * half : (k + 1) * half], scale, truth, claims[k * half : (k + 1) * half]) for k in range(2)
        ) / 2
        patch = sum(-(t * p.log_softmax(-1)).sum(-1).mean() for t, p in zip(targets, patches)) / 4
        things = binary_cross_entropy_with_logits(slots, truth) * 10
        word = cross_entropy(following.flatten(0, 1), ids[:, 1:].flatten(), ignore_index=tokenizer.pad)
        loss = match + patch + things + 0.1 * word
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(clip.parameters(), 2.0)
        optimiser.step()
        with torch.no_grad():
            clip.logit_scale.clamp_(max=4.6052)
        average.update(clip)
        step += 1
        if step % 20 == 0:
            print(
                f"step {step} match {match.item():.3f} patch {patch.item():.3f} things {things.item():.3f} "
                f"word {word.item():.3f} scale {scale.item():.1f} {step * args.batch / clock.seconds():.0f}/s", flush=True,
            )
        if clock.seconds() - saved > 180:
            saved = clock.seconds()
            checkpoint()
    checkpoint()


if __name__ == "__main__":
    main()
