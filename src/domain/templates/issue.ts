/** One problem in a body: its dotted path, and a message that completes "The <path> field ...". */
export type Issue = readonly [path: string, message: string]
