// Operations as bars, a lane for each client. A lane is painted as one row of pixels, each with the
// worst outcome that falls on it, and stretched to the lane's height: the cost depends on how
// many pixels there are, not on how many bars.

const WORDS_MAX = 800;

/** A CSS colour as a pixel of this machine. @param {string} colour @param {number} alpha 0 to 255 */
function pixelOf(colour, alpha) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const g = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  g.fillStyle = colour;
  g.fillRect(0, 0, 1, 1);
  const { data } = g.getImageData(0, 0, 1, 1);
  data[3] = alpha;
  return new Uint32Array(data.buffer)[0];
}

const HIDDEN = 4; // Strengths 1 to 4 are operations that a search did not find, 5 to 8 the others.

export class Lanes {
  /** @param {import("./model.js").Operations} operations */
  constructor(operations) {
    this.operations = operations;
    this.canvas = document.createElement("canvas");
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    /** @type {ImageData | null} */
    this.image = null;
    this.pixels = new Uint32Array(0);
    this.strength = new Uint8Array(0);
    this.palette = new Uint32Array(1 + 2 * HIDDEN);
  }

  /** @param {(name: string) => string} colour */
  recolour(colour) {
    ["read", "ok", "fail", "info"].forEach((name, rank) => {
      this.palette[1 + rank] = pixelOf(colour(name), 0x28);
      this.palette[1 + HIDDEN + rank] = pixelOf(colour(name), 0xff);
    });
  }

  /** @param {number} width in pixels of the device */
  resize(width) {
    const { length } = this.operations.lanes;
    if (length === 0 || width < 1 || (this.image && this.image.width === width)) return;
    this.canvas.width = width;
    this.canvas.height = length;
    this.image = this.context.createImageData(width, length);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.strength = new Uint8Array(width);
  }

  /** Paints all lanes into rows of pixels; returns the bars that have room for words.
   *  @param {number} from @param {number} to @param {number} wordsFrom least width, in device pixels
   *  @param {Uint8Array | null} found @param {Set<number>} evidence */
  paint(from, to, wordsFrom, found, evidence) {
    if (!this.image) return [];
    const { operations, strength, pixels, palette } = this;
    const { start, end, rank } = operations;
    const width = this.image.width;
    const scale = width / (to - from);
    /** @type {number[]} */
    const withWords = [];
    operations.lanes.forEach((list, lane) => {
      strength.fill(0);
      const last = operations.begun(lane, to);
      for (let at = Math.max(operations.begun(lane, from) - 1, 0); at < last; ++at) {
        const i = list[at];
        const x0 = Math.max(Math.floor((start[i] - from) * scale), 0);
        let x1 = Math.min(Math.ceil((end[i] - from) * scale), width);
        if (x1 - x0 > 3) --x1; // A gap, so that neighbours stay apart.
        const shown = !found || found[i] === 1 || evidence.has(i);
        const force = 1 + rank[i] + (shown ? HIDDEN : 0);
        for (let x = x0; x < x1 || x === x0; ++x) {
          if (strength[x] < force) strength[x] = force;
        }
        if (shown && x1 - x0 >= wordsFrom && withWords.length < WORDS_MAX) withWords.push(i);
      }
      const row = lane * width;
      for (let x = 0; x < width; ++x) pixels[row + x] = palette[strength[x]];
    });
    this.context.putImageData(this.image, 0, 0);
    return withWords;
  }
}
