/** What the developer chooses on the page of a payment: the values of the field `outcome` of its form. */
export const outcomes = [
  { value: 'pay', label: 'Pay', text: 'The payment is authorized.' },
  { value: 'decline', label: 'Decline', text: 'The bank refuses the payment, for good.' },
  {
    value: 'confirm',
    label: 'Ask for confirmation first',
    text: 'A second page asks, as a bank may do; then it is paid or refused.',
  },
  {
    value: 'answer-late',
    label: 'Pay, but answer late',
    text: 'It is authorized. The first answer of each API operation about it takes longer than the shop waits.',
  },
  {
    value: 'answer-lost',
    label: 'Pay, and lose the answer',
    text: 'It is authorized. The first answer of each API operation about it is lost after its effect: the connection is dropped.',
  },
  {
    value: 'event-twice',
    label: 'Pay, and send the event twice',
    text: 'It is authorized, and its event comes twice.',
  },
  { value: 'event-late', label: 'Pay, and send the event late', text: 'It is authorized, and its event comes later.' },
  {
    value: 'event-first',
    label: 'Pay, and send the event before the answer',
    text: 'It is authorized, and its event has arrived when your browser returns to the shop.',
  },
] as const

/** One of them. */
export type Outcome = (typeof outcomes)[number]['value']
