/**
 * The colours of one cover. Text is `ink` on `paper` or `paper` on `ink`, whose contrast is at least 4.5:1. `strong`,
 * `soft` and `accent` are for pictures only.
 */
export interface Palette {
  paper: string
  ink: string
  strong: string
  soft: string
  accent: string
}

type Palettes = readonly [Palette, ...Palette[]]

/** The palettes of each genre, by its name in the contract. */
export const genrePalettes: Readonly<Record<string, Palettes>> = {
  MYSTERY: [
    palette('#14262b', '#f3e7cb', '#32646a', '#1e3a40', '#e2a73e'),
    palette('#f2e8d5', '#2c1512', '#8f1f1a', '#d9c29a', '#d8722c'),
    palette('#d9d8cd', '#1f2a30', '#4b6470', '#a9b3b0', '#b3402a'),
    palette('#20261a', '#eef0d0', '#5d7034', '#303926', '#d3d765'),
    palette('#2a1a2e', '#f4e3dc', '#74406a', '#3d2743', '#e58a6b'),
    palette('#e9b949', '#1c1a17', '#2f2a25', '#d29c2c', '#b5331f'),
  ],
  SCIENCE_FICTION: [
    palette('#0f1a2e', '#f0ead8', '#2f5d8a', '#1b2d4c', '#f2603c'),
    palette('#f4ecdc', '#1b2340', '#e4572e', '#e8d3a8', '#1f7a8c'),
    palette('#122b2b', '#e9f3e4', '#2c8c7c', '#1a4140', '#f5c14b'),
    palette('#e8e4dc', '#20242b', '#3d5a80', '#b9c4cc', '#ee6c4d'),
  ],
  SELF_HELP: [
    palette('#f7efe0', '#2b2a28', '#e98a4b', '#f3d5ac', '#4a7c74'),
    palette('#dfe8df', '#1f332d', '#5b8f7b', '#b9d0c0', '#e3a33b'),
    palette('#fbe3c8', '#43230f', '#d4652f', '#f2c08d', '#8b3a2b'),
    palette('#e3ebf0', '#1c3040', '#4f86a6', '#bcd2de', '#f0a35e'),
  ],
  FANTASY: [
    palette('#16253a', '#f1e6c8', '#3f6b73', '#213750', '#d9b55b'),
    palette('#efe4cb', '#22301f', '#3f6b46', '#c4c08f', '#b0662a'),
    palette('#2b1d33', '#f3e3cf', '#7a4a78', '#432d4f', '#e6b450'),
    palette('#e2dcc8', '#2a2233', '#5d4b7c', '#bdb4bf', '#a63d40'),
  ],
  ROMANCE: [
    palette('#fbe9e1', '#4a1520', '#d1495b', '#f3c4b8', '#8c2f45'),
    palette('#f6dfd0', '#3d1f2e', '#c9607a', '#eebfa9', '#e59a3a'),
    palette('#7e1f33', '#fde9dd', '#b8455a', '#962c42', '#f3b08c'),
    palette('#efe6ee', '#33203e', '#8d5b8c', '#d6bfd6', '#d98a7b'),
  ],
  HISTORICAL_FICTION: [
    palette('#eee0c4', '#2b2015', '#8a5a2b', '#d3b988', '#3e5c5a'),
    palette('#243b45', '#f3e6cb', '#4f7a7d', '#2f4f59', '#d9a35a'),
    palette('#e4d9c6', '#371a17', '#7f2f28', '#c9ae90', '#4d5b45'),
    palette('#3a2a20', '#f4e4c8', '#80583a', '#523c2c', '#c9a24b'),
  ],
  HORROR: [
    palette('#14110f', '#f2e9dd', '#7d1511', '#2a211d', '#d8321f'),
    palette('#e9e2d3', '#1a1210', '#2b211d', '#bfb39d', '#a3140f'),
    palette('#1b2420', '#e8efdc', '#3d5a45', '#27342d', '#b9d04a'),
    palette('#8e1410', '#fbeedd', '#3a0a08', '#a82a20', '#f0c9a0'),
  ],
  CLASSICS: [
    palette('#f3ead7', '#1f2a3a', '#2f4a6d', '#cfc7b0', '#b1442e'),
    palette('#1f3d36', '#f2e8cf', '#3f6f60', '#2a5147', '#d2aa5a'),
    palette('#5a1f1f', '#f5e6cc', '#8a3a33', '#6d2a28', '#d9b26a'),
    palette('#f0e8da', '#2a2420', '#6b6a4e', '#cfc5a5', '#a5642f'),
  ],
  CHILDRENS: [
    palette('#fdf0cf', '#26324a', '#e8594a', '#f7c95c', '#2f8f9d'),
    palette('#cfe8ea', '#17324a', '#2a7f9e', '#9dcfd4', '#f28c38'),
    palette('#f9d4a8', '#3a1f2b', '#e0604c', '#f4b26b', '#3d7a5a'),
    palette('#e4edc9', '#24351d', '#5a9149', '#bcd596', '#ef8d32'),
  ],
  BIOGRAPHY: [
    palette('#ece7de', '#24262a', '#5c6b73', '#c5c1b6', '#c4512d'),
    palette('#f4e9da', '#2d211c', '#a56b46', '#dcc3a3', '#3d5a66'),
    palette('#26303a', '#f1e9dc', '#56707f', '#34424e', '#e0a458'),
    palette('#e6ded3', '#2a1d2b', '#72506f', '#c7b4bf', '#b98b2f'),
  ],
  HISTORY: [
    palette('#e9dcc2', '#2a1c12', '#7a4a21', '#cdb58a', '#9b2d1f'),
    palette('#1f2d3d', '#f1e5cb', '#47647e', '#2c3f54', '#d0a352'),
    palette('#d8d3c3', '#23291f', '#55623f', '#b3b296', '#8e3b24'),
    palette('#6b2a1e', '#f7e8cf', '#9c4a33', '#7d3626', '#e0b566'),
  ],
  SCIENCE: [
    palette('#eef0ea', '#14252e', '#1f7a8c', '#bdd3d2', '#e4672f'),
    palette('#10243a', '#edf1e6', '#2e6f95', '#1a3654', '#f4b942'),
    palette('#f3ecdb', '#1d2a2a', '#3f7d5f', '#cddabf', '#d9482b'),
    palette('#23233b', '#f0ebdd', '#5a5a9a', '#343456', '#7fd1b9'),
  ],
}

/** The palettes of a book whose genre has none of its own. */
export const plainPalettes: Palettes = [
  palette('#efe7d8', '#26221d', '#7c6a52', '#cfc2aa', '#a8452c'),
  palette('#26313a', '#f2e8d6', '#577080', '#364651', '#d9a256'),
]

function palette(paper: string, ink: string, strong: string, soft: string, accent: string): Palette {
  return { paper, ink, strong, soft, accent }
}
