import type { Surroundings } from './surroundings.ts'
import type { Config } from '../config/config.ts'
import type { StateNotSaved } from '../control/state-file.ts'
import { VERSION } from '../package.ts'
import { start } from '../start.ts'
import { banner } from './banner.ts'
import { createLog } from './logger.ts'

/** Starts the server and prints its address. Resolves when it serves. Throws StartError. */
export async function serve (config: Config, { stdout, onStop }: Surroundings): Promise<void> {
  const forPeople = stdout.isTTY === true
  const { logger, flush } = await createLog(config['log-level'], forPeople, stdout.fd)
  // Without a logger the framework saves the work of logging too.
  const server = await start(config, config['log-level'] === 'silent' ? undefined : logger)

  onStop({
    async stop ({ signal, err }) {
      if (err !== undefined) logger.fatal({ err }, 'stopping after an unexpected error')
      else logger.info({ signal }, 'stopping')
      const isSaved = await server.close().then(() => true, (error: StateNotSaved) => {
        logger.error(error.message)
        return false
      })
      flush()
      return isSaved && err === undefined ? 0 : 1
    },
    hurry: server.hurry
  })

  if (forPeople) stdout.write(`${banner(server.url, config)}\n`)
  else if (logger.isLevelEnabled('info')) logger.info({ url: server.url, version: VERSION, seed: config.seed }, 'raydocs-mock is listening')
  else stdout.write(`raydocs-mock is listening on ${server.url}\n`)
  logger.flush()
}
