import { format } from 'node:util'
import type { Surroundings } from './surroundings.ts'
import { helpText, readCommand } from '../config/command-line.ts'
import { printConfig, readAddress, readConfig } from '../config/config.ts'
import { VERSION } from '../package.ts'
import { failureOf } from './exit-code.ts'

/**
 * Arguments -> configuration -> server. Resolves to the exit code: 0 done or serving, 1 failed, 2 wrong usage. Touches
 * nothing of the process beyond `surroundings`.
 */
export async function main (args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await run(args, surroundings)
  } catch (error) {
    const { exitCode, message } = failureOf(error)
    surroundings.stderr.write(`${format(message)}\n`)
    return exitCode
  }
}

/** Loads only what the command needs: `readyz` is called every few seconds. */
async function run (args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { env, cwd, stdout } = surroundings
  const [first, ...rest] = args
  if (first === 'conduct') {
    const { conductCommand } = await import('./conduct-command.ts')
    return await conductCommand(rest, surroundings)
  }
  const { name, flags } = readCommand(args)
  const sources = { env, folder: cwd }
  switch (name) {
    case 'help':
      stdout.write(`${helpText()}\n`)
      break
    case 'version':
      stdout.write(`${VERSION}\n`)
      break
    case 'print-config':
      stdout.write(`${printConfig(await readConfig(flags, sources))}\n`)
      break
    case 'readyz': {
      const { probe } = await import('./readyz.ts')
      await probe(await readAddress(flags, sources))
      break
    }
    case 'serve': {
      const { serve } = await import('./serve.ts')
      await serve(await readConfig(flags, sources), surroundings)
    }
  }
  return 0
}
