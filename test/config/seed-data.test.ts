import t from 'tap'
import fc from 'fast-check'
import type { ConfigFile } from '../../src/config/config-file.ts'
import type { SeedData } from '../../src/store/memory-store.ts'
import { readSeedData } from '../../src/config/seed-data.ts'
import { configOf, type MockOptions } from '../../src/config/mock-options.ts'
import { printConfig } from '../../src/config/config.ts'
import { UsageError } from '../../src/config/usage-error.ts'
import { ROLES } from '../../src/domain/workspaces/workspace.ts'
import { demoTemplate, demoWorkspace } from '../../src/config/demo-data.ts'
import { OWNER } from '../../src/domain/workspaces/owner.ts'

const template = { id: '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d', name: 'Receipts', schema_json: { groups: {} } }

/** Returns the initial records of a namespace, with those of the demo or without. */
function seedOf (file: ConfigFile, demo = false): SeedData {
  return readSeedData(file, demo)
}

t.test('without configuration there are the owner and one workspace', async t => {
  t.same(seedOf({}), { users: [OWNER], workspaces: [demoWorkspace], templates: [] })
  t.same(seedOf({}, true), { users: [OWNER], workspaces: [demoWorkspace], templates: [demoTemplate] })
})

t.test('every address is one user in any case of letters, with the name of its first mention', async t => {
  const { users } = seedOf({
    users: [
      { email: 'Ana.Ruiz@example.org' },
      { email: 'ben@example.org', name: 'Benjamin' },
      { email: 'OWNER@example.com', name: 'Other' }
    ],
    workspaces: [
      { id: 5, name: 'Five', members: [{ user: 'BEN@example.org', role: 'admin' }, { user: 'li-wei_chen@example.org', role: 'user' }] }
    ]
  })
  t.same(users, [
    OWNER,
    { id: 2, name: 'Ana Ruiz', email: 'ana.ruiz@example.org' },
    { id: 3, name: 'Benjamin', email: 'ben@example.org' },
    { id: 4, name: 'Li Wei Chen', email: 'li-wei_chen@example.org' }
  ])
})

t.test('a workspace has its configured members in order, or else the owner as its admin', async t => {
  const { workspaces } = seedOf({
    users: [{ email: 'ana@example.org' }],
    workspaces: [
      {
        id: 5,
        name: 'Five',
        icon: '5',
        members: [{ user: 'ben@example.org', role: 'readonly' }, { user: 'ANA@example.org', role: 'admin' }]
      },
      { id: 3, name: 'Three' }
    ]
  })
  t.same(workspaces, [
    { ...demoWorkspace, id: 3, name: 'Three', icon: null },
    { ...demoWorkspace, id: 5, name: 'Five', icon: '5', members: [{ userId: 3, role: 'readonly' }, { userId: 2, role: 'admin' }] }
  ])
})

t.test('the workspaces of templates exist, in the order of their ids', async t => {
  const implied = (id: number): object => ({ ...demoWorkspace, id, name: `Workspace ${id}` })
  const templatesIn = (...ids: number[]): NonNullable<ConfigFile['templates']> => ids.map(id => ({ ...template, workspace_id: id }))
  t.same(seedOf({ templates: templatesIn(7, 3, 7) }).workspaces, [implied(3), implied(7)])
  t.same(seedOf({ templates: templatesIn(7) }, true).workspaces, [demoWorkspace, implied(7)])
  t.same(seedOf({ templates: [template] }).workspaces, [demoWorkspace], 'by default a template is in the first workspace')
  t.same(seedOf({ templates: templatesIn(7, 1), workspaces: [{ id: 7, name: 'Seven' }, { id: 1, name: 'One' }] }).workspaces, [
    { ...demoWorkspace, name: 'One', icon: null },
    { ...demoWorkspace, id: 7, name: 'Seven', icon: null }
  ], 'a configured workspace stays as it is')
  const idsOf = ({ workspaces }: SeedData): number[] => workspaces.map(({ id }) => id)
  t.same(idsOf(seedOf({ workspaces: [{ id: 7, name: 'Seven' }] })), [7], 'and implies no other')
  t.same(idsOf(seedOf({ workspaces: [{ id: 7, name: 'Seven' }] }, true)), [1, 7], 'except that of the demo template')
})

t.test('every template is in a workspace, every member is a user, and every workspace has an admin', async () => {
  const id = fc.integer({ min: 1, max: 4 })
  const email = fc.constantFrom('ana@example.org', 'ANA@example.org', 'ben@example.org', 'owner@example.com')
  const member = fc.record({ user: email, role: fc.constantFrom(...ROLES) })
  const members = fc.uniqueArray(member, { selector: ({ user }) => user.toLowerCase() })
    .map(members => [...members, { user: 'admin@example.org', role: 'admin' as const }])
  const workspace = fc.record({ id, name: fc.constant('Named'), members }, { requiredKeys: ['id', 'name'] })
  const workspaces = fc.uniqueArray(workspace, { selector: ({ id }) => id })
  const templates = fc.array(id.map(workspaceId => ({ ...template, workspace_id: workspaceId })))
  const users = fc.array(fc.record({ email }))
  fc.assert(fc.property(users, workspaces, templates, fc.boolean(), (users, workspaces, templates, demo) => {
    const seed = seedOf({ users, workspaces, templates }, demo)
    const ids = seed.workspaces.map(({ id }) => id)
    return seed.users.every(({ id }, index) => id === index + 1) &&
      new Set(seed.users.map(({ email }) => email)).size === seed.users.length &&
      new Set(ids).size === ids.length && ids.length > 0 &&
      seed.templates.every(({ workspaceId }) => ids.includes(workspaceId)) &&
      seed.workspaces.every(({ members }) => new Set(members.map(({ userId }) => userId)).size === members.length &&
        members.some(({ role }) => role === 'admin') &&
        members.every(({ userId }) => seed.users.some(({ id }) => id === userId)))
  }))
})

t.test('rejects a workspace without an admin', async t => {
  const rejection = new UsageError('The workspace 7 in the config file needs a member with the role admin.')
  t.throws(() => seedOf({ workspaces: [{ id: 7, name: 'Seven', members: [] }] }), rejection)
  t.throws(() => seedOf({ workspaces: [{ id: 7, name: 'Seven', members: [{ user: 'ana@example.org', role: 'user' }] }] }), rejection)
})

t.test('rejects a workspace or a member that is configured twice', async t => {
  const workspaces = [{ id: 7, name: 'Seven' }, { id: 8, name: 'Eight' }, { id: 7, name: 'Another' }]
  t.throws(() => seedOf({ workspaces }), new UsageError('The workspace 7 is in the config file twice.'))
  const members = [{ user: 'ana@example.org', role: 'admin' as const }, { user: 'Ana@Example.org', role: 'user' as const }]
  const twice = new UsageError('The workspace 7 in the config file has the member ana@example.org twice.')
  t.throws(() => seedOf({ workspaces: [{ id: 7, name: 'Seven', members }] }), twice)
})

t.test('rejects an invalid schema, with the path of its first issue', async t => {
  const table: Array<[schema: unknown, message: string]> = [
    [undefined, 'schema_json must be an object.'],
    ['x', 'schema_json must be an object.'],
    [{}, 'schema_json.groups is required.'],
    [{ groups: { g: {} } }, 'schema_json.groups.g.fields is required.'],
    [{ groups: { g: { fields: { f: { type: 5 } } } } }, 'schema_json.groups.g.fields.f.type must be a string.'],
    [
      { groups: { g: { fields: { f: { $ref: '#/definitions/none' } } } } },
      'schema_json.groups.g.fields.f.$ref must be #/definitions/ and the name of a definition.'
    ]
  ]
  for (const [schema, message] of table) {
    const rejection = new UsageError(`The template ${template.id} in the config file is not valid: ${message}`)
    t.throws(() => seedOf({ templates: [{ ...template, schema_json: schema }] }), rejection)
  }
})

t.test('rejects unknown options and invalid values', async t => {
  t.throws(() => configOf({ sed: 's', maxUploads: 1 } as MockOptions), new UsageError('Unknown option sed, max-uploads.'))
  const invalid = new UsageError('The option read-documents must be on or off; it is "perhaps".')
  t.throws(() => configOf({ readDocuments: 'perhaps' as never }), invalid)
})

t.test('reads options in camel case', async t => {
  t.match(configOf({ readDocuments: false, importPrivate: true, maxUpload: '1KiB' }), {
    port: 0, 'log-level': 'silent', 'read-documents': false, 'import-private': true, 'max-upload': 1_024
  })
})

t.test('validates options like a config file', async t => {
  const withMember = (member: object): MockOptions => ({ workspaces: [{ id: 1, name: 'One', members: [member as never] }] })
  const withToken = (more: object): MockOptions => ({ tokens: [{ name: 'x', token: 'y', abilities: ['*'], ...more }] })
  const withSettings = (settings: unknown): MockOptions => ({ templates: [{ ...template, settings: settings as never }] })
  const table: Array<[options: MockOptions, message: string]> = [
    [{ users: [{ email: 'invalid' }] }, "/users/0/email: Expected string to match 'email' format."],
    [{ users: [{ name: 'Ana' }] as never }, '/users/0/email: Expected required property.'],
    [{ users: [{ email: 'a@b', name: '' }] }, '/users/0/name: Expected string length greater or equal to 1.'],
    [{ users: [{ email: 'a@b', age: 5 }] as never }, '/users/0/age: Unexpected property.'],
    [{ workspaces: [{ id: 0, name: 'Zero' }] }, '/workspaces/0/id: Expected integer to be greater or equal to 1.'],
    [{ workspaces: [{ id: 1.5, name: 'One and a half' }] }, '/workspaces/0/id: Expected integer.'],
    [{ workspaces: [{ id: 1, name: '' }] }, '/workspaces/0/name: Expected string length greater or equal to 1.'],
    [{ workspaces: [{ id: 1 }] as never }, '/workspaces/0/name: Expected required property.'],
    [{ workspaces: [{ id: 1, name: 'One', icon: 5 }] as never }, '/workspaces/0/icon: Expected string.'],
    [withMember({ user: 'invalid', role: 'admin' }), "/workspaces/0/members/0/user: Expected string to match 'email' format."],
    [withMember({ user: 'a@b', role: 'boss' }), '/workspaces/0/members/0/role: Expected one of readonly, user, admin.'],
    [{ workspaces: [{ id: 1, name: 'One', color: 'red' }] as never }, '/workspaces/0/color: Unexpected property.'],
    [{ templates: [{ ...template, workspace_id: 0 }] }, '/templates/0/workspace_id: Expected integer to be greater or equal to 1.'],
    [{ templates: [{ ...template, id: 'x' }] }, "/templates/0/id: Expected string to match 'uuid' format."],
    [withSettings({ parsing: { contextual_embedding: 'yes' } }), '/templates/0/settings/parsing/contextual_embedding: Expected boolean.'],
    [withSettings(5), '/templates/0/settings: Expected object.'],
    [withToken({ user: 'invalid' }), "/tokens/0/user: Expected string to match 'email' format."],
    [withToken({ namespace: '..' }), "/tokens/0/namespace: Expected string to match 'namespace' format."]
  ]
  for (const [options, message] of table) {
    t.throws(() => configOf(options), new UsageError(`The options are not valid at ${message}`), message)
  }
})

t.test('prints tokens, users, workspaces and templates in short', async t => {
  const config = configOf({
    seed: 's',
    demo: false,
    tokens: [{ name: 'ana', token: 'secret', abilities: ['sessions-read'], user: 'Ana@example.org', namespace: 'team' }],
    users: [{ email: 'ana@example.org' }],
    workspaces: [{ id: 5, name: 'Five', members: [{ user: 'ana@example.org', role: 'admin' }] }],
    templates: [{ ...template, workspace_id: 5 }]
  })
  const shown = JSON.parse(printConfig(config))
  const { tokens, users, workspaces, templates, seedData } = shown
  t.same({ tokens, users, workspaces, templates, seedData }, {
    tokens: [{ name: 'ana', abilities: ['sessions-read'], namespace: 'team', user: 'ana@example.org' }],
    users: [{ name: 'Olivia Owner', email: 'owner@example.com' }, { name: 'Ana', email: 'ana@example.org' }],
    workspaces: [{ id: 5, name: 'Five' }],
    templates: [{ id: template.id, name: 'Receipts', workspace_id: 5 }],
    seedData: undefined
  })
})
