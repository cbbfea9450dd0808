import type { MailContent } from './mail-content.ts'

/** A mail with everything that a mail may have. */
export const receipt: MailContent = {
  subject: 'Your order at Books',
  title: 'Thank you for your order',
  paragraphs: ['We pack it today.', 'It comes in two days.'],
  lines: [
    { label: '2 × Dune', value: '£17.98' },
    { label: 'Total', value: '£17.98', isTotal: true },
  ],
  action: { label: 'See your order', url: 'https://books.example/orders/7?key=a&b=c' },
  footer: 'You get this because you ordered at Books.',
}
