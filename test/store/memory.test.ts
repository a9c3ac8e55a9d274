import t from 'tap'
import { createMemoryStore } from '../../src/store/memory.ts'
import { storeContract } from './contract.ts'

storeContract(t, async (_, world) => createMemoryStore(world))
