import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  certFile: string
  keyFile: string
  cert: string
  key: string
  remove(): void
}

/** Signs itself and is valid for a day, for 127.0.0.1 and servers that stand in a test for these names. By `openssl`. */
export function createCertificate(names: readonly string[] = []): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'hilo-certificate-'))
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const alternatives = ['IP:127.0.0.1', ...names.map((name) => `DNS:${name}`)].join()
  const subject = ['-subj', '/CN=hilo-test', '-addext', `subjectAltName=${alternatives}`]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...curve, ...subject, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' })
  const [cert, key] = [readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8')]
  return { certFile, keyFile, cert, key, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
