import { format } from 'd3-format';

/** How figures are written: three significant digits at most, real minus signs. */
const significant = format('.2~g');
const fixed2 = format('.2f');
const fixed3 = format('.3f');
const signed2 = format('+.2f');
const oneDecimal = format('.1f');
const percent = format('.1~%');

/** One decimal, with a real minus sign. */
export function fixed(value: number): string {
  return oneDecimal(value);
}

/** A probability, in as few digits as its size needs. */
export function probability(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  return value < 0.01 ? significant(value) : fixed2(value);
}

export function cosine(value: number): string {
  return signed2(value);
}

export function logit(value: number): string {
  return format('+.3f')(value);
}

export function overlap(value: number): string {
  return fixed3(value);
}

export function activation(value: number): string {
  return fixed2(value);
}

export function share(value: number): string {
  return percent(value);
}

export function distance(value: number): string {
  return oneDecimal(value);
}

/** Distances in standard deviations. */
export function spread(value: number): string {
  return fixed2(value);
}

export function seconds(milliseconds: number): string {
  return milliseconds < 10_000 ? oneDecimal(milliseconds / 1000) : String(Math.round(milliseconds / 1000));
}

export function megabytes(bytes: number): string {
  return oneDecimal(bytes / 1e6);
}

/** A size in the unit that suits it, with its unit. */
export function bytesIn(bytes: number): string {
  if (bytes >= 1e9) return `${fixed2(bytes / 1e9)} GB`;
  return bytes >= 1e6 ? `${oneDecimal(bytes / 1e6)} MB` : `${oneDecimal(bytes / 1e3)} kB`;
}

/** A probability that may be tiny. */
export function small(value: number): string {
  return value >= 0.01 ? percent(value) : `${(100 * value).toPrecision(2)}%`;
}

/** A ratio from its natural logarithm: "× 2.5". */
export function times(nats: number): string {
  return `× ${Number(Math.exp(nats).toPrecision(2))}`;
}
