// Times as people read them.

/** A moment of the run. @param {number} time */
export function seconds(time) {
  return time.toFixed(3) + " s";
}

/** A length of time. @param {number} time */
export function span(time) {
  return time < 1 ? (time * 1000).toFixed(time < 0.01 ? 2 : 0) + " ms" : time.toFixed(2) + " s";
}
