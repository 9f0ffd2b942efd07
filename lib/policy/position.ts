import { type Document, isMap, isNode, isScalar } from 'yaml'

/**
 * Where in the text a path of the document stands, as an offset: the value, or the key `key` inside it. When
 * the path is missing there, the nearest thing around it.
 */
export function positionOf(document: Document, path: readonly PropertyKey[], key?: string): number {
  if (key !== undefined) {
    const map = document.getIn(path, true)
    const pair = isMap(map) ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key) : undefined
    if (isNode(pair?.key) && pair.key.range) return pair.key.range[0]
  }
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}
