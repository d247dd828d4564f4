// Times as people read them.

/** A moment of the run. @param {number} time */
export function seconds(time) {
  return time.toFixed(3) + " s";
}

/** A length of time. @param {number} time */
export function span(time) {
  return time < 1 ? (time * 1000).toFixed(time < 0.01 ? 2 : 0) + " ms" : time.toFixed(2) + " s";
}

/** "1 fault", "2 faults". @param {number} count @param {string} what */
export function counted(count, what) {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}
