import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let made: { key: string; certificate: string } | null = null

/** A key and a certificate for 127.0.0.1 and localhost, made by openssl at the first call. */
export function selfSigned(): { key: string; certificate: string } {
  if (made) return made
  const directory = mkdtempSync(join(tmpdir(), 'tierline-tls-'))
  try {
    const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')]
    const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost'.split(' ')
    const names = ['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
    execFileSync('openssl', [...request, ...names, '-keyout', key, '-out', certificate], { stdio: 'pipe' })
    made = { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') }
    return made
  } finally {
    rmSync(directory, { recursive: true })
  }
}
