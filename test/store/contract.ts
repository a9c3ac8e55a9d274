import type { Test } from 'tap'
import { batchContract } from './contract/batches.ts'
import { collectionContract } from './contract/collections.ts'
import { documentContract } from './contract/documents.ts'
import { harnessOver, type MakeHarness, type MakeStore } from './contract/fixtures.ts'
import { incarnationContract } from './contract/incarnations.ts'
import { journalContract } from './contract/journals.ts'
import { modelContract } from './contract/model.ts'
import { namespaceContract } from './contract/namespaces.ts'
import { rowContract } from './contract/rows.ts'
import { runContract } from './contract/runs.ts'
import { stateModelContract } from './contract/state-model.ts'
import { tokenContract } from './contract/tokens.ts'

/** The tests that every store must pass. */
export function storeContract (t: Test, make: MakeStore): void {
  const makeHarness: MakeHarness = async (t, seedData) => harnessOver(await make(t, seedData))
  for (const contract of [namespaceContract, collectionContract, batchContract, documentContract, runContract, modelContract]) contract(t, makeHarness)
  for (const contract of [rowContract, incarnationContract, tokenContract, journalContract, stateModelContract]) contract(t, make)
}
