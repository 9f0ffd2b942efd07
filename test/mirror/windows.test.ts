import { describe, expect, it } from 'vitest'
import { isInWindows } from '../../lib/mirror/windows.ts'

const at = (time: string) => Date.parse(`2026-05-05T${time}Z`) / 1000
const window = (begin: unknown, end: unknown) => ({ days: { all: [{ begin, end }] } })

/** The fifth of May 2026 is a Tuesday. */
describe('the windows of a filter', () => {
  it.each([
    ['inside', window('9:00AM', '5:00PM'), '12:00:00', true],
    ['at its begin', window('9:00AM', '5:00PM'), '09:00:00', true],
    ['at its end', window('9:00AM', '5:00PM'), '17:00:00', true],
    ['a second after its end', window('9:00AM', '5:00PM'), '17:00:01', false],
    ['with blanks, as Sensu 1 wrote it', window('9:00 AM', '5:00 PM'), '12:00:00', true],
    ['over midnight, in the evening', window('5:00PM', '8:00AM'), '23:30:00', true],
    ['over midnight, in the morning', window('5:00PM', '8:00AM'), '07:59:59', true],
    ['over midnight, by day', window('5:00PM', '8:00AM'), '12:00:00', false],
    ['noon and midnight', window('12:00AM', '12:00PM'), '11:00:00', true],
    ['of today', { days: { tuesday: [{ begin: '9:00AM', end: '5:00PM' }] } }, '12:00:00', true],
    ['of another day', { days: { monday: [{ begin: '9:00AM', end: '5:00PM' }] } }, '12:00:00', false],
    ['none at all', {}, '12:00:00', false],
    ['as a clock of 24 hours', window('09:00', '17:00'), '12:00:00', null],
    ['an hour that is none', window('13:00PM', '5:00PM'), '12:00:00', null],
    ['no text', window(9, null), '12:00:00', null],
  ])('%s', (_name, when, time, expected) => {
    expect(isInWindows(when, at(time))).toBe(expected)
  })
})
