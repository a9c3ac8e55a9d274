import { pino, type Logger } from 'pino'

export interface Log {
  readonly logger: Logger
  /** Writes the lines that are still buffered; called last. */
  flush (): void
}

/** Creates a log of JSON lines that are written in the background, or, for a terminal, of short coloured lines. */
export async function createLog (level: string, forPeople: boolean, fd: number): Promise<Log> {
  if (forPeople) {
    const { default: pretty } = await import('pino-pretty')
    const stream = pretty({
      destination: fd,
      sync: true,
      ignore: 'pid,hostname,reqId,method,route,path,status,duration,caller,fault,reason',
      translateTime: 'SYS:HH:MM:ss.l',
      messageFormat: (line, messageKey) => 'status' in line ? lineForPeople(line) : String(line[messageKey])
    })
    return { logger: pino({ level }, stream), flush () { stream.end() } }
  }
  const destination = pino.destination({ dest: fd, sync: false, minLength: 4096, periodicFlush: 100 })
  return {
    logger: pino({ level, base: { pid: process.pid }, serializers: { err: pino.stdSerializers.err } }, destination),
    flush () { destination.flushSync() }
  }
}

/** Returns a request as one short line. */
export function lineForPeople (line: Record<string, unknown>): string {
  const fault = line['fault'] === undefined ? '' : ` (${line['fault']})`
  const { method, path, status, duration, caller, reqId } = line
  return `${method} ${path} ${status ?? 'dropped'} ${duration}ms ${caller ?? '-'} ${reqId}${fault}`
}
