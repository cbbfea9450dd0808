/** An input of a form. */
export interface Field {
  /** Its name in the form, and that of the field of the contract. */
  name: string
  /** Also the subject of a sentence about what is wrong. */
  label: string
  type: 'email' | 'password' | 'text' | 'checkbox' | 'textarea' | 'select'
  /** The height of a textarea, in lines. */
  rows?: number
  /** What a list has to choose from. */
  options?: readonly { value: string; label: string }[]
  /** What a browser or a password manager fills in (HTML, 4.10.18.7). */
  autocomplete?: string
  hint?: string
  isRequired?: boolean
  isReadOnly?: boolean
  minLength?: number
  maxLength?: number
}

const shortestPassword = 15

const newPassword = {
  type: 'password',
  autocomplete: 'new-password',
  hint: `At least ${shortestPassword} characters of any kind, spaces too. A few words that only you would put together do well.`,
  isRequired: true,
  minLength: shortestPassword,
} as const

const currentPassword = { type: 'password', autocomplete: 'current-password', isRequired: true } as const

const address = { label: 'Email address', type: 'email', isRequired: true } as const

/** The inputs of the forms about accounts. */
export const fields = {
  /** By which a reader is known. */
  email: { ...address, name: 'email', autocomplete: 'username' },
  newEmail: { ...address, name: 'new_email', label: 'New email address', autocomplete: 'email' },
  /** Not asked for: it tells a password manager whose password is changed. */
  ownEmail: { ...address, name: 'email', autocomplete: 'username', isReadOnly: true, isRequired: false },
  name: {
    ...{ name: 'name', label: 'Name', type: 'text', autocomplete: 'name', isRequired: true },
    hint: 'As we should call you.',
  },
  password: { ...currentPassword, name: 'password', label: 'Password' },
  oldPassword: { ...currentPassword, name: 'old_password', label: 'Current password' },
  chosenPassword: { ...newPassword, name: 'password', label: 'Password' },
  newPassword: { ...newPassword, name: 'new_password', label: 'New password' },
  acceptsOffers: { name: 'accepts_offers', label: 'Send me offers by mail now and then', type: 'checkbox' },
} as const satisfies Record<string, Field>
