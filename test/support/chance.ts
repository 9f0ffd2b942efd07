/** Numbers from 0 up to 1 that are the same again for the same seed (mulberry32). */
export interface Chance {
  readonly next: () => number
  readonly below: (probability: number) => boolean
  readonly one: <T>(among: readonly T[]) => T
}

export function chanceOf(seed: number): Chance {
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    below: (probability) => next() < probability,
    one: (among) => among[Math.floor(next() * among.length)] as (typeof among)[number],
  }
}
