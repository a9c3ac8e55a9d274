import t from 'tap'
import { OWNER } from '../../src/domain/workspaces/owner.ts'
import { accountOf, nameIn } from '../../src/http/roles.ts'
import { build } from '../helper.ts'

t.test('derives a name from the words of an address', async t => {
  const table: Array<[email: string, name: string]> = [
    ['ana.ruiz@example.org', 'Ana Ruiz'],
    ['owner@example.com', 'Owner'],
    ['li-wei_chen+invoices@example.org', 'Li Wei Chen Invoices'],
    ['..ana..@example.org', 'Ana'],
    ['émile.zola@example.org', 'Émile Zola'],
    ['r2d2@example.org', 'R2d2'],
    ['McCoy@example.org', 'McCoy'],
    ['+@example.org', '+@example.org']
  ]
  for (const [email, name] of table) t.equal(nameIn(email), name)
})

t.test('creates one account for an unknown address, even for simultaneous requests', async t => {
  const { namespaces } = await build(t)
  const namespace = await namespaces.open('default')
  const before = await namespace.records.users.list()
  t.same(await accountOf(namespace, OWNER.email), OWNER)
  const [ana, ...same] = await Promise.all([1, 2, 3].map(async () => await accountOf(namespace, 'ana.ruiz@example.org')))
  t.same(ana, { id: before.length + 1, name: 'Ana Ruiz', email: 'ana.ruiz@example.org' })
  t.same(same, [ana, ana])
  t.same(await namespace.records.users.list(), [...before, ana])
})
