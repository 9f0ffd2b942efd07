import { describe, expect, it } from 'vitest'
import { sensuAccess } from '../../lib/run/sensu.ts'
import { accessOf } from '../../lib/sensu/access.ts'
import { SENSU_KEY } from '../support/fake-sensu-api.ts'
import { inFolder } from '../support/folder.ts'

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
const urls = 'https://sensu.example:8080'

describe('accessOf', () => {
  it.each([
    ['one address', 'http://127.0.0.1:8080', ['http://127.0.0.1:8080']],
    ['two, with spaces', ' https://a:8080 , https://b:8080,', ['https://a:8080', 'https://b:8080']],
    ['a slash at the end', 'https://a:8080/', ['https://a:8080']],
    ['a path of a proxy', 'https://a/sensu/', ['https://a/sensu']],
  ])('takes %s', (_, given, expected) => {
    expect(accessOf({ urls: given, key: ` ${SENSU_KEY}\n`, ca: null })).toEqual({ urls: expected, key: SENSU_KEY, ca: null })
  })

  it.each([
    ['no key', { key: undefined }, /^no key for the API of Sensu: set SENSU_API_KEY/],
    ['an empty key', { key: ' ' }, /^no key/],
    ['a wrapped key', { key: `${SENSU_KEY.slice(0, 20)}\n${SENSU_KEY.slice(20)}` }, /characters that no key has/],
    ['a CA that is none', { ca: 'hello' }, /no certificate in PEM/],
    ['a key for a CA', { ca: '-----BEGIN PRIVATE KEY-----' }, /no certificate in PEM/],
    ['no address', { urls: ' , ' }, /^no address/],
    ['what is none', { urls: 'https://a,sensu' }, /holds what is no address/],
    ['a host without http', { urls: 'localhost:8080' }, /neither http nor https/],
    ['a file', { urls: 'file:///etc/passwd' }, /neither http nor https/],
    ['a password', { urls: `https://me:${SENSU_KEY}@a:8080` }, /has a name or password before a:8080/],
    ['a query', { urls: 'https://a:8080?x=1' }, /leave out what follows/],
  ])('refuses %s', (_, change, fault) => {
    const access = accessOf({ urls, key: SENSU_KEY, ca: null, ...change })
    expect(access).toEqual({ fault: expect.stringMatching(fault) })
    expect(JSON.stringify(access)).not.toContain(SENSU_KEY.slice(0, 12))
  })
})

describe('sensuAccess', () => {
  it('asks the backend on this machine when nothing is said', () => {
    expect(sensuAccess({ SENSU_API_KEY: SENSU_KEY })).toEqual({ urls: ['http://127.0.0.1:8080'], key: SENSU_KEY, ca: null })
  })

  it('reads the files that are named; flags win', () => {
    inFolder({ key: `${SENSU_KEY}\n`, ca: PEM, other: `${PEM}#` }, (folder) => {
      const env = { SENSU_API_URL: urls, SENSU_API_KEY_FILE: `${folder}/key`, SENSU_CA_FILE: `${folder}/ca` }
      expect(sensuAccess(env)).toEqual({ urls: [urls], key: SENSU_KEY, ca: PEM })
      expect(sensuAccess({ ...env, SENSU_API_KEY: 'other' })).toMatchObject({ key: 'other' })
      const flags = { url: 'http://flag:1', ca_file: `${folder}/other` }
      expect(sensuAccess(env, flags)).toEqual({ urls: ['http://flag:1'], key: SENSU_KEY, ca: `${PEM}#` })
    })
  })

  it.each([
    [
      'key',
      { SENSU_API_KEY_FILE: '/nonexistent/key' },
      {},
      'file /nonexistent/key cannot be read (ENOENT): check SENSU_API_KEY_FILE',
    ],
    ['CA', { SENSU_CA_FILE: '/nonexistent/ca' }, {}, 'file /nonexistent/ca cannot be read (ENOENT): check SENSU_CA_FILE'],
    ['CA of a flag', {}, { ca_file: '/nonexistent/ca' }, 'file /nonexistent/ca cannot be read (ENOENT): check --sensu-ca'],
  ])('tells of a file that cannot be read: %s', (_, env, flags, fault) => {
    expect(sensuAccess(env, flags)).toEqual({ fault })
  })
})
