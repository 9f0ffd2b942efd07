import type { Post } from '../deliver/pagerduty/attempt.ts'
import type { Policy } from '../policy/schema.ts'
import { stateDirOf } from '../state/state-dir.ts'
import { forgetfulCourier } from './at-once.ts'
import type { Handler } from './handler.ts'
import type { Io } from './io.ts'
import { pagerduty_options } from './options/pagerduty.ts'

/** tierline-pagerduty: a page at the tier that the event belongs to, or a resolve at all of them. */
export const pagerduty: Handler<typeof pagerduty_options> = {
  name: 'tierline-pagerduty',
  about: 'Sensu handler: pages the right support tier through PagerDuty, and closes what is over.',
  options: pagerduty_options,
  configure: (policy, options) => {
    const { endpoint: _, sensu_base_url: __, ...rest } = policy.pagerduty
    const endpoint = options.alternate_endpoint.value
    const sensu_base_url = options.sensu_base_url.value
    return {
      ...policy,
      pagerduty: {
        ...rest,
        region: options.region.value,
        ...(endpoint === undefined ? {} : { endpoint }),
        timeout: options.timeout.value,
        status_map: {
          info: [],
          warning: [],
          error: [],
          critical: [],
          ...options.status_map.value,
        } as Policy['pagerduty']['status_map'],
        client_name: options.client_name.value,
        ...(sensu_base_url === undefined ? {} : { sensu_base_url }),
        link_annotations: options.link_annotations.value,
      },
    }
  },
  timeout: (policy) => policy.pagerduty.timeout,
  needs_keys: true,
  courier: async ({ policy, options, keys, secrets, deadline, env, log }) => {
    const post = postLazily(endpointOf(policy), secrets, env)
    const paging = { policy, keys, post, time: TIME, deadline, log }
    const folder = stateDirOf(options.state_dir.value, env)
    if (folder.dir !== null) return (await import('./paging.ts')).rememberingCourier(folder.dir, paging)
    if (!folder.meant) log.warn(`nothing is remembered between runs: ${folder.why}`)
    return forgetfulCourier(paging)
  },
}

/** The HTTP client is loaded only when something is sent. */
export function postLazily(url: string, secrets: readonly string[], env: Io['env']): Post {
  let post: Promise<Post> | undefined
  return async (body, limit) => {
    post ??= import('../deliver/pagerduty/transport.ts').then(({ postTo }) =>
      postTo(url, { secrets, proxy_variable: proxyVariable(url, env) }),
    )
    return (await post)(body, limit)
  }
}

export const TIME = {
  now: Date.now,
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
}

function proxyVariable(url: string, env: Io['env']): string | null {
  const name = url.startsWith('https:') ? 'https_proxy' : 'http_proxy'
  return [name, name.toUpperCase(), 'all_proxy', 'ALL_PROXY'].find((one) => env[one]) ?? null
}

const REGIONS = { us: 'https://events.pagerduty.com/v2/enqueue', eu: 'https://events.eu.pagerduty.com/v2/enqueue' } as const

export function endpointOf({ pagerduty }: Policy): string {
  return pagerduty.endpoint ?? REGIONS[pagerduty.region]
}
