/** `Object.hasOwn`, which ES5 lacks: a label may be called `constructor`, and `in` would find one in every map. */
export function hasOwn(map: object, key: string): boolean {
  // biome-ignore lint/suspicious/noPrototypeBuiltins: this runs in Sensu's ES5 engine too, which has no other.
  return Object.prototype.hasOwnProperty.call(map, key)
}
