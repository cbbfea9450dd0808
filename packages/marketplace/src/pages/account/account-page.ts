import type { Account, Session } from '@books/proto'
import { formatDay, formatTime } from '../format.ts'
import type { Page } from '../pages.ts'
import { paths } from '../paths.ts'
import { deviceOf } from './device.ts'
import { fields } from './fields.ts'
import { type Form, type FormContent, formContent, type Typed } from './form.ts'

/** The page of a reader's account, as its template takes it. */
export interface AccountPage extends Page {
  email: string
  since: string | undefined
  notice: string | undefined
  profile: FormContent
  /** Undefined where accounts did not answer. */
  sessions: SessionEntry[] | undefined
  hasOthers: boolean
  csrfToken: string
  actions: {
    orders: string
    reviews: string
    changeEmail: string
    changePassword: string
    endOthers: string
    signOut: string
    export: string
    exportOrders: string
    exportReviews: string
    delete: string
  }
}

interface SessionEntry {
  device: string
  network: string
  isCurrent: boolean
  since: string | undefined
  lastSeen: string | undefined
}

interface AccountContent {
  account: Account
  sessions: readonly Session[] | undefined
  /** What was done before. */
  done: string | undefined
  csrfToken: string
}

const notices: Readonly<Record<string, string>> = {
  'sign-up': 'Welcome. Your account is ready, and you are signed in.',
  profile: 'Saved.',
  sessions: 'Your other sessions have ended.',
  password: 'Your password is changed, and your other sessions have ended.',
  email: 'Your address is changed.',
}

/** The form of what readers may change without a password. */
export const profileForm: Form = {
  heading: 'Name and offers',
  action: paths.account(),
  submit: 'Save',
  fields: [fields.name, fields.acceptsOffers],
  links: [{ href: paths.account(), label: 'Back to your account' }],
}

/** What the form says before it is changed. */
function profileOf({ name, acceptsOffers }: Account): Typed {
  return { name, ...(acceptsOffers && { accepts_offers: 'yes' }) }
}

/** Makes the page of a reader's account. */
export function accountPage({ account, sessions, done = '', csrfToken }: AccountContent): AccountPage {
  return {
    title: 'Your account · Books',
    email: account.email,
    since: account.createdAt && formatDay(account.createdAt),
    notice: notices[done],
    profile: formContent(profileForm, csrfToken, profileOf(account)),
    sessions: sessions?.map(entryOf),
    hasOthers: (sessions?.length ?? 0) > 1,
    csrfToken,
    actions: {
      orders: paths.orders(),
      reviews: paths.ownReviews(),
      changeEmail: paths.changeEmail(),
      changePassword: paths.changePassword,
      endOthers: paths.otherSessions,
      signOut: paths.signOut,
      export: paths.exportAccount,
      exportOrders: paths.exportOrders,
      exportReviews: paths.exportReviews,
      delete: paths.deleteAccount,
    },
  }
}

function entryOf({ userAgent, network, isCurrent, createdAt, lastSeenAt }: Session): SessionEntry {
  return {
    device: deviceOf(userAgent),
    ...{ network, isCurrent },
    since: createdAt && formatDay(createdAt),
    lastSeen: lastSeenAt && formatTime(lastSeenAt),
  }
}
