#!/usr/bin/env node
import closeWithGrace from 'close-with-grace'
import { helpText, readCommand } from './config/command-line.ts'
import { printConfig, readAddress, readConfig, type Config } from './config/config.ts'
import { banner } from './banner.ts'
import { failureOf } from './failure.ts'
import { createLog } from './logger.ts'
import { VERSION } from './package.ts'
import { probe } from './probe.ts'
import { start } from './start.ts'

/** Arguments -> configuration -> server. Exit codes: 0 done, 1 failed, 2 wrong usage. */
async function main (): Promise<void> {
  const [first, ...rest] = process.argv.slice(2)
  if (first === 'conduct') {
    const { conductCommand } = await import('./conduct/command.ts')
    process.exitCode = await conductCommand(rest, process.env)
    return
  }
  const { name, flags } = readCommand(process.argv.slice(2))
  if (name === 'help') return console.log(helpText())
  if (name === 'version') return console.log(VERSION)
  const sources = { env: process.env, folder: process.cwd() }
  if (name === 'readyz') return await probe(await readAddress(flags, sources))
  const config = await readConfig(flags, sources)
  if (name === 'print-config') return console.log(printConfig(config))
  await serve(config)
}

async function serve (config: Config): Promise<void> {
  const forPeople = process.stdout.isTTY
  const { logger, flush } = await createLog(config['log-level'], forPeople)
  // A log that nobody reads is not kept: the framework then spares itself the trouble too.
  const server = await start(config, config['log-level'] === 'silent' ? undefined : logger)

  closeWithGrace({ delay: 15_000, logger: false }, async ({ signal, err }) => {
    if (err !== undefined) logger.fatal({ err }, 'stopping after an error that should not have happened')
    else logger.info({ signal }, 'stopping')
    await server.close()
    flush()
  })

  if (forPeople) console.log(banner(server.url, config))
  else if (logger.isLevelEnabled('info')) logger.info({ url: server.url, version: VERSION, seed: config.seed }, 'raydocs-mock is listening')
  else console.log(`raydocs-mock is listening on ${server.url}`)
  logger.flush()
}

main().catch((error: unknown) => {
  const { exitCode, told } = failureOf(error)
  process.exitCode = exitCode
  console.error(told)
})
