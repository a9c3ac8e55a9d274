import neostandard from 'neostandard'

export default [
  ...neostandard({ ts: true, ignores: ['dist/', '.tap/'] }),
  // A TypeBox schema and the type it stands for share one name.
  { files: ['**/*.ts'], rules: { '@typescript-eslint/no-redeclare': 'off' } },
  { files: ['src/**'], rules: { '@stylistic/max-len': ['error', { code: 140, ignoreUrls: true }] } }
]
