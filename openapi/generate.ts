import { writeFile } from 'node:fs/promises'
import { generateContract, generateControlContract } from './document.ts'
import { generatePages } from './pages.ts'

const contract = await generateContract()
const controlContract = await generateControlContract()
const files = { 'raydocs.json': contract, 'control.json': controlContract, ...generatePages(contract, controlContract) }
for (const [name, content] of Object.entries(files)) await writeFile(new URL(name, import.meta.url), content)
