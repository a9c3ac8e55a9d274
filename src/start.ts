import { access, constants, mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Config } from './config/config.ts'
import { DEMO_TOKENS } from './config/demo-data.ts'
import type { Control } from './control/control.ts'
import { buildApp } from './app.ts'
import { openUploadedFiles, type UploadedFiles } from './store/uploaded-files.ts'
import { lockFolder } from './store/folder-lock.ts'
import { createHosts, isLoopback } from './http/hosts.ts'
import { createFileReceiver } from './actions/receive-file.ts'
import { createTextExtractor } from './text-extraction/text-extractor.ts'
import { createMemoryStore } from './store/memory-store.ts'
import { loadStates, prepareSaving, type StateNotSaved } from './control/state-file.ts'
import { startSaving } from './control/state-saver.ts'
import { StartError } from './start-error.ts'
import { createNamespaceRegistry } from './namespaces/registry.ts'

/** A server that is listening. */
export interface RunningServer {
  /** The base URL, without a trailing slash. */
  readonly url: string
  readonly control: Control
  /**
   * Stops accepting requests, finishes those under way, saves the state, and releases everything, all within `grace` milliseconds.
   * Throws StateNotSaved when everything is released.
   */
  close (grace?: number): Promise<void>
  /** Ends the requests that `close` waits for. */
  hurry (): void
}

/** Less than the ten seconds after which a container that is stopping is killed. */
const GRACE = 9_000

/** The part of the grace that requests under way have if the state is saved after them. */
const PART_FOR_REQUESTS = 0.5

/**
 * Builds the server that `config` describes and serves it. Throws StartError if the address, the data folder or the state
 * cannot be used.
 */
export async function start (config: Config, logger?: FastifyBaseLogger): Promise<RunningServer> {
  const { 'save-on-exit': stateFile, 'save-every': every } = config
  if (stateFile !== null) await prepare(stateFile)
  const store = createMemoryStore({ seedData: config.seedData, tokens: config.tokens })
  const files = await openFiles(config['data-dir'] ?? undefined)
  const extractor = config['read-documents'] ? createTextExtractor() : null
  const namespaces = createNamespaceRegistry({
    seed: config.seed,
    clock: config.clock,
    uploadPolicy: config.uploads,
    maxRate: config['rate-limit'],
    outcomes: config.outcomes,
    faults: config.faults,
    pace: { queue: config.queue, parse: config.parse, extract: config.extract },
    store,
    files
  })
  const app = await buildApp({
    store,
    files,
    namespaces,
    receiver: createFileReceiver({ files, maxSize: config['max-upload'], extractor }),
    abilities: config.abilities,
    importPrivate: config['import-private'],
    publicUrl: config['public-url'],
    trustProxy: config['trust-proxy'],
    demoToken: config.demo ? DEMO_TOKENS.full : undefined,
    hosts: createHosts({
      onLoopback: isLoopback(config.host),
      publicUrl: config['public-url'],
      allowedHosts: config['allowed-hosts'],
      cors: config.cors
    }),
    control: config.control ? { token: config['control-token'] } : null,
    logger
  })

  async function release (): Promise<void> {
    await extractor?.close()
    await files.close()
    await store.close()
  }

  try {
    await app.ready()
    if (config.load !== null) await load(app.control, config.load, config.load === stateFile)
    await namespaces.sweepFiles()
    await listen(app, config)
  } catch (error) {
    await app.close()
    await release()
    throw error
  }
  const saver = stateFile === null
    ? undefined
    : startSaving({ path: stateFile, control: app.control, every, onFailure ({ message }) { app.log.error(message) } })

  return {
    url: urlOf(app.server.address() as AddressInfo),
    control: app.control,
    async close (grace = GRACE) {
      const end = AbortSignal.timeout(grace)
      const forRequests = saver === undefined ? grace : grace * PART_FOR_REQUESTS
      const deadline = setTimeout(() => { app.server.closeAllConnections() }, forRequests)
      await app.close()
      clearTimeout(deadline)
      try {
        await saver?.close(end)
      } finally {
        await release()
      }
    },
    hurry () { app.server.closeAllConnections() }
  }
}

/** Checks that the state can be saved in a file. Throws StartError. */
async function prepare (stateFile: string): Promise<void> {
  await prepareSaving(stateFile).catch((error: StateNotSaved) => { throw new StartError(error.message, { cause: error }) })
}

/** Restores the namespaces in a file. Throws StartError. */
async function load (control: Control, path: string, mayBeMissing: boolean): Promise<void> {
  await loadStates(control, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && mayBeMissing) return
    throw new StartError(
      `The state in ${path} cannot be loaded: ${error.code === 'ENOENT' ? 'there is no such file.' : error.message}`,
      { cause: error }
    )
  })
}

/** Opens the uploaded files. A folder that cannot be used is an error now, not at the first upload. Throws StartError. */
async function openFiles (folder: string | undefined): Promise<UploadedFiles> {
  try {
    if (folder !== undefined) {
      await mkdir(folder, { recursive: true })
      await access(folder, constants.W_OK)
    }
    return folder === undefined ? await openUploadedFiles() : await openOwn(folder)
  } catch (error) {
    throw new StartError(`Files cannot be kept in ${folder}: ${(error as Error).message}.`, { cause: error })
  }
}

/** Opens the files in a folder that no other process may use meanwhile. Throws FolderInUse. */
async function openOwn (folder: string): Promise<UploadedFiles> {
  const lock = await lockFolder(folder)
  const files = await openUploadedFiles(folder).catch(async error => {
    await lock.release()
    throw error
  })
  return {
    ...files,
    async close () {
      await files.close()
      await lock.release()
    }
  }
}

/** Listens without the framework's own report, which has a line for each address behind 0.0.0.0. Throws StartError. */
async function listen (app: FastifyInstance, { port, host }: Config): Promise<void> {
  const { level } = app.log
  app.log.level = 'silent'
  try {
    await app.listen({ port, host })
  } catch (error) {
    throw new StartError(whyNotListening(error as NodeJS.ErrnoException, { port, host }), { cause: error })
  } finally {
    app.log.level = level
  }
}

/** Returns the reason why the address cannot be used, in a line that says what to do. */
export function whyNotListening ({ code, message }: NodeJS.ErrnoException, { port, host }: Pick<Config, 'port' | 'host'>): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use: ` +
        'stop what listens there, or choose another with --port (0 lets the system choose).'
    case 'EACCES': return `Port ${port} on ${host} may not be used by this user: choose one above 1023 with --port.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND': return `The address ${host} is not one of this machine: choose another with --host.`
    default: return `Cannot listen on port ${port} of ${host}: ${message}.`
  }
}

/** Returns the URL of a bound address. */
export function urlOf ({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
