import { parentPort, type MessagePort } from 'node:worker_threads'
import type { Claim } from '../domain/files/extracted-text.ts'
import { readDocument } from './extract-text.ts'

const port = parentPort as MessagePort

port.on('message', async ({ path, claim }: { path: string, claim: Claim }) => {
  port.postMessage('begun')
  port.postMessage(await readDocument(path, claim))
})
