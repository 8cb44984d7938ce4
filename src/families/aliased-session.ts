/** Exporters agree on what a tower computes, not on what it is called: sessions under the names that jobs use. */

import type { Session, Value } from './session.ts';

/** For each name that jobs fetch, what exporters call it, best first. */
const OUTPUT_NAMES: Readonly<Record<string, readonly string[]>> = {
  // SigLIP has no projection after pooling: its pooled state is the embedding.
  image_embeds: ['image_embeds', 'pooler_output'],
  text_embeds: ['text_embeds', 'pooler_output'],
};

/** Fetches what jobs call an output by the name that this session has for it. `more` are names known from the graph. */
export function aliasedSession(session: Session, more: Readonly<Record<string, string>> = {}): Session {
  const own = new Set(session.outputs);
  const nameOf = (wanted: string): string => {
    if (own.has(wanted)) return wanted;
    return OUTPUT_NAMES[wanted]?.find((name) => own.has(name)) ?? more[wanted] ?? wanted;
  };
  return {
    ...session,
    async run(feeds, fetch) {
      const results = await session.run(withMask(session, feeds), [...new Set(fetch.map(nameOf))]);
      return Object.fromEntries(
        fetch.flatMap((wanted) => {
          const value = results[nameOf(wanted)];
          return value ? [[wanted, value]] : [];
        }),
      );
    },
  };
}

/** A text tower that asks for a mask gets one that lets every token through: padding was cut before. */
function withMask(session: Session, feeds: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  const { input_ids: ids } = feeds;
  if (!ids || feeds.attention_mask || !session.inputs.includes('attention_mask')) return feeds;
  const data = new BigInt64Array(ids.data.length).fill(1n);
  return { ...feeds, attention_mask: { type: 'int64', dims: ids.dims, data } };
}
