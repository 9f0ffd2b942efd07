/** How a delivery to carbon ended. */
export type GraphiteOutcome =
  | {
      readonly outcome: 'sent'
      readonly lines: number
      /** The peer read everything up to our end. Not that it liked every line, nor that it is on disk. */
      readonly confirmed: boolean
    }
  | {
      readonly outcome: 'failed'
      /** One line for a person: where, what, and what to check. */
      readonly reason: string
    }

export interface Carbon {
  readonly host: string
  readonly port: number
  readonly protocol: 'tcp' | 'tls' | 'udp'
  /** Seconds for all of it: resolving, connecting, sending and the confirmation. */
  readonly timeout: number
  /** PEM text of a certificate authority to trust beside the usual ones. */
  readonly tls_ca?: string
}
