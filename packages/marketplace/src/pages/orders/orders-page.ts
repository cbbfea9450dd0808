import type { ListOrdersResponse } from '@books/proto'
import { formatDay, formatPrice } from '../format.ts'
import type { Page } from '../pages.ts'
import { paths } from '../paths.ts'
import { statusOf } from './order-status.ts'

/** The orders of a reader, as their template takes them. */
export interface OrdersPage extends Page {
  orders: OrderEntry[]
  newestHref: string | undefined
  olderHref: string | undefined
  exportHref: string
}

interface OrderEntry {
  id: string
  href: string
  day: string | undefined
  status: string
  total: string
  titles: string
}

const titlesShown = 3

/** Makes a page of a reader's orders. */
export function ordersPage(
  { orders, nextPageToken }: ListOrdersResponse,
  { isFirst }: { isFirst: boolean },
): OrdersPage {
  return {
    title: 'Your orders · Books',
    orders: orders.map((order) => ({
      id: order.id,
      href: paths.order(order.id),
      day: order.placedAt && formatDay(order.placedAt),
      status: statusOf(order).label,
      total: formatPrice(order.totalCents, order.currency),
      titles: titlesOf(order.lines.map(({ title }) => title)),
    })),
    newestHref: isFirst ? undefined : paths.orders(),
    exportHref: paths.exportOrders,
    olderHref: nextPageToken === '' ? undefined : paths.orders({ after: nextPageToken }),
  }
}

function titlesOf(titles: readonly string[]): string {
  const further = titles.length - titlesShown
  const shown = titles.slice(0, titlesShown).join(', ')
  return further > 0 ? `${shown} and ${further} more` : shown
}
