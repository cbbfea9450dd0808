import type { Page } from '../pages.ts'
import type { Field } from './fields.ts'
import type { Problem } from './problem.ts'

/** Said of any address, so that it cannot be found out which have an account. */
export const mailSent =
  'We have sent a mail. Its link works once. Look among the unwanted mails, too, if it does not arrive.'

/** A form, and what stands around it. */
export interface Form {
  heading: string
  text?: string
  /** What was done before it, if anything. */
  notice?: string | undefined
  action: string
  submit: string
  fields: readonly Field[]
  hidden?: Readonly<Record<string, string>>
  /** The name of the field whose password may be wrong, and what is said then. */
  passwordField?: string
  wrongPassword?: string
  links?: readonly Link[]
}

interface Link {
  href: string
  label: string
}

/** What was typed into a form, by the names of its fields; a checkbox has any text. Passwords are left out. */
export type Typed = Readonly<Record<string, string>>

/** The page of a form, as its template takes it. */
export interface FormPage extends Page, FormContent {
  heading: string
  text: string | undefined
  notice: string | undefined
  problems: { text: string; href: string | undefined }[]
  fallback: string | undefined
  furtherLinks: readonly Link[]
}

/** A form, as its partial takes it. */
export interface FormContent {
  action: string
  submit: string
  csrfToken: string
  hidden: { name: string; value: string }[]
  inputs: Input[]
}

interface Input extends Omit<Field, 'options'> {
  id: string
  value: string
  isCheckbox: boolean
  isChecked: boolean
  isTextArea: boolean
  /** Of a list to choose from. */
  options: { value: string; label: string; isSelected: boolean }[] | undefined
  error: string | undefined
  /** The ids of its hint and its error. */
  describedBy: string | undefined
}

/** Makes the page of a form. */
export function formPage(form: Form, csrfToken: string, typed: Typed = {}, problem?: Problem): FormPage {
  const content = formContent(form, csrfToken, typed, problem)
  const wrong = content.inputs.flatMap(({ id, error }) => (error ? [{ text: error, href: `#${id}` }] : []))
  // What is wrong may be no field that is shown.
  const general = problem?.text ?? (problem && wrong.length === 0 ? 'Something in the form is malformed.' : undefined)
  const { heading, text, notice, links = [] } = form
  return {
    ...content,
    ...{ heading, text, notice },
    title: `${problem ? 'Problem: ' : ''}${heading} · Books`,
    problems: general === undefined ? wrong : [{ text: general, href: undefined }, ...wrong],
    fallback: problem?.away,
    furtherLinks: links,
  }
}

/** Makes the form alone. */
export function formContent(
  { action, submit, fields, hidden = {}, passwordField, wrongPassword = 'The password is wrong.' }: Form,
  csrfToken: string,
  typed: Typed = {},
  problem?: Problem,
): FormContent {
  const isPasswordWrong = problem !== undefined && problem.text === undefined && !hasViolations(problem)
  return {
    ...{ action, submit, csrfToken },
    hidden: Object.entries(hidden).map(([name, value]) => ({ name, value })),
    inputs: fields.map((field) => {
      const violation = problem?.violations[field.name]
      const wrong = isPasswordWrong && field.name === passwordField ? wrongPassword : undefined
      return inputOf(field, typed[field.name], violation ? `${field.label} ${violation}.` : wrong)
    }),
  }
}

function hasViolations({ violations }: Problem): boolean {
  return Object.keys(violations).length > 0
}

function inputOf(field: Field, value: string | undefined, error: string | undefined): Input {
  const isCheckbox = field.type === 'checkbox'
  const id = field.name.replaceAll('_', '-')
  const described = [field.hint && `${id}-hint`, error && `${id}-error`].filter((each) => each !== undefined)
  return {
    ...field,
    id,
    value: isCheckbox ? 'yes' : field.type === 'password' ? '' : (value ?? ''),
    isCheckbox,
    isChecked: isCheckbox && value !== undefined && value !== '',
    isTextArea: field.type === 'textarea',
    rows: field.rows ?? 2,
    options: field.options?.map((option) => ({ ...option, isSelected: option.value === value })),
    error,
    describedBy: described.length > 0 ? described.join(' ') : undefined,
  }
}
