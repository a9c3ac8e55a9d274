import { Type, type Static, type TSchema, type TUnsafe } from '@sinclair/typebox'

/** Items per page, as in the documentation's example. */
const PER_PAGE = 15

export const PageQuery = Type.Object({
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1, description: 'Number of the page, from 1.' }))
})

const Meta = Type.Object({
  current_page: Type.Integer({ examples: [1] }),
  last_page: Type.Integer({ examples: [1] }),
  per_page: Type.Integer({ examples: [PER_PAGE] }),
  total: Type.Integer({ examples: [1] })
})

interface Page<T> {
  readonly data: T[]
  readonly meta: Static<typeof Meta>
}

/** A schema for one page of a list. */
export function Page<T extends TSchema> (items: T, description: string): TUnsafe<Page<Static<T>>> {
  return Type.Unsafe<Page<Static<T>>>(Type.Object({ data: Type.Array(items), meta: Meta }, { description }))
}

/** Returns the requested page, by default the first; a page after the last is empty. */
export function pageOf<T> (all: readonly T[], { page = 1 }: Static<typeof PageQuery>): Page<T> {
  return {
    data: all.slice((page - 1) * PER_PAGE, page * PER_PAGE),
    meta: { current_page: page, last_page: Math.max(1, Math.ceil(all.length / PER_PAGE)), per_page: PER_PAGE, total: all.length }
  }
}
