import * as z from 'zod'

type Json = Record<string, unknown>

/**
 * The JSON Schema of what people or Sensu write, made to be read: "string or null" as one type instead of two
 * branches (which also gives better messages), and without the bounds of a safe integer at every number.
 */
export function jsonSchema(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      const node = jsonSchema as Json
      if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum
      if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum
      // What these two say holds for any JSON object.
      delete node.propertyNames
      if (JSON.stringify(node.additionalProperties) === '{}') delete node.additionalProperties
      const branches = node.anyOf as Json[] | undefined
      if (branches?.length === 2 && branches[1]?.type === 'null' && typeof branches[0]?.type === 'string') {
        delete node.anyOf
        Object.assign(node, branches[0], { type: [branches[0].type, 'null'] })
      }
    },
  })
}
