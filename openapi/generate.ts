import { writeFile } from 'node:fs/promises'
import { generateContract, generateControlContract } from './document.ts'

await writeFile(new URL('raydocs.json', import.meta.url), await generateContract())
await writeFile(new URL('control.json', import.meta.url), await generateControlContract())
