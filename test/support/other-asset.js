// A script of somebody else in the same asset set.
// biome-ignore lint/correctness/noUnusedVariables: it defines a global, as such scripts do.
var other = { name: 'other' }
