/** How attempts of one kind are slowed down. */
export interface AttemptLimit {
  /** So many are not slowed down. */
  free: number
  /** The pause after the first further one, in milliseconds. Each further one doubles it. */
  firstDelayMs: number
  /** The longest pause, in milliseconds: attempts are slowed down, and never refused for good. */
  longestDelayMs: number
  /** After how long an attempt counts half, in milliseconds. */
  halfLifeMs: number
}

const second = 1_000
const minute = 60 * second

/** One account from one network: a reader who mistypes. */
export const accountAndNetworkLimit: AttemptLimit = {
  free: 5,
  firstDelayMs: second,
  longestDelayMs: minute,
  halfLifeMs: 10 * minute,
}

/** One account from networks that it was never signed in from: a password that is guessed from many places. */
export const accountLimit: AttemptLimit = { ...accountAndNetworkLimit, free: 20 }

/** One network, whatever the account: an office has many readers, a list of leaked passwords has more. */
export const networkLimit: AttemptLimit = { ...accountAndNetworkLimit, free: 50 }

/** Mails to one address. */
export const mailLimit: AttemptLimit = {
  free: 3,
  firstDelayMs: minute,
  longestDelayMs: 15 * minute,
  halfLifeMs: 60 * minute,
}
