import { type Connection, connect } from './connection.ts'
import { alone, create } from './create.ts'
import { CallersError, isBusy, isDamage, storeErrorOf } from './failure.ts'
import { inodeAt, noState, type Place } from './folder.ts'
import { mend } from './mend.ts'
import { type Patience, patience, type Waiting } from './patience.ts'
import { StoreError } from './store.ts'

/** The file as one process uses it for as long as it likes, whatever becomes of the file meanwhile. */
export interface Session {
  readonly read: <T>(act: (connection: Connection) => T) => Promise<T>
  /** One transaction; `act` may run twice. `durable`: it has reached the disk when this resolves. */
  readonly write: <T>(durable: boolean, act: (connection: Connection) => T) => Promise<T>
  readonly close: () => void
}

/** A disk that damages one new file after another is not mended by a third. */
const MENDS = 2

export async function openSession(place: Place, waiting: Waiting, notes: string[], creates: boolean): Promise<Session> {
  let current: Connection | null = null
  let closed = false

  /** The open file, the one that stands at the path now; made, when there is none and `creates`. */
  async function connected(calm: Patience): Promise<Connection> {
    for (;;) {
      if (closed) throw new StoreError('bug', `state ${place.file}: it was used after it was closed`)
      if (current?.moved()) {
        current.close()
        current = null
      }
      current ??= connect(place)
      if (current) return current
      const is_missing = () => inodeAt(place.file) === null
      if (is_missing()) {
        if (!creates) throw noState(place.folder)
        await alone(place, calm, is_missing, () => create(place))
      } else if (!(await calm.wait())) throw new StoreError('busy', `state ${place.file}: it is being replaced all the time`)
    }
  }

  async function run<T>(act: (connection: Connection) => T, durable = false): Promise<T> {
    const calm = patience(waiting)
    for (let mends = 0; ; ) {
      let inode: string | null = null
      try {
        inode = inodeAt(place.file)
        const connection = await connected(calm)
        const made = act(connection)
        if (durable) await connection.sync()
        if (!connection.moved()) return made
      } catch (error) {
        if (error instanceof CallersError) throw error.cause
        if (isBusy(error) && (await calm.wait())) continue
        const hopeless = !creates || !isDamage(error) || mends++ === MENDS
        if (hopeless || inode === null) throw storeErrorOf(error, place.file, calm.waited())
        const note = await mend(place, inode, (error as Error).message, waiting.now, calm)
        if (note !== null) notes.push(note)
      }
    }
  }

  await run(() => null)
  return {
    read: (act) => run(act),
    write: (durable, act) => run((connection) => connection.transaction(() => act(connection)), durable),
    close() {
      closed = true
      current?.close()
      current = null
    },
  }
}
