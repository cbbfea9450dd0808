import type { Interaction } from '../src/readers/interaction.ts'

/** What an engine is told of an interaction; undefined for nothing. */
export type Variant = (interaction: Interaction) => Interaction | undefined

/** The variants of the trial by name; the first tells everything. */
export const variants: Readonly<Record<string, Variant>> = {
  everything: (interaction) => interaction,
  'without views': without(({ kind }) => kind === 'viewed'),
  'views count like likes': (interaction) =>
    interaction.kind === 'viewed' ? { ...interaction, kind: 'liked' } : interaction,
  'without likes': without(({ kind }) => kind === 'liked'),
  'without purchases': without(({ kind }) => kind === 'bought'),
  'without ratings of 3 to 5': without(({ rating }) => rating >= 3),
  'without ratings of 1 and 2': without(({ kind, rating }) => kind === 'rated' && rating < 3),
  'without dislikes': without(({ kind }) => kind === 'disliked'),
  'without times': (interaction) => ({ ...interaction, time: new Date(0) }),
}

function without(isLeftOut: (interaction: Interaction) => boolean): Variant {
  return (interaction) => (isLeftOut(interaction) ? undefined : interaction)
}
