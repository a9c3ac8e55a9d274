import { writeFile } from 'node:fs/promises'
import { generateContract } from './document.ts'

await writeFile(new URL('raydocs.json', import.meta.url), await generateContract())
