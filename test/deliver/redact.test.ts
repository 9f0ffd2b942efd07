import { describe, expect, it } from 'vitest'
import { redacted } from '../../lib/deliver/redact.ts'

describe('redacted', () => {
  it.each([
    // The list of core/v2 entity.go (DefaultRedactFields).
    'password',
    'passwd',
    'pass',
    'api_key',
    'api_token',
    'access_key',
    'secret_key',
    'private_key',
    'secret',
    // The same, as people write them.
    'Password',
    'DB_PASSWORD',
    'db.password',
    'aws_secret_access_key',
    'client-secret',
    'pagerduty/token',
    'API-Key',
    'x_passwd',
  ])('hides %s', (name) => {
    expect(redacted({ [name]: 'hunter22' })).toEqual({ [name]: 'REDACTED' })
  })

  it.each(['region', 'compass', 'bypass', 'token_bucket_size', 'key', 'asg_name', 'tierline_group', 'passenger', ''])(
    'shows %s',
    (name) => {
      expect(redacted({ [name]: 'value' })).toEqual({ [name]: 'value' })
    },
  )

  it('keeps every name, whatever it is', () => {
    const labels = JSON.parse('{"__proto__":"a","constructor":"b","secret":""}')
    expect(JSON.stringify(redacted(labels))).toBe('{"__proto__":"a","constructor":"b","secret":"REDACTED"}')
    expect(labels.secret).toBe('')
  })
})
