import type { Event, MetricPoint } from '../../event/event.ts'
import { epochSeconds } from '../../event/time.ts'
import { below, safeNode, safePath, safeTagValue } from './names.ts'
import type { GraphiteOptions } from './options.ts'
import { type Sample, taggedSeries } from './sample.ts'
import { type Labelled, labelled } from './tags.ts'

type Naming = (point: Labelled) => string

/** The metric points of an event, at most `max_points` of them, each with the series it belongs to. */
export function pointSamples(event: Event, options: GraphiteOptions, now: number): Sample[] {
  const naming = options.format === 'tagged' ? taggedNaming(event, options) : pathNaming(event, options)
  const otherwise = epochSeconds(event.timestamp) || epochSeconds(event.check?.executed ?? 0) || now
  return (event.metrics ?? []).slice(0, options.max_points).map((point) => sampleOf(point, naming, options, otherwise))
}

function sampleOf(point: MetricPoint, naming: Naming, options: GraphiteOptions, otherwise: number): Sample {
  const parts = labelled(point, options.drop_tags)
  // Agents write seconds, statsd nanoseconds, API clients milliseconds: sensu/sensu-go#4327 leaves it to handlers.
  const time = epochSeconds(point.timestamp)
  return {
    series: naming(parts),
    name: safePath(parts.name),
    value: point.value,
    time: time || otherwise,
    undated: time === 0,
  }
}

/** Tags have to go into the path, or the points that only they tell apart would overwrite one another. */
function pathNaming(event: Event, options: GraphiteOptions): Naming {
  const own = ownNames(event)
  const template = options.path_template.replace(/\{(namespace|entity|check)\}/g, (_, key: keyof typeof own) =>
    safeNode(own[key]),
  )
  return ({ name, tags }) => {
    const path = template.replaceAll('{point}', () => safePath(name))
    const nodes = [...tags].map(([tag, value]) => safeNode(`${tag}_${value}`)).sort()
    return below(options.prefix, [path, ...nodes].join('.'))
  }
}

/**
 * A point's own tag wins over ours of the same name, because that is what its dashboards ask for (a Prometheus
 * label `namespace` is Kubernetes'); where they differ, what Sensu knows stays beside it as `sensu_<name>`.
 */
function taggedNaming(event: Event, options: GraphiteOptions): Naming {
  const own = Object.entries(ownNames(event)).map(([name, value]) => [name, safeTagValue(value)] as const)
  return (point) => {
    const tags = new Map(point.tags)
    const name_tag = tags.get('name')
    if (name_tag !== undefined) {
      // Carbon puts the metric's name in the place of such a tag; Prometheus calls a label it must rename `exported_`.
      tags.delete('name')
      tags.set('exported_name', name_tag)
    }
    for (const [name, value] of own) {
      const theirs = tags.get(name)
      if (theirs !== value) tags.set(theirs === undefined ? name : `sensu_${name}`, value)
    }
    return taggedSeries(below(options.prefix, safePath(point.name)), tags)
  }
}

/** Events of the StatsD listener carry no check. */
function ownNames(event: Event) {
  return { namespace: event.namespace, entity: event.entity.name, check: event.check?.name ?? 'statsd' }
}
