/** The longest delay of a timer in Node, in milliseconds (24.8 days). A longer one would be over at once. */
export const maxTimerMs = 2 ** 31 - 1
