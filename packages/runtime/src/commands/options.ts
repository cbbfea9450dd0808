import { StartError } from '../start-error.ts'

/** An option of a command whose text stands for a value. */
export interface ReadOption<Value> {
  type: 'string'
  /** Returns the value of a text. Throws a `StartError` that names the option, and what it takes. */
  read(text: string, option: string): Value
}

/** Which numbers an option takes: by default whole ones from 1. */
export interface NumberRange {
  least?: number
  most?: number
  isWhole?: boolean
}

/** An option with a number. Without a default it may be left out. */
export function numberOption(defaultNumber: number, range?: NumberRange): ReadOption<number> & { default: string }
export function numberOption(defaultNumber?: undefined, range?: NumberRange): ReadOption<number>
export function numberOption(
  defaultNumber?: number,
  { least = 1, most = Infinity, isWhole = true }: NumberRange = {},
): ReadOption<number> {
  const kind = isWhole ? 'a whole number' : 'a number'
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`
  return {
    type: 'string',
    ...(defaultNumber !== undefined && { default: String(defaultNumber) }),
    read(text, option) {
      const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
      if (number >= least && number <= most && (!isWhole || Number.isSafeInteger(number))) return number
      throw new StartError(`${option} must be ${kind} ${range}, not "${text}"`)
    },
  }
}

/** An option with one of some words. Without a default it may be left out. */
export function choiceOption<Choice extends string>(
  choices: readonly Choice[],
  defaultChoice: Choice,
): ReadOption<Choice> & { default: string }
export function choiceOption<Choice extends string>(choices: readonly Choice[]): ReadOption<Choice>
export function choiceOption<Choice extends string>(
  choices: readonly Choice[],
  defaultChoice?: Choice,
): ReadOption<Choice> {
  return {
    type: 'string',
    ...(defaultChoice !== undefined && { default: defaultChoice }),
    read: (text, option) => readChoice(choices, text, option),
  }
}

/** An option with some words, which may be given several times. */
export function choicesOption<Choice extends string>(
  choices: readonly Choice[],
  defaultChoices: readonly Choice[],
): ReadOption<Choice> & { multiple: true; default: string[] } {
  return {
    ...{ type: 'string', multiple: true, default: [...defaultChoices] },
    read: (text, option) => readChoice(choices, text, option),
  }
}

function readChoice<Choice extends string>(choices: readonly Choice[], text: string, option: string): Choice {
  const choice = choices.find((each) => each === text)
  if (choice !== undefined) return choice
  throw new StartError(`${option} must be one of ${choices.join(', ')}, not "${text}"`)
}
