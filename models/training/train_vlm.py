"""Trains a generative model. `python models/training/train_vlm.py mlp|qformer --minutes 20`

The vision tower is scene-clip-vit's, frozen: its states are computed once, before. A sequence holds one picture and several
questions about it; each question sees the picture and itself, at the positions it would have if it were asked alone.
A quarter of the answers are sentences ("the color is red"), the others a word or two. Writes runs/mlp.pt or runs/qformer.pt.
"""

import argparse

import numpy as np
import torch
from torch.nn.functional import cross_entropy

import shipped
from common import Muon, Training, arguments, load
from data import SHARD, Scenes
from models import build, clip_config, files
from tokenizer import SEPARATOR, Tokenizer

ASKED = 6  # questions of a scene in one sequence
DESCRIBE = "describe the picture"
SENTENCE_SHARE = 0.25


def encode_states(scenes, clip, folder):
    """Vision states, [scene, 65, width] float16, one file a shard, computed where missing."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for k, name in enumerate(scenes.names):
        path = folder / f"{name}.npy"
        if not path.exists():
            rows = range(k * SHARD, min((k + 1) * SHARD, len(scenes)))
            with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
                parts = [clip.image(torch.from_numpy(scenes.batch(rows[i : i + 64])))[1].float().half() for i in range(0, len(rows), 64)]
            np.save(path, torch.cat(parts).numpy())
        files.append(np.load(path, mmap_mode="r"))
    return files


class Questions:
    """Token ids of questions and answers: `question <sep>` and `answer <end>`.

    A type of question is drawn in proportion to what the model still gets wrong in it, however rarely the world asks it: "what is
    below the taxi" would hardly be practised otherwise.
    """

    def __init__(self, tokenizer, rng, records):
        self.t, self.rng = tokenizer, rng
        self.separator = tokenizer.vocab[SEPARATOR]
        self.kinds = sorted({q["type"] for r in records for q in r["questions"]})
        column = {kind: k for k, kind in enumerate(self.kinds)}
        self.asked = np.zeros((len(records), len(self.kinds)))
        for i, record in enumerate(records):
            for q in record["questions"]:
                self.asked[i, column[q["type"]]] += 1
        self.right = dict.fromkeys(self.kinds, 0.5)
        self.balance()

    def balance(self):
        """Sets how often each type and scene is drawn, from `right`."""
        wrong = np.array([1 - self.right[k] for k in self.kinds])
        weights = (wrong + 0.04) / self.asked.sum(0).clip(1)
        self.weight, scenes = dict(zip(self.kinds, weights)), self.asked @ weights
        self.scenes = scenes / scenes.sum()

    def mark(self, kind, right: bool):
        """Takes note of one answer, in a moving share over some 200."""
        if kind in self.right:
            self.right[kind] += 0.005 * (right - self.right[kind])

    def scene(self, count: int):
        """Indices of scenes."""
        return self.rng.choice(len(self.scenes), count, p=self.scenes)

    def draw(self, record):
        """[(ids, how many of them are the question's, type)]"""
        asked = list(record["questions"])
        weights = np.array([self.weight[q["type"]] for q in asked])
        picked = self.rng.choice(len(asked), min(ASKED - 1, len(asked)), replace=False, p=weights / weights.sum())
        pairs = [(asked[i]["question"], self.answer(asked[i]), asked[i]["type"]) for i in picked]
        captions = [c["text"] for c in record["captions"]] + [record["fullCaption"]["text"]] * 2
        pairs.append((DESCRIBE, captions[self.rng.integers(len(captions))], "describe"))
        return [self.segment(*pair) for pair in pairs]

    def answer(self, question):
        sentence = question.get("sentence")
        return sentence if sentence and self.rng.random() < SENTENCE_SHARE else question["answer"]

    def segment(self, question, answer, kind):
        first = [*self.t.ids(question), self.separator]
        return first + [*self.t.ids(answer), self.t.end], len(first), kind


def pack(segments, prefix: int, pad: int):
    """A batch of packed sequences after `prefix` soft positions.

    ids, positions, targets [scene, token]; seen [scene, 1, prefix + token, prefix + token] bool: causal, the prefix for all,
    otherwise only the own segment. `targets` are the next token of answers, -100 elsewhere; `weights` their share in the loss, by
    one over the square root of the answer's length, so that descriptions do not drown the short answers.
    """
    length = max(sum(len(ids) for ids, _, _ in row) for row in segments)
    ids = np.full((len(segments), length), pad)
    targets = np.full((len(segments), length), -100)
    weights = np.zeros((len(segments), length), np.float32)
    positions = np.zeros((len(segments), length), np.int64)
    owner = np.full((len(segments), length), -1)
    for b, row in enumerate(segments):
        at = 0
        for k, (tokens, question, _) in enumerate(row):
            span = slice(at, at + len(tokens))
            ids[b, span], owner[b, span] = tokens, k + 1
            positions[b, span] = prefix + np.arange(len(tokens))
            answer = slice(at + question - 1, at + len(tokens) - 1)
            targets[b, answer] = tokens[question:]
            weights[b, answer] = (len(tokens) - question) ** -0.5
            at += len(tokens)
    owner = np.concatenate([np.zeros((len(segments), prefix), int), owner], axis=1)
    total = prefix + length
    seen = (owner[:, None, :] == 0) | (owner[:, None, :] == owner[:, :, None])
    seen &= np.tril(np.ones((total, total), bool))
    tensors = map(torch.from_numpy, (ids, positions, targets, weights, seen[:, None]))
    return tuple(tensors)


def graded(best, targets, segments):
    """(type, whether every token of the answer is the likeliest) of each segment of a packed batch."""
    fine = ((best == targets) | (targets == -100)).numpy()
    for b, row in enumerate(segments):
        at = 0
        for tokens, _, kind in row:
            yield kind, bool(fine[b, at : at + len(tokens)].all())
            at += len(tokens)


def forward(model, states, ids, positions, seen, start):
    """Logits [scene, token, word] after the soft prefix: start token, then the bridge's output."""
    decoder = model.language_model.model
    soft = model.bridge(states)
    embeds = torch.cat([decoder.embed_tokens(start).expand(len(soft), 1, -1), soft.to(torch.float32), decoder.embed_tokens(ids)], dim=1)
    prefix = 1 + soft.shape[1]
    at = torch.cat([torch.arange(prefix).expand(len(soft), -1), positions], dim=1)
    hidden, _ = decoder(embeds, torch.where(seen, 0.0, -1e4), at)
    return model.language_model.lm_head(hidden[:, prefix:])


@torch.no_grad()
def score(model, scenes, states, tokenizer, soft, count=192):
    """Share of questions whose short answer is the likeliest word by word, per type (teacher forcing; the shipped files have their own)."""
    questions, right = Questions(tokenizer, np.random.default_rng(0), scenes.records), {}
    for begin in range(0, count, 32):
        rows = range(begin, begin + 32)
        segments = [[questions.segment(q["question"], q["answer"], q["type"]) for q in scenes.records[i]["questions"]] for i in rows]
        ids, positions, targets, _, seen = pack(segments, 1 + soft, tokenizer.pad)
        held = torch.from_numpy(np.stack([states[i // SHARD][i % SHARD] for i in rows])).float()
        best = forward(model, held, ids, positions, seen, torch.tensor([[tokenizer.start]])).argmax(-1)
        for kind, fine in graded(best, targets, segments):
            right.setdefault(kind, []).append(fine)
    every = [x for values in right.values() for x in values]
    return {"scores": {"all": float(np.mean(every)), **{k: round(float(np.mean(v)), 3) for k, v in sorted(right.items())}}}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=["mlp", "qformer"])
    parser.add_argument("--warm", action="store_true", help="start from the shipped weights")
    parser.add_argument("--decoder-of", choices=["mlp"], help="start from the decoder of this trained model")
    args = arguments(parser, minutes=20, batch=48, lr=2e-3)
    clip, tokenizer = build("clip").eval(), Tokenizer.generative()
    clip.load_state_dict({k: load(args.runs / "clip.pt")["average"][k] for k in clip.state_dict()})
    scenes, held = Scenes(args.data, "train"), Scenes(args.data, "heldout", 1)
    states, held_states = (encode_states(s, clip, args.runs / "states" / s.folder.name) for s in (scenes, held))
    model = build(args.model)
    if args.warm:
        for part in files(args.model, model):
            shipped.read(*part)
    if args.decoder_of:
        trained = load(args.runs / f"{args.decoder_of}.pt")["average"]
        model.language_model.load_state_dict({k: trained[f"language_model.{k}"] for k in model.language_model.state_dict()})
    soft = model.bridge(torch.zeros(1, 65, clip_config().vision_width)).shape[1]
    model.to(args.device)
    optimiser = Muon(model, args.lr, plain=("embed_tokens", "lm_head", "query_tokens"))
    run = Training(
        args.model, model, optimiser, args, average=0.998,
        finish=lambda r: score(r.averaged(build(args.model)), held, held_states, tokenizer, soft),
    )
    questions, start = Questions(tokenizer, run.rng, scenes.records), torch.tensor([[tokenizer.start]])
    for step in run.steps():
        picked = questions.scene(args.batch)
        segments = [questions.draw(scenes.records[i]) for i in picked]
        ids, positions, targets, weights, seen = pack(segments, 1 + soft, tokenizer.pad)
        seeing = torch.from_numpy(np.stack([states[i // SHARD][i % SHARD] for i in picked])).float()
        with run.autocast():
            logits = forward(model, seeing, ids, positions, seen, start)
        answered = targets != -100
        losses = cross_entropy(logits[answered].float(), targets[answered], reduction="none")
        loss = (losses * weights[answered]).sum() / weights.sum()
        run.descend(loss)
        for kind, right in graded(logits.detach().argmax(-1), targets, segments):
            questions.mark(kind, right)
        if step % 50 == 0:
            questions.balance()
        run.say(loss=loss, **questions.right)


if __name__ == "__main__":
    main()
