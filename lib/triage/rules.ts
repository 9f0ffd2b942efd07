import type { Tier } from '../event/settings.ts'
import type { Facts, Unknown } from '../facts/facts.ts'
import type { Action, Reason } from './decision.ts'
import { condition, instant, span, subject } from './words.ts'

/** What a row wants, before the decision is completed: `tier` null means nobody. */
export interface Wish {
  readonly action: Action
  readonly tier: Tier | null
  readonly reason: Reason
  readonly says: string
  readonly hold_until?: number | null
}

/** One row of the decision table. Rows are tried in order and the first whose `wish` is not null wins. */
export interface Row {
  readonly row: number
  readonly reasons: readonly Reason[]
  /** The row in one sentence, for the docs and for `tierline explain`. */
  readonly about: string
  /** What has to be known before this row may keep a page back. */
  readonly needs?: readonly Unknown[]
  readonly wish: (facts: Facts) => Wish | null
}

/** The decision table. The order is the point: a resolve before any silence, an outage before any suppression. */
export const rows: readonly Row[] = [
  {
    row: 0,
    reasons: ['fail_open'],
    about: 'What has to be known is not: page, no hold.',
    wish: (f) =>
      f.status === null
        ? page(
            f.settings.scope === 'group' ? 'second' : team(f),
            'fail_open',
            `The status of ${subject(f)} is no number, so it may be an outage.`,
          )
        : null,
  },
  {
    row: 1,
    reasons: ['metrics_only'],
    about: 'An event without a check carries only metrics.',
    wish: (f) => (f.class === 'metrics' ? record('metrics_only', `${subject(f)} sent metrics and no check result.`) : null),
  },
  {
    row: 2,
    reasons: ['resolved', 'deregistered'],
    about: 'A recovery closes the alert on every tier, past silence, hours and flapping.',
    wish: (f) => {
      if (f.recovery === 'resolved') return quiet('resolve', 'resolved', `${subject(f)} is OK again.`)
      if (f.recovery === 'deregistered')
        return quiet('resolve', 'deregistered', `${f.entity} left Sensu, so ${f.check} is closed.`)
      return null
    },
  },
  {
    row: 3,
    reasons: ['ok', 'notice'],
    about: 'All is well, or Sensu tells of an agent that came or went.',
    wish: (f) => {
      if (f.class === 'notice') return record('notice', `Sensu reports the ${f.check} of ${f.entity}.`)
      return f.status === 0 ? record('ok', `${subject(f)} is OK and was before.`) : null
    },
  },
  {
    row: 4,
    reasons: ['opted_out'],
    about: 'The owner of the check wants no page for it.',
    needs: ['policy'],
    wish: (f) =>
      f.settings.never_page
        ? drop('opted_out', `${subject(f)} ${condition(f)}; annotation tierline/never_page says not to page.`)
        : null,
  },
  {
    row: 5,
    reasons: ['silenced'],
    about: 'Somebody silenced it in Sensu, and it is not the whole group.',
    wish: (f) =>
      f.silenced.length > 0 && !groupTrouble(f)
        ? drop('silenced', `${subject(f)} ${condition(f)}; silenced by ${f.silenced.slice(0, 3).join(', ')}.`)
        : null,
  },
  {
    row: 6,
    reasons: ['rule'],
    about: 'A rule of the policy drops or records it; a rule with a tier changes whom the rows from 11 on page.',
    wish: (f) => {
      const rule = f.rule
      if (rule === null || (rule.then !== 'drop' && rule.then !== 'record')) return null
      return quiet(rule.then, 'rule', `${subject(f)} ${condition(f)}; rule ${rule.number}: ${rule.because}`)
    },
  },
  {
    row: 7,
    reasons: ['group_down', 'group_floor', 'group_half', 'group_burst', 'zone_down', 'leave_budget', 'churn'],
    about: 'The group fails and not the machine: second line, day or night, before anything is suppressed.',
    wish: (f) => {
      const trouble = groupTrouble(f)
      return trouble && !f.rule?.final
        ? page('second', trouble, `${subject(f)} ${condition(f)} and ${GROUP_WORDS[trouble]}.`)
        : null
    },
  },
  {
    row: 8,
    reasons: ['service_down'],
    about: 'A check that watches a whole service is critical.',
    wish: (f) =>
      f.settings.scope === 'group' && f.grade === 'critical'
        ? page('second', 'service_down', `${subject(f)} ${condition(f)}, and it watches the whole service.`)
        : null,
  },
  {
    row: 9,
    reasons: ['leaving', 'gone'],
    about: 'Autoscaling is taking the machine away, or has.',
    wish: (f) =>
      (f.phase === 'leaving' || f.phase === 'gone') && f.within_leave_budget
        ? drop(
            f.phase,
            `${f.entity} is ${f.phase === 'gone' ? 'gone' : 'leaving'} (${f.phase_evidence}), so its ${f.check} does not matter.`,
          )
        : null,
  },
  {
    row: 10,
    reasons: ['pooled', 'standby'],
    about: 'The machine is in a warm pool or on standby, and serves nobody.',
    wish: (f) => {
      if (f.phase === 'pooled') return drop('pooled', `${f.entity} waits in the warm pool (${f.phase_evidence}).`)
      return f.phase === 'parked' && !f.phase_overdue ? drop('standby', `${f.entity} is on standby (${f.phase_evidence}).`) : null
    },
  },
  {
    row: 11,
    reasons: ['warming', 'warming_overdue'],
    about: 'The machine is still starting up.',
    wish: (f) => {
      if (f.phase !== 'warming') return null
      return f.phase_overdue
        ? pageTeam(
            f,
            'warming_overdue',
            `${f.entity} should have started by now (${f.phase_evidence}); ${subject(f)} ${condition(f)}.`,
          )
        : hold(f, 'warming', `${f.entity} is starting up (${f.phase_evidence}); ${subject(f)} ${condition(f)}.`, null)
    },
  },
  {
    row: 12,
    reasons: ['scaling_out', 'scale_out_insufficient'],
    about: 'A load alert while a scale-out is in progress.',
    wish: (f) => {
      if (f.class !== 'load') return null
      if (f.scaling === 'launching')
        return hold(f, 'scaling_out', `${subject(f)} ${condition(f)}; more servers are starting.`, null)
      return f.scaling === 'launched'
        ? pageTeam(f, 'scale_out_insufficient', `${subject(f)} ${condition(f)}, though more servers were started.`)
        : null
    },
  },
  {
    row: 13,
    reasons: ['cannot_scale'],
    about: 'A load alert, and scaling cannot help: at its maximum, failed to launch, or suspended.',
    wish: (f) =>
      f.class === 'load' && f.scaling === 'cannot'
        ? pageTeam(f, 'cannot_scale', `${subject(f)} ${condition(f)}, and autoscaling cannot add servers.`)
        : null,
  },
  {
    row: 14,
    reasons: ['covered_by_group', 'covered_by_keepalive'],
    about: 'The page of the group, or of the silent machine, covers it already.',
    wish: (f) => {
      if (f.covered_by === null) return null
      const what = f.covered_by === 'group' ? "its group's page" : `the keepalive page of ${f.entity}`
      return drop(`covered_by_${f.covered_by}`, `${subject(f)} ${condition(f)}; ${what} covers it.`)
    },
  },
  {
    row: 15,
    reasons: ['replacing', 'replace_overdue'],
    about: 'Autoscaling is replacing the machine, and the group is healthy enough.',
    wish: (f) => {
      if (f.replacement === 'running')
        return hold(f, 'replacing', `${f.entity} is being replaced; ${subject(f)} ${condition(f)}.`, null)
      return f.replacement === 'overdue'
        ? pageTeam(f, 'replace_overdue', `${f.entity} should have been replaced by now; ${subject(f)} ${condition(f)}.`)
        : null
    },
  },
  {
    row: 16,
    reasons: ['too_young'],
    about: 'It has not failed for long enough.',
    needs: ['policy'],
    wish: (f) =>
      f.failing_for < f.alert_after
        ? hold(
            f,
            'too_young',
            `${subject(f)} ${condition(f)}, less than the ${span(f.alert_after)} for class ${f.class}.`,
            f.now + f.alert_after - f.failing_for,
          )
        : null,
  },
  {
    row: 17,
    reasons: ['flapping'],
    about: 'It flaps: one page, and a recovery counts only when it lasts.',
    wish: (f) => (f.flapping && !canWait(f) ? pageTeam(f, 'flapping', `${subject(f)} keeps failing and recovering.`) : null),
  },
  {
    row: 18,
    reasons: ['machine_down'],
    about: 'One machine is critical, or has fallen silent.',
    wish: (f) =>
      f.grade === 'critical' && !canWait(f)
        ? pageTeam(f, 'machine_down', `${subject(f)} ${condition(f)}; one machine as far as is known.`)
        : null,
  },
  {
    row: 19,
    reasons: ['warning', 'check_broken'],
    about: 'A warning, or a check that is itself broken.',
    wish: (f) => {
      if (canWait(f)) return null
      if (f.grade === 'warning') return pageTeam(f, 'warning', `${subject(f)} ${condition(f)}.`)
      return f.grade === 'broken'
        ? pageTeam(f, 'check_broken', `${subject(f)} ${condition(f)}: the check itself seems broken.`)
        : null
    },
  },
  {
    row: 20,
    reasons: ['night_hold'],
    about: 'It is for the first line, out of hours, and can wait until the hours start.',
    needs: ['policy', 'hours'],
    wish: (f) =>
      canWait(f)
        ? hold(
            f,
            'night_hold',
            `${subject(f)} ${condition(f)}; it can wait${f.hours_start === null ? '' : ` until ${instant(f.hours_start)}`}.`,
            f.hours_start,
          )
        : null,
  },
]

const GROUP_WORDS = {
  group_down: 'so is its whole group',
  group_floor: 'its group is below the number of servers it needs',
  group_half: 'so is at least half of its group',
  group_burst: 'so are many of its group at once',
  zone_down: 'so is every server of its zone',
  leave_budget: 'more servers are leaving than autoscaling ever takes at once',
  churn: 'its group keeps replacing servers that do not come up',
} as const

function groupTrouble(f: Facts): keyof typeof GROUP_WORDS | null {
  return f.group_trouble === 'unknown' ? null : f.group_trouble
}

/** Whom rows 11 to 20 page. */
export function team(f: Facts): Tier {
  return teamOf(f.rule, f.settings.tier)
}

/** The first line, unless an annotation or a rule of the policy names another. */
export function teamOf(rule: Facts['rule'], set: Tier | null): Tier {
  const ruled = rule !== null && rule.then !== 'drop' && rule.then !== 'record' ? rule.then : null
  return (rule?.final ? ruled : set || ruled) || 'first'
}

/** Out of hours only the first line sleeps on, and only while nobody asked to be woken for it. */
function canWait(f: Facts): boolean {
  return f.hours === 'out' && f.hours_start !== null && team(f) === 'first' && !f.settings.wake
}

function pageTeam(f: Facts, reason: Reason, says: string): Wish {
  const tier = team(f)
  const ruled = f.rule !== null && f.rule.then === tier && f.settings.tier !== tier
  return ruled && f.rule !== null
    ? page(tier, 'rule', `${says} Rule ${f.rule.number}: ${f.rule.because}`)
    : page(
        tier,
        reason,
        tier === 'first' || f.settings.tier !== tier ? says : `${says} Annotation tierline/tier names the ${tier} line.`,
      )
}

function page(tier: Tier, reason: Reason, says: string): Wish {
  return { action: 'page', tier, reason, says }
}

function hold(f: Facts, reason: Reason, says: string, hold_until: number | null): Wish {
  return { action: 'hold', tier: team(f), reason, says, hold_until }
}

function drop(reason: Reason, says: string): Wish {
  return quiet('drop', reason, says)
}

function record(reason: Reason, says: string): Wish {
  return quiet('record', reason, says)
}

function quiet(action: Action, reason: Reason, says: string): Wish {
  return { action, tier: null, reason, says }
}
