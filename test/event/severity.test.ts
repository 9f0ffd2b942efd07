import { describe, expect, it } from 'vitest'
import type { CheckClass } from '../../lib/event/classify.ts'
import { atLeast, type Grade, gradeOf, SEVERITIES, type Severity, type StatusMap, severityOf } from '../../lib/event/severity.ts'

const DEFAULT: StatusMap = { info: [0], warning: [1], error: [], critical: [2] }

describe('severity and grade', () => {
  it.each<[number | null, CheckClass, StatusMap, Severity, Grade]>([
    [0, 'service', DEFAULT, 'info', 'ok'],
    [1, 'service', DEFAULT, 'warning', 'warning'],
    [2, 'service', DEFAULT, 'critical', 'critical'],
    [3, 'service', DEFAULT, 'error', 'broken'],
    [126, 'load', DEFAULT, 'error', 'broken'],
    [127, 'service', DEFAULT, 'error', 'broken'],
    [255, 'service', DEFAULT, 'error', 'broken'],
    [4_294_967_295, 'service', DEFAULT, 'error', 'broken'],
    [-1, 'service', DEFAULT, 'error', 'broken'],
    [null, 'service', DEFAULT, 'error', 'broken'],
    [0, 'keepalive', DEFAULT, 'info', 'ok'],
    [1, 'keepalive', DEFAULT, 'error', 'critical'],
    [2, 'keepalive', DEFAULT, 'critical', 'critical'],
    [3, 'ttl', DEFAULT, 'error', 'critical'],
    [null, 'ttl', DEFAULT, 'error', 'critical'],
    [1, 'ttl', { info: [1] }, 'error', 'critical'],
    [3, 'service', { ...DEFAULT, warning: [1, 3] }, 'warning', 'warning'],
    [3, 'service', { ...DEFAULT, error: [3] }, 'error', 'critical'],
    [3, 'service', { ...DEFAULT, info: [0, 3] }, 'info', 'warning'],
    [1, 'service', { info: [1], critical: [1] }, 'critical', 'critical'],
    [2, 'service', {}, 'error', 'broken'],
    [0, 'service', {}, 'error', 'ok'],
    [0, 'service', { critical: [0] }, 'critical', 'ok'],
  ])('status %s of class %s', (status, check_class, map, severity, grade) => {
    expect(severityOf(status, map, check_class)).toBe(severity)
    expect(gradeOf(status, map, check_class)).toBe(grade)
  })
})

it('atLeast gives the worse of the two, for all pairs', () => {
  for (const [i, one] of SEVERITIES.entries()) {
    for (const [j, other] of SEVERITIES.entries()) expect(atLeast(one, other)).toBe(SEVERITIES[Math.max(i, j)])
  }
})
