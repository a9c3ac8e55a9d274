import { pino, type Logger } from 'pino'

export interface Log {
  readonly logger: Logger
  /** Writes out what is still buffered; called last. */
  flush (): void
}

/** JSON lines to a file descriptor, written in the background; or, for people, one short coloured line for each. */
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

/** A request as one short line. */
export function lineForPeople (line: Record<string, unknown>): string {
  const fault = line['fault'] === undefined ? '' : ` (${line['fault']})`
  const { method, path, status, duration, caller, reqId } = line
  return `${method} ${path} ${status ?? 'dropped'} ${duration}ms ${caller ?? '-'} ${reqId}${fault}`
}
