// The address of the host's page of a record: a link that an agent presses.
import { expect, test } from 'vitest'
import { isPageAddress } from '../../shared/is-page-address.ts'

test.each([
  'https://app.example.com/eventos/1042',
  'http://localhost:3000/e?id=1#chat',
  'HTTPS://app.example.com',
  'https://app.example.com/año/boda%20ana',
  'https://[::1]:8080/x',
])('%j is one', (text) => expect(isPageAddress(text)).toBe(true))

test.each([
  '',
  '/eventos/1042',
  'app.example.com',
  '//app.example.com',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  ' https://app.example.com',
  'https://app.example.com/a b',
  'java\nscript:alert(1)',
  'https:\\\\app.example.com',
  'data:text/html,<script>alert(1)</script>',
  'file:///etc/passwd',
  'ftp://app.example.com',
  'https://ana:secreto@app.example.com',
  'https://',
  'https:app.example.com',
])('%j is none', (text) => expect(isPageAddress(text)).toBe(false))
