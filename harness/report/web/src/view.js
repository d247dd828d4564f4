// The stretch of time that every drawing shows, and the moment pointed at; they all move together.

export class View {
  /** @param {number} end the last moment of the run, in seconds */
  constructor(end) {
    this.end = end;
    this.from = 0;
    this.to = end;
    /** @type {(() => void)[]} */
    this.listeners = [];
    /** @type {((time: number | null, source: unknown) => void)[]} */
    this.followers = [];
  }

  /** @param {() => void} listener */
  onChange(listener) { this.listeners.push(listener); }

  /** @param {(time: number | null, source: unknown) => void} follower */
  onPoint(follower) { this.followers.push(follower); }

  /** @param {number} from @param {number} to */
  set(from, to) {
    const least = Math.min(1e-4, this.end);
    const width = Math.min(Math.max(to - from, least), this.end);
    from = Math.min(Math.max(from, 0), this.end - width);
    if (from === this.from && from + width === this.to) return;
    this.from = from;
    this.to = from + width;
    for (const listener of this.listeners) listener();
  }

  /** @param {number} factor @param {number} [around] */
  zoom(factor, around = (this.from + this.to) / 2) {
    this.set(around - (around - this.from) * factor, around + (this.to - around) * factor);
  }

  /** @param {number} by */
  pan(by) { this.set(this.from + by, this.to + by); }
  all() { this.set(0, this.end); }

  /** @param {number | null} time null: at nothing @param {unknown} source who need not be told */
  point(time, source) {
    for (const follower of this.followers) follower(time, source);
  }
}

/** Round distances for an axis of about `count` labels.
 *  @param {number} from @param {number} to @param {number} count */
export function ticks(from, to, count) {
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5].map((f) => f * power).find((candidate) => candidate >= rough) ?? 10 * power;
  const values = [];
  for (let i = Math.ceil(from / step); i * step <= to; ++i) values.push(i * step);
  return { step, values };
}

/** The number of entries of a sorted list that are not greater than `limit`.
 *  @param {ArrayLike<number>} list @param {number} limit */
export function countUpTo(list, limit) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
