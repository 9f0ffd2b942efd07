import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { run, sample } from '../support/run.ts'

const MARKS = ['tier', 'reason', 'class', 'severity', 'action'].map((name) => `tierline/${name}`)

/** The event without the annotations that the mutator adds, and without the objects that it had to make for them. */
function unmarked(event: Record<string, unknown>): unknown {
  const copy = structuredClone(event) as { metadata?: { annotations?: Record<string, string> | null } | null }
  for (const mark of MARKS) delete copy.metadata?.annotations?.[mark]
  if (copy.metadata?.annotations && Object.keys(copy.metadata.annotations).length === 0) delete copy.metadata.annotations
  if (copy.metadata && Object.keys(copy.metadata).length === 0) delete copy.metadata
  return copy
}

const files = ['assets/events', 'test/samples']
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .filter((file) => file.endsWith('.json'))

describe('tierline-classify', () => {
  it.each(files)('%s: the same event and five annotations, or the same bytes', async (file) => {
    const stdin = readFileSync(file)
    const ran = await run('tierline-classify', { stdin })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    if (ran.stdout_bytes.equals(stdin)) {
      // Passed on as it came: then --strict has to say why.
      const strict = await run('tierline-classify --strict', { stdin })
      expect(strict.code).toBe(1)
      expect(strict.stdout_bytes.equals(stdin)).toBe(true)
      expect(strict.stderr).toMatch(/^tierline-classify: error: .+\n$/)
      return
    }
    const before = JSON.parse(stdin.toString())
    const after = JSON.parse(ran.stdout)
    const annotations = (after.type === 'Event' && after.spec.metadata ? after.spec : after).metadata.annotations
    expect(Object.keys(annotations)).toEqual(expect.arrayContaining(MARKS))
    if (after.type === 'Event' && before.spec.metadata) after.spec = unmarked(after.spec)
    expect(unmarked(after)).toEqual(unmarked(before))
  })

  it('says what the handler will do', async () => {
    const ran = await run('tierline-classify', { stdin: sample('site-down') })
    expect(JSON.parse(ran.stdout).metadata.annotations).toMatchObject({
      'tierline/tier': 'second',
      'tierline/reason': 'service_down',
      'tierline/class': 'service',
      'tierline/severity': 'critical',
      'tierline/action': 'page',
    })
  })

  it.each(['site-down', 'tier-by-annotation', 'keepalive-lost', 'recovered', 'disk-warning', 'bad-annotation', 'deregistered'])(
    '%s: a second pass decides the same',
    async (name) => {
      const once = await run('tierline-classify', { stdin: sample(name) })
      const twice = await run('tierline-classify', { stdin: once.stdout })
      expect(twice.stdout).toBe(once.stdout)
    },
  )

  it.each(files.filter((file) => file.startsWith('assets/')))(
    '%s: the handler decides the same with and without it',
    async (file) => {
      const event = JSON.parse(readFileSync(file, 'utf8'))
      const top = event.type === 'Event' ? event.spec : event
      // Settings on the event itself, where keepalive annotations land, are what the results would hide.
      for (const own of [{}, { 'tierline/tier': 'third', 'tierline/class': 'load' }]) {
        if (top.metadata) top.metadata.annotations = { ...top.metadata.annotations, ...own }
        const policy = '--policy assets/policy/tierline.yaml'
        const mutated = await run('tierline-classify', { stdin: JSON.stringify(event) })
        const [plain, after] = await Promise.all(
          [JSON.stringify(event), mutated.stdout].map((stdin) => run(`tierline-pagerduty --dry-run ${policy}`, { stdin })),
        )
        const decided = (ran: { stdout: string } | undefined) => {
          const { identity, class: check_class, severity, action, tier, reason, problems } = JSON.parse(ran?.stdout ?? '')
          return { identity, check_class, severity, action, tier, reason, problems }
        }
        expect(decided(after)).toEqual(decided(plain))
      }
    },
  )

  it('keeps the digits of numbers that no double holds', async () => {
    const numbers = '[1767312250123456789, 12345678901234567890123, 1.0, 1e400, -0, 0.1000, 1E5]'
    const stdin = sample('statsd-metrics').trimEnd().replace(/\}$/, `, "kept": ${numbers}}`)
    const ran = await run('tierline-classify', { stdin })
    expect(ran.stdout).toContain(`"kept":${numbers.replaceAll(' ', '')}`)
    for (const digits of stdin.match(/\d{17,}/g) ?? []) expect(ran.stdout).toContain(digits)
  })

  it.each([
    ['nothing', ''],
    ['broken JSON', '{"check":'],
    ['two events', `${JSON.stringify(JSON.parse(sample('site-down')))}\n`.repeat(2)],
    ['a list', '[1, 2]'],
    ['bytes that are no text', Buffer.from([0xff, 0x00, 0x80, 0x0a])],
  ])('%s goes through unchanged and in silence', async (_name, stdin) => {
    const ran = await run('tierline-classify', { stdin })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout_bytes.equals(Buffer.from(stdin))).toBe(true)
  })

  it.each([
    ['a policy that is not there', '--policy /nonexistent/tierline.yaml', {}],
    ['a policy variable that points nowhere', '', { TIERLINE_POLICY: '/nonexistent' }],
    ['a CA file that is not there', '', { NODE_EXTRA_CA_CERTS: '/nonexistent/ca.pem' }],
    ['keys that nobody could use', '', { PAGERDUTY_TOKEN_FIRST: 'x', PAGERDUTY_TOKEN_SECOND: 'x' }],
    ['a variable that Node warns about', '', { NODE_PENDING_DEPRECATION: '1', NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
  ])('%s leaves standard error empty and the event classified', async (_name, args, env) => {
    const ran = await run(`tierline-classify ${args}`, { stdin: sample('site-down'), env })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(ran.stdout).metadata.annotations).toHaveProperty(['tierline/action'], 'page')
  })

  it('an option it does not know leaves the event as it was, unless strict', async () => {
    const stdin = sample('site-down')
    expect(await run('tierline-classify --nope', { stdin })).toMatchObject({ code: 0, stderr: '', stdout: stdin })
    expect(await run('tierline-classify --strict --nope', { stdin })).toMatchObject({
      code: 1,
      stdout: stdin,
      stderr: expect.stringMatching(/Unknown option '--nope'/),
    })
  })

  it('--strict=1 is strict, and a stray word a mistake', async () => {
    expect(await run('tierline-classify --strict=1', { stdin: '{}' })).toMatchObject({ code: 1, stdout: '{}' })
    expect(await run('tierline-classify --strict foo', { stdin: '{}' })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/"foo" is no command/),
    })
  })

  it('what cannot be read or written is no crash', async () => {
    expect(await run('tierline-classify </tmp')).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(await run('tierline-classify >/dev/full', { stdin: sample('site-down') })).toMatchObject({ code: 0, stderr: '' })
  })

  it('takes 20 MB', async () => {
    const event = JSON.parse(sample('ok-still'))
    event.check.output = 'x'.repeat(20_000_000)
    const ran = await run('tierline-classify', { stdin: JSON.stringify(event) })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(ran.stdout).check.output).toHaveLength(20_000_000)
  })

  it('a reader that goes away is no failure', async () => {
    const event = JSON.parse(sample('ok-still'))
    event.check.output = 'x'.repeat(2_000_000)
    const ran = await run('tierline-classify | head -c 10', { stdin: JSON.stringify(event) })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
  })
})
