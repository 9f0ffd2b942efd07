import type { Patience } from '../../alert/steps.ts'
import type { Store } from '../../state/store.ts'
import type { Post, Time } from './attempt.ts'
import type { Keys } from './keys.ts'

/** What sending what a record asks for needs beside the record. */
export interface Means {
  readonly store: Store
  readonly keys: Keys
  readonly post: Post
  readonly time: Time
  /** Requests a minute and key. */
  readonly per_minute: number
  readonly patience: Patience
  /** Who holds a lease: unique among all processes. */
  readonly by: string
}
