/** How to reach the API of the Sensu backends of one cluster. */
export interface Access {
  /** Addresses without a slash at the end, the one to try first in front. */
  readonly urls: readonly string[]
  readonly key: string
  /** PEM of a CA to trust besides the usual ones. */
  readonly ca: string | null
  readonly max_page_bytes?: number
}

/** What people wrote: `urls` with commas between, as SENSU_API_URL has it, and the key and the CA as found. */
export interface Wanted {
  readonly urls: string
  readonly key: string | undefined
  readonly ca: string | null
}

/** Checks what people wrote, so that a mistake is told at once and not as a backend that does not answer. No text holds the key. */
export function accessOf({ urls, key, ca }: Wanted): Access | { readonly fault: string } {
  const token = key?.trim() ?? ''
  if (token === '') return { fault: 'no key for the API of Sensu: set SENSU_API_KEY (sensuctl api-key grant USER makes one)' }
  if (!/^[\u0021-\u007e]+$/.test(token)) return { fault: 'SENSU_API_KEY holds characters that no key has: is it cut or wrapped?' }
  if (ca !== null && !ca.includes('-----BEGIN CERTIFICATE-----'))
    return { fault: 'the CA file of Sensu holds no certificate in PEM' }
  const list = urls
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '')
  if (list.length === 0) return { fault: 'no address for the API of Sensu: set SENSU_API_URL' }
  for (const url of list) {
    const fault = faultOf(url)
    if (fault !== null) return { fault }
  }
  return { urls: list.map((url) => new URL(url).href.replace(/\/+$/, '')), key: token, ca }
}

function faultOf(url: string): string | null {
  if (!URL.canParse(url)) return 'SENSU_API_URL holds what is no address: http://HOST:8080 was expected'
  const { protocol, username, password, search, hash, host } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') return 'SENSU_API_URL holds an address that is neither http nor https'
  // It would stand in every message about that backend.
  if (username !== '' || password !== '') return `SENSU_API_URL has a name or password before ${host}: the API takes a key only`
  if (search !== '' || hash !== '') return `SENSU_API_URL has more than an address for ${host}: leave out what follows ? or #`
  return null
}
