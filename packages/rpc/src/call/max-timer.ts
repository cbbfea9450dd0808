/** The longest delay of a timer in Node, in milliseconds. */
export const maxTimerMs = 2 ** 31 - 1
