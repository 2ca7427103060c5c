// The names of files, as clients, agents and attackers write them.
import { expect, test } from 'vitest'
import { cleanFilename } from '../../server/media/clean-filename.ts'
import { signsOf } from '../../shared/signs.ts'

test.each<[string | null, string, string | null]>([
  ['factura.pdf', 'application/pdf', 'factura.pdf'],
  ['Factura N° 12 (ñandú).PDF', 'application/pdf', 'Factura N° 12 (ñandú).PDF'],
  ['foto.jpeg', 'image/jpeg', 'foto.jpeg'],
  ['foto.png', 'image/jpeg', 'foto.png.jpg'],
  ['factura.html', 'application/pdf', 'factura.html.pdf'],
  ['sin ending', 'text/plain', 'sin ending.txt'],
  ['../../etc/passwd', 'image/png', 'passwd.png'],
  ['C:\\Users\\ana\\foto.png', 'image/png', 'foto.png'],
  ['/foto.png/', 'image/png', null],
  ['..', 'image/png', null],
  ['.png', 'image/png', 'png.png'],
  ['...foto.png...', 'image/png', 'foto.png'],
  ['a\u0000b\r\nc\t.png', 'image/png', 'abc.png'],
  ['a\u202egpj.exe', 'image/jpeg', 'agpj.exe.jpg'],
  ['a"b<c>|?*:.png', 'image/png', 'a_b_c_____.png'],
  ['a\ud800.png', 'image/png', 'a\ufffd.png'],
  ['می\u200cخواهم.png', 'image/png', 'می\u200cخواهم.png'],
  ['👨‍👩‍👧.png', 'image/png', '👨‍👩‍👧.png'],
  ['   ', 'image/png', null],
  ['', 'image/png', null],
  [null, 'image/png', null],
])('%j of %s is %j', (given, contentType, name) => {
  expect(cleanFilename(given, contentType)).toBe(name)
})

test.each([
  ['of 300 Arabic letters', 'م'.repeat(300)],
  ['of Arabic letters with their marks', 'مَّ'.repeat(120)],
  ['of families', '👨‍👩‍👧‍👦'.repeat(40)],
  ['of one byte each', 'x'.repeat(4000)],
])('a name %s is cut between signs, at 255 bytes, and keeps its ending', (_, stem) => {
  const name = cleanFilename(`${stem}.pdf`, 'application/pdf') ?? ''
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255)
  expect(Buffer.byteLength(name)).toBeGreaterThan(225)
  expect(name.endsWith('.pdf')).toBe(true)
  const [sign] = signsOf(stem)
  expect(new Set(signsOf(name.slice(0, -4)))).toEqual(new Set([sign]))
})
