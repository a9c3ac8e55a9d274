import t from 'tap'
import { READ_ABILITIES } from '../../src/domain/workspaces/abilities.ts'
import { digestOfToken } from '../../src/domain/workspaces/token.ts'
import { createMemoryTokens } from '../../src/store/tokens.ts'

const rights = { abilities: new Set(READ_ABILITIES), namespace: 'one', user: 'owner@example.com' }

t.test('finds the holder of a given token, and refuses tokens of the real service', async t => {
  const records = ['rd_test_a', 'rd_live_a'].map(token => ({ name: token, sha256: digestOfToken(token), ...rights }))
  const tokens = createMemoryTokens(records)
  t.same(await tokens.find('rd_test_a'), { name: 'rd_test_a', ...rights })
  t.same([await tokens.find('rd_live_a'), await tokens.find('rd_test_b')], [undefined, undefined])
})

t.test('a minted token is accepted until it is revoked', async t => {
  const tokens = createMemoryTokens([])
  const { id, token, ...caller } = await tokens.mint(rights)
  t.same(caller, { name: `token-${id}`, ...rights })
  t.match(token, /^rd_test_[0-9a-f]{40}$/)
  t.same(await tokens.find(token), caller)
  t.equal((await tokens.mint({ ...rights, name: 'mine' })).name, 'mine')
  t.same([await tokens.revoke(id), await tokens.revoke(id)], [true, false])
  t.equal(await tokens.find(token), undefined)
})

t.test('revokes all tokens that were minted for a namespace, and no others', async t => {
  const tokens = createMemoryTokens([{ name: 'given', sha256: digestOfToken('rd_test_a'), ...rights }])
  const minted = await Promise.all(['one', 'one', 'two'].map(async namespace => await tokens.mint({ ...rights, namespace })))
  await tokens.revokeAll('one')
  const found = await Promise.all([...minted.map(({ token }) => token), 'rd_test_a'].map(async token => (await tokens.find(token))?.namespace))
  t.same(found, [undefined, undefined, 'two', 'one'])
})
