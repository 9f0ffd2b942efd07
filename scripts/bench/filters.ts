import { readFileSync, statSync } from 'node:fs'
import { ask, FILTER_FILE, HAS_GO, OTTOS } from '../../test/support/otto.ts'
import { EVENT, median } from './common.ts'

/** One evaluation as Sensu makes it, VM copy included: a filter that asks `should_handle` and one that needs no asset. */
export async function filters(): Promise<void> {
  if (!HAS_GO) return console.log('Go is not installed, so the filters are not measured\n')
  const event = JSON.parse(readFileSync(EVENT, 'utf8'))
  const bare = { expression: 'event.check.occurrences == 1', scripts: [], event, times: 500 }
  const ours = { expression: 'tierline.should_handle(event)', event, times: 500 }
  const closely = { expression: 'tierline.should_handle(event, {})', event, times: 500 }
  console.log(`filters, ${statSync(FILTER_FILE).size} bytes; microseconds of one evaluation, medians and least of 6 x 500\n`)
  console.log('| otto | no asset | should_handle(event) | ratio | ratio of least | with options |')
  console.log('|---|---|---|---|---|---|')
  for (const otto of OTTOS) {
    // In turns, so that a busy moment of the machine falls on all of them.
    const answers = await ask(otto, Array.from({ length: 6 }, () => [bare, ours, closely]).flat())
    const of = (which: number, part: 'least_us' | 'median_us') =>
      median(answers.filter((_, index) => index % 3 === which).map((answer) => answer[part] ?? Number.NaN))
    const ratio = (part: 'least_us' | 'median_us') => (of(1, part) / of(0, part)).toFixed(2)
    const [base, filter, slow] = [0, 1, 2].map((which) => of(which, 'median_us').toFixed(0))
    console.log(`| ${otto.name} | ${base} | ${filter} | ${ratio('median_us')} | ${ratio('least_us')} | ${slow} |`)
  }
  console.log('')
}
