import t from 'tap'
import fc from 'fast-check'
import { clock, count, duration, hostNames, logLevel, oneOf, onOff, origins, pause, port, proxies, size, text, url } from '../../src/config/values.ts'
import { readDuration } from '../../src/domain/lifecycle/durations.ts'

t.test('reads ports from 0 to 65535', async t => {
  t.same(['0', '4010', '65535'].map(port.read), [0, 4010, 65_535])
  for (const bad of ['', '-1', '65536', '1.5', '0x10', 'http', '123456']) t.equal(port.read(bad), undefined, bad)
})

t.test('reads durations with units and in ISO 8601', async t => {
  const read: Array<[string, number]> = [
    ['500ms', 500], ['2s', 2_000], ['1.5s', 1_500], ['2m', 120_000], ['1h', 3_600_000],
    ['PT2S', 2_000], ['PT1H30M', 5_400_000], ['P2W', 1_209_600_000], ['P1DT0.5S', 86_400_500], ['pt1m', 60_000],
    ['PT1,5S', 1_500], ['1,5s', 1_500], ['0,5h', 1_800_000], ['0', 0], ['0s', 0], [' 1s ', 1_000],
    ['1h30m', 5_400_000], ['1 h 30 min', 5_400_000], ['2 days', 172_800_000], ['1week', 604_800_000], ['3 milliseconds', 3], ['2S', 2_000]
  ]
  for (const [text, ms] of read) t.equal(readDuration(text), ms, text)
  for (const bad of ['', '5', 'soon', '-2s', '2y', 'PT', 'P', 'sss', '1e99s', 'P1M', 'P1Y', 'P1Y2M', '1mo', '2 months', '1 year', 'PT1,2,3S', '1.2.3s', '30m1h', '1s2s', '2s later', '53w', 'P1H', `${'1'.repeat(5_000)}s`, `${' '.repeat(100_000)}x`]) t.equal(readDuration(bad), undefined, bad)
  fc.assert(fc.property(fc.nat({ max: 31_536_000_000 }), ms => readDuration(`${ms}ms`) === ms))
})

t.test('reads the proxies that are trusted', async t => {
  t.same(['on', 'off', '127.0.0.1', '10.0.0.0/8, fd00::/8'].map(proxies.read), [true, false, ['127.0.0.1'], ['10.0.0.0/8', 'fd00::/8']])
  for (const bad of ['', '2', 'proxy', '10.0.0.0/33', '::1/129', '10.0.0.0/x', '10.0.0.0/8/8']) t.equal(proxies.read(bad), undefined, bad)
})

t.test('reads pauses of up to a day', async t => {
  t.same(['5ms', '30s', 'PT5M', '24h'].map(pause.read), [5, 30_000, 300_000, 86_400_000])
  for (const bad of ['', '0', '25h', 'often']) t.equal(pause.read(bad), undefined, bad)
})

t.test('reads durations with a spread', async t => {
  t.same(duration.read('2s~1s'), { base: 2_000, spread: 1_000 })
  t.same(duration.read('500ms'), { base: 500, spread: 0 })
  for (const bad of ['', '~', '2s~', '~1s', '2s~1s~1s', '2~1']) t.equal(duration.read(bad), undefined, bad)
})

t.test('reads each clock mode with its own detail only', async t => {
  t.same(clock.read('real'), { mode: 'real' })
  t.same(clock.read('scaled:60'), { mode: 'scaled', scale: 60 })
  t.same(clock.read('frozen'), { mode: 'frozen', at: Date.UTC(2024, 0, 15, 10, 30) })
  t.same(clock.read('frozen:2024-02-29'), { mode: 'frozen', at: Date.UTC(2024, 1, 29) })
  t.same(clock.read('auto:2026-01-01T00:00:00Z'), { mode: 'auto', at: Date.UTC(2026, 0, 1) })
  const scaled = ['scaled', 'scaled:', 'scaled:0', 'scaled:-1', 'scaled:x', 'scaled:1000001']
  for (const bad of ['', 'fast', 'real:', 'real:1', ...scaled, 'frozen:yesterday', 'frozen:2030-02-30T00:00:00Z', 'auto:2023-02-29', 'frozen:Jan 5 2024', 'frozen:', 'auto:1960-01-01T00:00:00Z']) {
    t.equal(clock.read(bad), undefined, bad)
  }
})

t.test('reads lists of names and of origins', async t => {
  t.same(hostNames.read('Mock.test, *.example.org'), ['mock.test', '*.example.org'])
  t.same(hostNames.read(''), [])
  for (const bad of ['mock.test:80', 'http://mock.test', 'a,,b', '*', 'a b']) t.equal(hostNames.read(bad), undefined, bad)
  t.same(origins.read('https://app.example.org,http://localhost:3000'), ['https://app.example.org', 'http://localhost:3000'])
  t.same([origins.read('*'), origins.read('off')], [['*'], []])
  for (const bad of ['app.example.org', 'https://app.example.org/', 'on', 'https://a.example,x']) t.equal(origins.read(bad), undefined, bad)
})

t.test('reads sizes with binary units', async t => {
  t.same(['5000', '64KiB', '100MiB', '1GiB'].map(size.read), [5_000, 65_536, 104_857_600, 1_073_741_824])
  for (const bad of ['', '-1', '1.5MiB', '1MB', 'KiB', '1kiB', '1234567890123', 'big']) t.equal(size.read(bad), undefined, bad)
  fc.assert(fc.property(fc.nat(), bytes => size.read(String(bytes)) === bytes))
})

t.test('reads counts, switches, texts, URLs and choices', async t => {
  t.same(['0', '100', '-1', '1.5', '1000000', ''].map(count.read), [0, 100, undefined, undefined, undefined, undefined])
  t.same(['on', 'TRUE', '1', 'yes'].map(onOff.read), [true, true, true, true])
  t.same(['off', 'false', '0', 'no'].map(onOff.read), [false, false, false, false])
  t.same(['maybe', ''].map(onOff.read), [undefined, undefined])
  t.same(['x', ''].map(text.read), ['x', undefined])
  t.same(['https://a.example/', 'http://a.example/b//'].map(url.read), ['https://a.example', 'http://a.example/b'])
  t.same(['ftp://a', 'a', 'http://'].map(url.read), [undefined, undefined, undefined])
  t.same(oneOf('a', 'b', 'c').allowed, 'a, b or c')
  t.same(oneOf('a').allowed, 'a')
  t.same(['info', 'silent', 'loud'].map(logLevel.read), ['info', 'silent', undefined])
})
