import { databaseSettings, givenSecretSetting, givenSetting } from '@books/runtime'
import { type Static, type TObject, Type } from 'typebox'

/** The variables of a service that sends mail. */
export const mailSettings = {
  /** The server that takes mail: `smtps://user:password@host`, or `smtp://` with STARTTLS where it offers that. Without it mail goes to MAILBOX_DIR. */
  SMTP_URL: givenSecretSetting({ pattern: '^smtps?://' }),
  /** The sender: an address, or `Books <shop@books.example>`. Needed with SMTP_URL. */
  MAIL_FROM: givenSetting(),
  /** The folder of the local mailbox: `mailbox` in DATA_DIR by default. */
  MAILBOX_DIR: Type.Optional(Type.String({ minLength: 1 })),
  /** The web shop's origin, for links in mails. */
  PUBLIC_URL: Type.String({ pattern: '^https?://[^\\s/?#]+$', default: 'http://localhost:5000', given: true }),
  DATA_DIR: databaseSettings.DATA_DIR,
}

/** The values of those variables. */
export type MailSettings = Static<TObject<typeof mailSettings>>
