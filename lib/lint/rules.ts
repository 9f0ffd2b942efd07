import type { Rule } from './finding.ts'
import { mutatorLogs, noTimeout } from './rules/commands.ts'
import { filterAction, metadataPath, noText, severalDeny, unknownVariable } from './rules/filter-expressions.ts'
import { idleGroup } from './rules/idle-group.ts'
import { keyInCommand } from './rules/keys.ts'
import { missingMethod } from './rules/missing-method.ts'
import { missingReference } from './rules/references.ts'
import { regexp } from './rules/regexp.ts'
import { syntax } from './rules/syntax.ts'
import { eatsRecoveries, unguardedFilter } from './rules/workflows.ts'

/** Every rule of `tierline check` for Sensu resources. An error does not do what it says; a warning does it at a price. */
export const rules: readonly Rule[] = [
  {
    id: 'yaml-syntax',
    level: 'error',
    about: 'A document that is no YAML or JSON.',
    check: ({ unreadable }) => unreadable,
  },
  {
    id: 'incomplete-resource',
    level: 'error',
    about: 'A resource without `type`, `api_version`, `metadata.name` or `spec`: Sensu refuses it.',
    check: ({ incomplete }) => incomplete,
  },
  {
    id: 'filter-action',
    level: 'error',
    about: 'A filter whose `action` is neither `allow` nor `deny`: Sensu refuses it.',
    check: filterAction,
  },
  {
    id: 'no-text',
    level: 'error',
    about:
      'A filter without an expression, or with one that YAML does not read as text: `!x` without quotes is a tag, `f({ a: 1 })` a map.',
    check: noText,
  },
  {
    id: 'es5-syntax',
    level: 'error',
    about:
      'Syntax newer than ES5: Sensu refuses the filter, and in an asset every expression that uses it is skipped, so that all events pass.',
    check: syntax,
  },
  {
    id: 'missing-method',
    level: 'error',
    about:
      "A method or an object that Sensu's JavaScript engine does not have: the expression throws, and a filter that throws lets the event pass.",
    check: missingMethod,
  },
  {
    id: 're2-regexp',
    level: 'error',
    about:
      'A regular expression that RE2 refuses (lookahead, lookbehind, back-references, named groups, `[^]`, an open bracket): as a literal it breaks the whole script.',
    check: regexp,
  },
  {
    id: 'idle-group',
    level: 'warning',
    about:
      'A capturing group that may take no part in a match (optional, or in one of several alternatives), in a regular expression that `test` is called on: since Sensu 6.11 the engine panics when it does not, past any `catch`.',
    check: idleGroup,
  },
  {
    id: 'metadata-path',
    level: 'error',
    about:
      '`event.metadata`, `event.check.metadata`, `event.entity.metadata` or that of a hook in a filter, where metadata is flattened: looking into it throws, and the event passes.',
    check: metadataPath,
  },
  {
    id: 'unknown-variable',
    level: 'error',
    about:
      '`is_incident`, `not_silenced` or another name of a filter as an expression, `check` or `entity` without `event.`, `nil`: there is no such variable, it throws, and the event passes.',
    check: unknownVariable,
  },
  {
    id: 'several-deny',
    level: 'warning',
    about: 'A deny filter with several expressions: before Sensu 6.9 all of them had to be true, since then any of them denies.',
    check: severalDeny,
  },
  {
    id: 'eats-recoveries',
    level: 'warning',
    about: '`not_silenced` before a handler that calls people: what is silenced after it paged is never closed.',
    check: eatsRecoveries,
  },
  {
    id: 'unguarded-filter',
    level: 'error',
    about:
      'A filter of your own, or a JavaScript mutator, without `is_incident` before it: an event with metrics and no check crashes the backend.',
    check: unguardedFilter,
  },
  {
    id: 'missing-reference',
    level: 'error',
    about:
      'A filter, mutator, handler, asset, hook, secret or pipeline that is not in the files, when they hold any of its kind, or a reference without `type` or `api_version`: a missing filter or mutator ends the whole pipeline.',
    check: missingReference,
  },
  {
    id: 'no-timeout',
    level: 'warning',
    about: 'A pipe handler with `timeout: 0` or none: one that hangs keeps a worker of the backend for good.',
    check: noTimeout,
  },
  {
    id: 'key-in-command',
    level: 'error',
    about: 'A token or key on a command line, where every user of the machine sees it.',
    check: keyInCommand,
  },
  {
    id: 'mutator-logs',
    level: 'error',
    about: 'A mutator that prints more than the event: what it prints on either stream becomes the event.',
    check: mutatorLogs,
  },
]
