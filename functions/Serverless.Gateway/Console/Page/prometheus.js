// Prometheus' text format: as much of it as the gateway writes.

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPES = { n: '\n' };

/** Samples by name: `[{ labels, value }]`. */
export function parse(text) {
  const samples = new Map();
  for (const line of text.split('\n')) {
    const match = line.startsWith('#') ? null : LINE.exec(line);
    if (!match) continue;
    const labels = {};
    for (const [, name, value] of (match[2] ?? '').matchAll(LABEL)) labels[name] = value.replace(/\\(.)/g, (_, c) => ESCAPES[c] ?? c);
    const value = match[3] === '+Inf' ? Infinity : Number(match[3]);
    if (!samples.has(match[1])) samples.set(match[1], []);
    samples.get(match[1]).push({ labels, value });
  }

  return samples;
}

export const sum = (samples, name, where = () => true) =>
  (samples.get(name) ?? []).reduce((total, sample) => (where(sample.labels) ? total + sample.value : total), 0);

/** Cumulative counts of a histogram's buckets, as a map from upper bound to count. */
export function buckets(samples, name, where = () => true) {
  const counts = new Map();
  for (const { labels, value } of samples.get(`${name}_bucket`) ?? []) {
    if (!where(labels)) continue;
    const bound = labels.le === '+Inf' ? Infinity : Number(labels.le);
    counts.set(bound, (counts.get(bound) ?? 0) + value);
  }

  return counts;
}

/** The quantile of what came between two states of a histogram, linear within a bucket; null when nothing came. */
export function quantile(q, before, now) {
  const bounds = [...now.keys()].sort((a, b) => a - b);
  const grown = bounds.map(bound => now.get(bound) - (before.get(bound) ?? 0));
  const total = grown.at(-1) ?? 0;
  if (!(total > 0)) return null;
  const rank = q * total;
  const at = grown.findIndex(count => count >= rank);
  const lower = at === 0 ? 0 : bounds[at - 1];
  if (bounds[at] === Infinity) return lower;
  const below = at === 0 ? 0 : grown[at - 1];
  return lower + (bounds[at] - lower) * ((rank - below) / (grown[at] - below || 1));
}
