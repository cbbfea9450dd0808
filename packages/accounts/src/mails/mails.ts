import type { MailContent } from '@books/mail'

const ignore = 'If this was not you, ignore this mail: nothing has changed.'

/** To an address that wants to sign up. */
export function signUpLink(url: string): MailContent {
  return {
    subject: 'Create your account at Books',
    title: 'Create your account',
    paragraphs: ['Choose a name and a password to finish. The link works once, for 24 hours.'],
    action: { label: 'Create your account', url },
    footer: ignore,
  }
}

/** To an address that wants to sign up and has an account. */
export function alreadySignedUp({ signIn, reset }: { signIn: string; reset: string }): MailContent {
  return {
    subject: 'You have an account at Books',
    title: 'You have an account',
    paragraphs: [
      'This address was entered to create an account, and it has one.',
      `If you do not know your password any more, choose a new one: ${reset}`,
    ],
    action: { label: 'Sign in', url: signIn },
    footer: ignore,
  }
}

/** To the address of an account whose password is to be replaced. */
export function passwordResetLink(url: string): MailContent {
  return {
    subject: 'Choose a new password for Books',
    title: 'Choose a new password',
    paragraphs: ['The link works once, for 30 minutes. Your other devices are signed out then.'],
    action: { label: 'Choose a new password', url },
    footer: ignore,
  }
}

/** To the address that an account is to have. */
export function emailChangeLink(url: string): MailContent {
  return {
    subject: 'Confirm your new address at Books',
    title: 'Confirm your new address',
    paragraphs: ['Your account uses this address once you have confirmed it. The link works once, for 24 hours.'],
    action: { label: 'Confirm this address', url },
    footer: ignore,
  }
}

/** To an address that an account is to have, and another account has. */
export function emailTaken(): MailContent {
  return {
    subject: 'This address has an account at Books',
    title: 'This address has an account',
    paragraphs: [
      'It was entered as the new address of another account. An address can have only one, so nothing has changed.',
    ],
  }
}

/** To a person whose password was changed. */
export function passwordChanged({ name }: { name: string }): MailContent {
  return {
    subject: 'Your password at Books was changed',
    title: 'Your password was changed',
    paragraphs: [
      `Hello ${name}, the password of your account was changed, and all other devices were signed out.`,
      'If this was not you, choose a new password at once: "Forgot your password?" on the page to sign in.',
    ],
  }
}

/** To the former address of a person. */
export function emailChanged({ name }: { name: string }): MailContent {
  return {
    subject: 'Your address at Books was changed',
    title: 'Your address was changed',
    paragraphs: [
      `Hello ${name}, your account has another address now, so this is the last mail to this one.`,
      'If this was not you, answer this mail.',
    ],
  }
}

/** To a person whose account was deleted. */
export function accountDeleted({ name }: { name: string }): MailContent {
  return {
    subject: 'Your account at Books was deleted',
    title: 'Your account was deleted',
    paragraphs: [`Goodbye ${name}. What we kept of you was erased. Orders stay in our books without your name.`],
  }
}
