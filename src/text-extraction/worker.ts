import { parentPort, type MessagePort } from 'node:worker_threads'
import type { ClaimedType } from '../domain/files/extracted-text.ts'
import { extractText } from './extract-text.ts'

const port = parentPort as MessagePort

port.on('message', async ({ path, claim }: { path: string, claim: ClaimedType }) => {
  port.postMessage('begun')
  port.postMessage(await extractText(path, claim))
})
