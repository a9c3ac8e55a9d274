import t from 'tap'

/** Runs test files in this process, one after the other, and notes how long each took in its output. */
export async function runFiles (files) {
  for (const file of files) {
    const begin = performance.now()
    await import(`../${file}`)
    const loaded = performance.now()
    await t.test(`end of ${file}`, async () => {})
    const end = performance.now()
    t.comment(`${file} took ${Math.round(end - begin)} ms, ${Math.round(end - loaded)} of them in tests`)
  }
}
