import t from 'tap'
import { dispositionOf, filenameIn } from '../../src/http/content-disposition.ts'

/** As Node.js reads the bytes of a header. */
function header (text: string): string {
  return Buffer.from(text).toString('latin1')
}

t.test('reads names in every form that clients send', async t => {
  const names: Record<string, string> = {
    'attachment; filename="a.pdf"': 'a.pdf',
    'attachment;filename=a.pdf': 'a.pdf',
    'ATTACHMENT; FILENAME="a.pdf"; size=5': 'a.pdf',
    'attachment; filename="März.pdf"': 'März.pdf',
    'attachment; filename=März 2024.pdf': 'März 2024.pdf',
    'attachment; filename="請求書.pdf"': '請求書.pdf',
    'attachment; filename="a.pdf"; filename*=UTF-8\'\'%e2%82%ac.pdf': '€.pdf',
    'attachment; filename*=utf-8\'de\'M%C3%A4rz.pdf; filename="a.pdf"': 'März.pdf',
    'attachment; filename*=UTF-8\'\'März.pdf': 'März.pdf',
    'attachment; filename*=ISO-8859-1\'\'M%E4rz.pdf': 'März.pdf',
    'attachment; filename*=UTF-8\'\'%ff.pdf; filename="a.pdf"': 'a.pdf',
    'attachment; filename*=klingon\'\'b.pdf; filename="a.pdf"': 'a.pdf',
    'attachment; filename*=b.pdf; filename="a.pdf"': 'a.pdf',
    'attachment; filename="a.pdf"; filename="b.pdf"': 'a.pdf',
    'attachment; name="x; filename=b.pdf"; filename="a.pdf"': 'a.pdf',
    'attachment; filename="say \\"hi\\".pdf"': 'say "hi".pdf',
    'attachment; filename="a.pdf': 'a.pdf',
    'filename="a.pdf"': 'a.pdf',
    'attachment, x; filename = "a.pdf" ; ;': 'a.pdf'
  }
  for (const [text, name] of Object.entries(names)) t.equal(filenameIn(header(text)), name, text)
  t.equal(filenameIn('attachment; filename="M\xe4rz.pdf"'), 'März.pdf', 'ISO 8859-1')
})

t.test('finds no name where there is none that a file can have', async t => {
  for (const text of ['', '"', 'attachment', 'attachment; filename=', 'attachment; filename=""', 'attachment; filename=".."', 'attachment; filename="a/"', 'attachment; filename="C:\\scans\\a.pdf"', 'attachment; filename="../a.pdf"', `attachment; filename="${'x'.repeat(256)}"`]) {
    t.equal(filenameIn(header(text)), null, text)
  }
})

t.test('writes an ASCII name for every client, and the whole name beside it', async t => {
  t.equal(dispositionOf('a.pdf', 'inline'), 'inline; filename="a.pdf"')
  t.equal(dispositionOf('Müller & Söhne.pdf', 'attachment'), 'attachment; filename="Muller & Sohne.pdf"; filename*=UTF-8\'\'M%C3%BCller%20%26%20S%C3%B6hne.pdf')
  t.equal(dispositionOf('請求書.pdf', 'inline'), 'inline; filename="???.pdf"; filename*=UTF-8\'\'%E8%AB%8B%E6%B1%82%E6%9B%B8.pdf')
  for (const name of ['März.pdf', '請求書.pdf', '😀.pdf', 'say "hi".pdf', '100%25.pdf', 'a;b=c.pdf']) t.equal(filenameIn(dispositionOf(name, 'inline')), name)
})
