import type { IncomingHttpHeaders } from 'node:http'
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { ByteCheck } from '../store/uploaded-files.ts'
import { StorageError } from './s3-error.ts'

/**
 * Returns the check of an upload against the digests that its headers state, which throws BadDigest. Throws InvalidDigest for
 * what is not such a digest.
 */
export function checksumOf (headers: IncomingHttpHeaders): ByteCheck {
  const stated = ALGORITHMS.filter(({ header }) => headers[header] !== undefined).map(({ header, name, size, create }) => {
    const text = String(headers[header])
    const expected = Buffer.from(text, 'base64')
    if (expected.length !== size || expected.toString('base64') !== text) {
      throw new StorageError(400, 'InvalidDigest', `The ${name} you specified was invalid.`)
    }
    return { name, expected, digest: create() }
  })
  return {
    update (chunk) {
      for (const { digest } of stated) digest.update(chunk)
    },
    verify () {
      const broken = stated.find(({ digest, expected }) => !expected.equals(digest.digest()))
      if (broken !== undefined) throw new StorageError(400, 'BadDigest', `The ${broken.name} you specified did not match what we received.`)
    }
  }
}

interface Digest {
  update (chunk: Buffer): unknown
  digest (): Buffer
}

interface Algorithm {
  readonly header: string
  /** The name in messages. */
  readonly name: string
  /** The length of a digest in bytes. */
  readonly size: number
  readonly create: () => Digest
}

const ALGORITHMS: readonly Algorithm[] = [
  { header: 'content-md5', name: 'Content-MD5', size: 16, create: () => createHash('md5') },
  { header: 'x-amz-checksum-sha256', name: 'SHA256', size: 32, create: () => createHash('sha256') },
  { header: 'x-amz-checksum-sha1', name: 'SHA1', size: 20, create: () => createHash('sha1') },
  { header: 'x-amz-checksum-crc32', name: 'CRC32', size: 4, create: () => createCrc(crc32) },
  { header: 'x-amz-checksum-crc32c', name: 'CRC32C', size: 4, create: () => createCrc(crc32c) }
]

function createCrc (continueWith: (chunk: Buffer, value: number) => number): Digest {
  let value = 0
  return {
    update (chunk) { value = continueWith(chunk, value) },
    digest () {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(value)
      return bytes
    }
  }
}

/** Continues a CRC-32C (Castagnoli), which Node.js does not have. */
function crc32c (chunk: Buffer, value: number): number {
  let crc = ~value
  for (const byte of chunk) crc = (crc >>> 8) ^ CASTAGNOLI[(crc ^ byte) & 0xff] as number
  return ~crc >>> 0
}

/** The remainders of all bytes by the polynomial, whose bits are reversed. */
const CASTAGNOLI = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0x82f63b78 & -(crc & 1))
  return crc
})
