import { writeFile } from 'node:fs/promises'
import { divergencesPage } from './divergences-page.ts'
import { generateContract, generateControlContract } from './document.ts'

await writeFile(new URL('raydocs.json', import.meta.url), await generateContract())
await writeFile(new URL('control.json', import.meta.url), await generateControlContract())
await writeFile(new URL('divergences.md', import.meta.url), divergencesPage())
