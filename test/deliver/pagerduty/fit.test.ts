import { describe, expect, it } from 'vitest'
import { fitBody } from '../../../lib/deliver/pagerduty/fit.ts'
import type { Body } from '../../../lib/deliver/pagerduty/message.ts'

const LIMIT = 512_000 - 256

const aBody = (custom_details: Record<string, unknown>, more: object = {}) =>
  ({
    event_action: 'trigger',
    dedup_key: 'prod/web-01/http',
    payload: { summary: 'down', source: 'web-01', severity: 'critical', class: 'service', custom_details },
    ...more,
  }) as Body
const size = (body: Body) => Buffer.byteLength(JSON.stringify(body))
const kb = (count: number, unit = 'x') => unit.repeat((count * 1000) / unit.length)
const detailsOf = (body: Body) => body.payload?.custom_details

describe('fitBody', () => {
  it('leaves what fits, to the byte', () => {
    const room = LIMIT - size(aBody({ output: '' }))
    const exact = aBody({ output: 'x'.repeat(room) })
    expect(size(exact)).toBe(LIMIT)
    expect(fitBody(exact)).toBe(exact)
    expect(fitBody(aBody({ output: 'x'.repeat(room + 1) }))).not.toEqual(aBody({ output: 'x'.repeat(room + 1) }))
  })

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'the output first',
      { output: kb(600), labels: { a: 'b' }, why: 'y' },
      { output: expect.stringMatching(/^x{4095}…$/), labels: { a: 'b' }, why: 'y' },
    ],
    [
      'then the labels',
      { output: kb(9), labels: { a: kb(600) }, why: 'y' },
      { output: expect.stringMatching(/^x{4095}…$/), why: 'y' },
    ],
    [
      'then more of the output',
      { output: kb(9), labels: { a: 'b' }, why: kb(508.4) },
      { output: expect.stringMatching(/^x{511}…$/), why: kb(508.4) },
    ],
    ['then the warnings', { output: 'x', warnings: [kb(600)], why: 'y' }, { output: 'x', why: 'y' }],
  ])('gives up %s', (_, before, after) => {
    const fitted = fitBody(aBody(before))
    expect(detailsOf(fitted)).toEqual(after)
    expect(size(fitted)).toBeLessThanOrEqual(LIMIT)
    expect(fitted.payload).toMatchObject({ summary: 'down', class: 'service' })
  })

  it('counts bytes as they are sent, not characters', () => {
    for (const unit of ['\u0001', '🔥', '"', '\ud83d']) {
      const body = aBody({ output: unit.repeat(200_000) })
      const fits = size(body) <= LIMIT
      expect(fitBody(body) === body).toBe(fits)
      expect(size(fitBody(body))).toBeLessThanOrEqual(LIMIT)
    }
  })

  it.each<[string, Body]>([
    ['details of another name', aBody({ output: 'x', why: kb(600) })],
    ['links', aBody({ output: 'x' }, { links: [{ href: `https://x/${kb(600)}` }] })],
    [
      'no details',
      { event_action: 'resolve', dedup_key: 'x', payload: { summary: 'a', source: 'b', severity: 'info', component: kb(600) } },
    ],
  ])('falls back to the least that PagerDuty needs: %s', (_, body) => {
    const fitted = fitBody(body)
    expect(Object.keys(fitted).sort()).toEqual(['dedup_key', 'event_action', 'payload'])
    expect(Object.keys(fitted.payload ?? {}).sort()).toEqual(['severity', 'source', 'summary'])
    expect(fitted.dedup_key).toBe(body.dedup_key)
  })
})
