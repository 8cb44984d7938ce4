import { expect, test } from 'vitest';
import { aliasedSession } from './aliased-session.ts';
import type { Session, Value } from './session.ts';

/** Gives each asked output its own name's length; notes what it was fed. */
function named(inputs: readonly string[], outputs: readonly string[]) {
  const fed: Readonly<Record<string, Value>>[] = [];
  const session: Session = {
    inputs,
    outputs,
    async run(feeds, fetch) {
      fed.push(feeds);
      const missing = fetch.find((name) => !outputs.includes(name));
      if (missing) throw new Error(`no ${missing}`);
      return Object.fromEntries(
        fetch.map((name) => [name, { type: 'float32', dims: [1], data: Float32Array.of(name.length) }]),
      );
    },
    release: async () => {},
  };
  return { session, fed };
}

const ids = { type: 'int64', dims: [2, 3], data: new BigInt64Array(6) } as const;

test('a pooled state is the embedding where there is no projection, and never where there is one', async () => {
  const siglip = aliasedSession(named([], ['last_hidden_state', 'pooler_output']).session);
  const results = await siglip.run({}, ['image_embeds', 'last_hidden_state']);
  expect(results.image_embeds).toMatchObject({ data: Float32Array.of('pooler_output'.length) });
  const clip = aliasedSession(named([], ['pooler_output', 'image_embeds']).session);
  expect((await clip.run({}, ['image_embeds'])).image_embeds).toMatchObject({
    data: Float32Array.of('image_embeds'.length),
  });
});

test('names known from the graph are used, two names of one output too; others fail as before', async () => {
  const session = aliasedSession(named([], ['image_embeds', 'tap.5']).session, {
    last_hidden_state: 'tap.5',
  });
  expect(Object.keys(await session.run({}, ['last_hidden_state', 'tap.5']))).toEqual([
    'last_hidden_state',
    'tap.5',
  ]);
  await expect(session.run({}, ['nothing'])).rejects.toThrow('no nothing');
});

test('a mask of ones is given to a tower that asks for one, and to no other', async () => {
  const asking = named(['input_ids', 'attention_mask'], ['text_embeds']);
  await aliasedSession(asking.session).run({ input_ids: ids }, ['text_embeds']);
  expect(asking.fed[0]?.attention_mask).toEqual({
    type: 'int64',
    dims: [2, 3],
    data: new BigInt64Array(6).fill(1n),
  });
  const plain = named(['input_ids'], ['text_embeds']);
  await aliasedSession(plain.session).run({ input_ids: ids }, ['text_embeds']);
  expect(plain.fed[0]).toEqual({ input_ids: ids });
});
