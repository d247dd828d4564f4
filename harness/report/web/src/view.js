// The stretch of time that every drawing shows; they all move together.

export class View {
  constructor(end) {
    this.end = end;
    this.from = 0;
    this.to = end;
    this.listeners = [];
  }

  onChange(listener) { this.listeners.push(listener); }

  set(from, to) {
    const least = Math.min(1e-4, this.end);
    const width = Math.min(Math.max(to - from, least), this.end);
    from = Math.min(Math.max(from, 0), this.end - width);
    if (from === this.from && from + width === this.to) return;
    this.from = from;
    this.to = from + width;
    for (const listener of this.listeners) listener();
  }

  zoom(factor, around = (this.from + this.to) / 2) {
    this.set(around - (around - this.from) * factor, around + (this.to - around) * factor);
  }

  pan(by) { this.set(this.from + by, this.to + by); }
  all() { this.set(0, this.end); }
}

/** Round distances for an axis of about `count` labels. */
export function ticks(from, to, count) {
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((f) => f * power).find((candidate) => candidate >= rough);
  const out = [];
  for (let i = Math.ceil(from / step); i * step <= to; ++i) out.push(i * step);
  return { step, values: out };
}
