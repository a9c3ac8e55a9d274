import t from 'tap'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { storeContract } from './contract.ts'

storeContract(t, async (_, seedData) => createMemoryStore({ seedData }))
