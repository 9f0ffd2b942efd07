import type { Event } from '../event/event.ts'

/** What to do about a difference between Sensu and what Tierline remembers. `unsure` is only to be shown. */
export type Finding =
  | { readonly kind: 'close'; readonly identity: string; readonly why: 'ok'; readonly says: string; readonly event: Event }
  | { readonly kind: 'close'; readonly identity: string; readonly why: 'event_gone' | 'entity_gone'; readonly says: string }
  | { readonly kind: 'open'; readonly identity: string; readonly says: string; readonly event: Event }
  /** An empty identity concerns all. */
  | { readonly kind: 'unsure'; readonly identity: string; readonly says: string }
