/** A span of time, in milliseconds since 1970. */
export interface Span {
  beganAt: number
  endedAt: number
}

/** Copies of a book. */
export interface Line {
  bookId: number
  copies: number
}

/** The states of an order in the order of the contract, where each comes after those that it may follow. */
export const states = ['placed', 'reserved', 'authorized', 'committed', 'captured', 'confirmed', 'cancelled'] as const

/** The state of an order. */
export type State = (typeof states)[number]

/** An order as an answer showed it. */
export interface OrderSeen {
  id: string
  state: State
  totalCents: number
  lines: readonly (Line & { unitPriceCents: number; discountCents: number })[]
}

/** Why a call failed. */
export interface Failure {
  /** The name of the status, such as ABORTED. */
  code: string
  /** The reason in the error's details; empty where there is none. */
  reason: string
}

/** A call of PlaceOrder. */
export interface Placing extends Span {
  /** Who may use a promotion once. */
  customer: string
  key: string
  cartId: string
  lines: readonly Line[]
  expectedTotalCents: number
  /** Whether the key was used for another request before. */
  isOtherRequest: boolean
  order?: OrderSeen
  secret?: string
  failure?: Failure
}

/** An answer that showed the state of an order. */
export interface Sighting extends Span {
  orderId: string
  state: State
}

/** What a customer did that an order may wait for: paying, cancelling. */
export interface Action extends Span {
  orderId: string
  name: string
}

/** A change of a cart's line. */
export interface CartChange extends Span {
  cartId: string
  bookId: number
  /** What was added, or what the line was set to. */
  copies: number
  kind: 'add' | 'set'
  outcome: 'done' | 'refused' | 'unknown'
}

/** A fault of a process. */
export interface Fault extends Span {
  process: string
  kind: 'kill' | 'pause'
}

/** Copies that came into the store: those at the start, and each delivery. */
export type Supply = Line

/** The copies of a book, as an answer showed them. */
export interface StockSeen extends Span {
  bookId: number
  free: number
  held: number
  sold: number
}

/** A receipt that arrived; a repeat has the same message id. */
export interface Receipt {
  orderId: string
  messageId: string
}

/** What happened in a run, as its customers saw it. */
export interface History {
  /** The keys under which orders were asked for, as their calls began. */
  keys: string[]
  placings: Placing[]
  sightings: Sighting[]
  actions: Action[]
  cartChanges: CartChange[]
  faults: Fault[]
  supplies: Supply[]
  stockSeen: StockSeen[]
  receipts: Receipt[]
  /** Answers that no customer should get, and processes that ended by themselves. */
  surprises: string[]
}

/** A history in which nothing happened yet. */
export function createHistory(): History {
  return {
    keys: [],
    placings: [],
    sightings: [],
    actions: [],
    cartChanges: [],
    faults: [],
    supplies: [],
    stockSeen: [],
    receipts: [],
    surprises: [],
  }
}
