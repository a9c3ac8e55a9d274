import t from 'tap'
import { demoTemplate } from '../../src/demo.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { storeContract } from './contract.ts'

storeContract(t, async () => createMemoryStore([demoTemplate]))
