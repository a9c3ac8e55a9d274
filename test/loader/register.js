import { register } from 'node:module'

// Loads TypeScript in test processes: several times as fast as the TypeScript plugin of tap, which has no cache.
register('./hooks.js', import.meta.url)
