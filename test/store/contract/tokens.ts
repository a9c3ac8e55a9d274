import type { Test } from 'tap'
import type { TokenRecord } from '../../../src/domain/workspaces/token.ts'
import type { Tokens } from '../../../src/store/tokens.ts'
import { READ_ABILITIES } from '../../../src/domain/workspaces/abilities.ts'
import { digestOfToken } from '../../../src/domain/workspaces/token.ts'
import { world, type MakeStore } from './fixtures.ts'

const rights = { abilities: new Set(READ_ABILITIES), namespace: 'one', user: 'owner@example.com' }

function recordOf (token: string): TokenRecord {
  return { name: token, sha256: digestOfToken(token), ...rights }
}

/** The tokens that a store accepts. */
export function tokenContract (t: Test, make: MakeStore): void {
  async function tokensOf (t: Test, ...given: string[]): Promise<Tokens> {
    return (await make(t, world, { tokens: given.map(recordOf) })).tokens
  }

  t.test('finds the holder of a given token, and refuses tokens of the real service', async t => {
    const tokens = await tokensOf(t, 'rd_test_a', 'rd_live_a')
    t.same(await tokens.find('rd_test_a'), { name: 'rd_test_a', ...rights })
    for (const token of ['rd_live_a', 'rd_test_b', digestOfToken('rd_test_a'), '']) t.equal(await tokens.find(token), undefined)
  })

  t.test('a minted token is accepted until it is revoked', async t => {
    const tokens = await tokensOf(t)
    const { id, token, ...caller } = await tokens.mint(rights)
    t.same(caller, { name: `token-${id}`, ...rights })
    t.match(token, /^rd_test_[0-9a-f]{40}$/)
    t.same(await tokens.find(token), caller)
    const named = await tokens.mint({ ...rights, name: 'mine' })
    t.same(await tokens.find(named.token), { name: 'mine', ...rights })
    t.same([await tokens.revoke(id), await tokens.revoke(id)], [true, false])
    t.equal(await tokens.find(token), undefined)
    t.same(await tokens.find(named.token), { name: 'mine', ...rights })
  })

  t.test('a given token cannot be revoked', async t => {
    const tokens = await tokensOf(t, 'rd_test_a')
    t.same([await tokens.revoke('rd_test_a'), await tokens.revoke(digestOfToken('rd_test_a'))], [false, false])
    t.same(await tokens.find('rd_test_a'), { name: 'rd_test_a', ...rights })
  })

  t.test('revokes all tokens that were minted for a namespace, and no others', async t => {
    const tokens = await tokensOf(t, 'rd_test_a')
    const minted = await Promise.all(['one', 'one', 'two'].map(async namespace => await tokens.mint({ ...rights, namespace })))
    await tokens.revokeAll('one')
    await tokens.revokeAll('three')
    const found = await Promise.all([...minted.map(({ token }) => token), 'rd_test_a'].map(async token => (await tokens.find(token))?.namespace))
    t.same(found, [undefined, undefined, 'two', 'one'])
    t.same(await Promise.all(minted.map(async ({ id }) => await tokens.revoke(id))), [false, false, true])
  })

  t.test('a token outlives the incarnation that it was minted in', async t => {
    const store = await make(t, world)
    await store.publish(await store.draft('one', {}), { replace: false })
    const { token, id: _, ...caller } = await store.tokens.mint(rights)
    await store.publish(await store.draft('one', {}), { replace: true })
    t.same(await store.tokens.find(token), caller)
  })
}
